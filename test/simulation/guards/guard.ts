/** One place in the product that keeps an invariant, and how the product reads without it. */
export type Guard = Patch & {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly what: string;
  /** What has to happen for it to be needed. */
  readonly profile: string;
  /** What else goes with it, in other files: the same rule at a second place. */
  readonly also?: readonly Patch[];
};

export type Patch = {
  /** Relative to the repository. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly text: string;
  /** What stands there when the guard is removed. */
  readonly instead: string;
};

/** All that is taken out with it. */
export const patchesOf = ({ also = [], ...first }: Guard): readonly Patch[] => [first, ...also];
