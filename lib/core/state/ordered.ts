import type { Attempt, NextFrom } from '../model.ts';

/** What a person ordered last to start from, and the attempts that came after it. */
export type SinceOrder = {
  readonly from: NextFrom | undefined;
  /** The number of the attempt that the order was given to; 0: there is none. */
  readonly n: number;
  readonly attempts: readonly Attempt[];
};

/**
 * The order draws a line: what was written before it is never gone back to by itself, also when the next start comes to nothing, or is lost
 * before its first own snapshot.
 */
export const sinceOrder = (attempts: readonly Attempt[]): SinceOrder => {
  const line = attempts.findLastIndex(({ nextFrom }) => nextFrom !== undefined);
  return { from: attempts[line]?.nextFrom, n: attempts[line]?.n ?? 0, attempts: attempts.slice(line + 1) };
};
