import { type Guard, without } from './guards.ts';
import { simulate } from './simulate.ts';

/** Many seeds side by side, each a run by itself: those that broke an invariant, and how often each state was seen. */
export const simulateAll = async (from: number, count: number, guard?: Guard) => {
  const red: ({ readonly seed: number } & Readonly<Record<string, string | number>>)[] = [];
  const sometimes: Record<string, number> = {};
  let next = from;
  Error.stackTraceLimit = 0; // A tenth of the time would go into stacks that nobody reads.
  const lane = async (): Promise<void> => {
    for (let seed = next++; seed < from + count; seed = next++) {
      const run = await simulate(seed, guard);
      if (Object.keys(run.broken).length > 0) red.push({ seed, ...run.broken });
      for (const [state, times] of Object.entries(run.sometimes)) sometimes[state] = (sometimes[state] ?? 0) + times;
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return { red, sometimes };
};

/** `node test/simulation/run.ts [FROM [COUNT [GUARD]]]`: seeds, without a guard if one is named; of one seed its timeline. */
if (import.meta.main) {
  const [from = '1', count = '500', name] = process.argv.slice(2);
  const guard = (Object.keys(without) as Guard[]).find((each) => each === name);
  if (count === '1') console.log((await simulate(Number(from), guard)).lines.join('\n'));
  else console.log(JSON.stringify(await simulateAll(Number(from), Number(count), guard), undefined, 1));
}
