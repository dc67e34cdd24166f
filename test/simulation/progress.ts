/** Runs side by side in one thread; more would not be faster. */
export const LANES = 16;

/** What all threads count together, and which seed each lane of each is at: so that whoever dies tells where. */
export const createProgress = (shared: SharedArrayBuffer) => {
  const counts = new Int32Array(shared);
  return {
    /** The index of the next seed. */
    take: (): number => Atomics.add(counts, TAKEN, 1),
    begin: (worker: number, lane: number, seed: number | undefined): void => {
      counts[FIRST + worker * LANES + lane] = seed ?? NONE;
    },
    ran: (): void => void Atomics.add(counts, RAN, 1),
    count: (): number => Atomics.load(counts, RAN),
    /** The seeds that a worker has begun and not ended. */
    under: (worker: number): readonly number[] =>
      [...counts.slice(FIRST + worker * LANES, FIRST + (worker + 1) * LANES)].filter((seed) => seed !== NONE),
  };
};

export const sharedFor = (workers: number): SharedArrayBuffer => new SharedArrayBuffer(4 * (FIRST + workers * LANES));

const TAKEN = 0;
const RAN = 1;
const FIRST = 2;
const NONE = 0;
