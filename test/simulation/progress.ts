/** What all threads count together, and which seed each is at: so that whoever dies tells where. */
export const createProgress = (shared: SharedArrayBuffer) => {
  const counts = new Int32Array(shared);
  return {
    /** The index of the next seed. */
    take: (): number => Atomics.add(counts, TAKEN, 1),
    begin: (worker: number, seed: number | undefined): void => {
      counts[FIRST + worker] = seed ?? NONE;
    },
    ran: (): void => void Atomics.add(counts, RAN, 1),
    count: (): number => Atomics.load(counts, RAN),
    /** The seed that a worker has begun and not ended. */
    under: (worker: number): number | undefined => {
      const seed = counts[FIRST + worker];
      return seed === NONE ? undefined : seed;
    },
  };
};

export const sharedFor = (workers: number): SharedArrayBuffer => new SharedArrayBuffer(4 * (FIRST + workers));

const TAKEN = 0;
const RAN = 1;
const FIRST = 2;
const NONE = 0;
