import { parseArgs } from 'node:util';
import { type Guard, without } from './guards.ts';
import { simulate } from './simulate.ts';

/** Many seeds side by side, each a run by itself: those that broke an invariant, and how often each state was seen. */
export const simulateAll = async (seeds: readonly number[], guard?: Guard) => {
  const red: ({ readonly seed: number } & Readonly<Record<string, string | number>>)[] = [];
  const sometimes: Record<string, number> = {};
  const queue = seeds.values();
  Error.stackTraceLimit = 0; // A tenth of the time would go into stacks that nobody reads.
  const lane = async (): Promise<void> => {
    for (const seed of queue) {
      const run = await simulate(seed, guard);
      if (Object.keys(run.broken).length > 0) red.push({ seed, ...run.broken });
      for (const [state, count] of Object.entries(run.sometimes)) sometimes[state] = (sometimes[state] ?? 0) + count;
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return { red, sometimes };
};

export const seedsFrom = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

/** `node test/simulation/run.ts --from 1 --count 20000 [--without intent]`, or `--trace SEED` for one run's timeline. */
if (import.meta.main) {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({ options: { from: string, count: string, without: string, trace: string } });
  const guard = (Object.keys(without) as Guard[]).find((name) => name === values.without);
  if (values.trace !== undefined) console.log((await simulate(Number(values.trace), guard)).lines.join('\n'));
  else console.log(await simulateAll(seedsFrom(Number(values.from ?? 1), Number(values.count ?? 500)), guard));
}
