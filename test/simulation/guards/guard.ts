/** One place in the product that keeps an invariant, and how the product reads without it. */
export type Guard = {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly what: string;
  /** Relative to the repository. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly text: string;
  /** What stands there when the guard is removed. */
  readonly instead: string;
  /** What has to happen for it to be needed. */
  readonly profile: string;
};
