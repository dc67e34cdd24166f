import { profileOf } from './profiles.ts';
import { LANES } from './progress.ts';
import { type Result, simulate } from './simulate.ts';

/**
 * Runs seeds side by side in this thread: while one waits for its microtasks, another goes on. `next` gives the seed of a
 * lane, or undefined when there is none left.
 */
export const runLanes = async (
  profile: string,
  next: (lane: number) => number | undefined,
  ran: (result: Result) => void,
): Promise<void> => {
  Error.stackTraceLimit = 0; // A tenth of the time would go into stacks that nobody reads.
  const rates = profileOf(profile);
  const run = async (lane: number): Promise<void> => {
    for (let seed = next(lane); seed !== undefined; seed = next(lane))
      ran(await simulate(seed, rates).catch((thrown) => torn(seed, thrown)));
  };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => run(lane)));
};

/** The simulation itself threw. */
const torn = (seed: number, thrown: unknown): Result => ({
  seed,
  broken: { throws: String(thrown) },
  portCalls: 0,
  faults: 0,
  sometimes: [],
  virtualMs: 0,
  jobs: 0,
  steps: 0,
});
