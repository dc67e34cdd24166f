/** Virtual time: what is due happens in order of (ms, sequence), one event a step; nothing else happens. */
export const createTime = (startMs: number) => {
  // Latest first, so that the next one is at the end; few are due at once, so an insertion is cheap.
  const queue: Due[] = [];
  let nowMs = startMs;
  const at = (wantedMs: number, run: () => unknown): Due => {
    const due: Due = { ms: Math.max(wantedMs, nowMs), run };
    let low = 0;
    for (let high = queue.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((queue[middle]?.ms ?? 0) > due.ms) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, due);
    return due;
  };
  /** False when nothing is due any more. What was called off takes no step. */
  const step = (): boolean => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (next.run === undefined) continue;
      nowMs = next.ms;
      next.run();
      return true;
    }
    return false;
  };
  return { nowMs: () => nowMs, at, step };
};

export type Time = ReturnType<typeof createTime>;

/** What is to happen at `ms`; without `run` it is called off. */
export type Due = { readonly ms: number; run: (() => unknown) | undefined };

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
  /** So many bytes in lower-case hex. */
  const hex = (bytes: number): string => {
    let text = '';
    for (let left = bytes; left > 0; left -= 1)
      text += Math.floor(256 + next() * 256)
        .toString(16)
        .slice(1);
    return text;
  };
  return {
    next,
    between,
    hex,
    chance: (p: number): boolean => next() < p,
    pick: <T>(first: T, ...others: readonly T[]): T => others[between(-1, others.length)] ?? first,
  };
};

export type Random = ReturnType<typeof createRandom>;
