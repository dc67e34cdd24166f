import { type ProfileName, profiles } from './profiles.ts';
import { type Result, simulate } from './simulate.ts';

/** Many seeds side by side, each a run by itself: those that broke an invariant, and in how many each state was reached. */
export const explore = async (from: number, count: number, profile: ProfileName = 'uniform') => {
  const red: Result[] = [];
  const sometimes: Record<string, number> = {};
  let next = from;
  Error.stackTraceLimit = 0; // A tenth of the time would go into stacks that nobody reads.
  const lane = async (): Promise<void> => {
    for (let seed = next++; seed < from + count; seed = next++) {
      const run = await simulate(seed, profiles[profile]);
      if (Object.keys(run.broken).length > 0) red.push(run);
      for (const state of run.sometimes) sometimes[state] = (sometimes[state] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return { red, sometimes };
};

/** `node test/simulation/explore.ts [FROM [COUNT]]`: many seeds; of one its timeline. */
if (import.meta.main) {
  const [from = '1', count = '500'] = process.argv.slice(2);
  const lines: string[] = [];
  if (count === '1') await simulate(Number(from), profiles.uniform, lines);
  else lines.push(JSON.stringify(await explore(Number(from), Number(count)), undefined, 1));
  console.log(lines.join('\n'));
}
