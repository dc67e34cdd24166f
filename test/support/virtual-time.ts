/** Virtual time: what is due happens in order of (ms, sequence), one event a step; nothing else happens. */
export const createTime = (startMs: number) => {
  // Latest first, so that the next one is at the end; few are due at once, so an insertion is cheap.
  const queue: { readonly ms: number; readonly run: () => unknown }[] = [];
  let nowMs = startMs;
  const at = (wantedMs: number, run: () => unknown): void => {
    const ms = Math.max(wantedMs, nowMs);
    let low = 0;
    for (let high = queue.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((queue[middle]?.ms ?? 0) > ms) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, { ms, run });
  };
  const step = (): void => {
    const next = queue.pop();
    nowMs = next?.ms ?? nowMs;
    next?.run();
  };
  return { nowMs: () => nowMs, at, step };
};

export type Time = ReturnType<typeof createTime>;

/** Seeded chance (mulberry32): one seed is one exact run. */
export const createRandom = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** A whole number, `low` ≤ x < `high`. */
  const between = (low: number, high: number): number => Math.floor(low + next() * (high - low));
  return {
    between,
    chance: (p: number): boolean => next() < p,
    hex: (bytes: number): string =>
      Array.from({ length: bytes }, () => between(0, 256).toString(16).padStart(2, '0')).join(''),
    pick: <T>(first: T, ...others: readonly T[]): T => others[between(-1, others.length)] ?? first,
  };
};

export type Random = ReturnType<typeof createRandom>;
