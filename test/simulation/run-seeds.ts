import type { Profile } from './profiles.ts';
import { type Result, simulate } from './simulate.ts';

/**
 * Runs seeds in this thread, one after another: side by side their worlds would live longer, and be collected at twice the
 * cost. `next` gives a seed, or undefined when there is none left.
 */
export const runSeeds = async (
  next: () => { readonly seed: number; readonly profile: Profile } | undefined,
  ran: (result: Result) => void,
): Promise<void> => {
  Error.stackTraceLimit = 0; // A tenth of the time would go into stacks that nobody reads.
  for (let run = next(); run !== undefined; run = next()) {
    const { seed, profile } = run;
    ran(await simulate(seed, profile).catch((thrown) => torn(seed, thrown)));
  }
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
