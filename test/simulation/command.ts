import { judgeKinds } from './check-kinds.ts';
import { type Command, readCommand, usage } from './command-line.ts';
import { type Explored, explore } from './explore.ts';
import { removeGuard } from './guard-patch.ts';
import type { Guard } from './guards/guard.ts';
import { guards } from './guards.ts';
import { createBar } from './progress-bar.ts';
import { unreached } from './summary.ts';

const guardOf = (name: string | undefined): Guard | undefined => guards.find((guard) => guard.name === name);

const main = async (command: Command): Promise<number> => {
  switch (command.kind) {
    case 'wrong':
      console.error(`${command.problems.join('\n')}\n\n${usage}`);
      return 2;
    case 'help':
      console.log(usage);
      return 0;
    case 'guards':
      console.log(guards.map(({ name }) => name).join('\n'));
      return 0;
    case 'kinds':
      return runKinds(command);
    case 'one':
      return runOne(command);
    case 'many':
      return runMany(command);
  }
};

/** In this thread; the product is loaded no sooner than its guard is out. */
const runOne = async ({
  seed,
  trace,
  isThinned,
  without,
  ...named
}: Extract<Command, { kind: 'one' }>): Promise<number> => {
  const guard = guardOf(without);
  if (guard !== undefined) removeGuard(guard);
  const { profileOf } = await import('./profiles.ts');
  const { simulate } = await import('./simulate.ts');
  const { kindsOutOf, usualWithout } = await import('./kinds.ts');
  const lines: string[] = [];
  const profile = isThinned ? usualWithout(kindsOutOf(seed)) : profileOf(named.profile ?? guard?.profile);
  const { broken, portCalls, faults, virtualMs, sometimes } = await simulate(seed, profile, trace ? lines : undefined);
  if (trace) console.log(lines.join('\n'));
  const red = Object.entries(broken).map(([invariant, how]) => `${invariant}: ${how}`);
  const size = `${(virtualMs / 3_600_000).toFixed(1)} virtual hours, ${portCalls} calls, ${faults} faults`;
  console.log(
    `seed ${seed}: ${size}; ${red.length === 0 ? 'clean' : red.join('; ')}\nreached: ${sometimes.join(', ')}`,
  );
  return red.length > 0 === (guard !== undefined) ? 0 : 1;
};

const runMany = async (command: Extract<Command, { kind: 'many' }>): Promise<number> => {
  const { json, without, from, seeds: count, workers, profile } = command;
  const guard = guardOf(without);
  const bar = createBar(count);
  const chosen = { ...(workers && { workers }), ...(profile && { profile }), ...(guard && { guard }) };
  const explored = await explore({ ...chosen, seeds: { from, count }, onProgress: bar.show });
  bar.end();
  const problems = problemsOf(explored, guard);
  console.log(JSON.stringify(explored.summary, undefined, json ? undefined : 2));
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
};

/** Runs of each of which some kinds are out. */
const runKinds = async ({ from, seeds: count, workers }: Extract<Command, { kind: 'kinds' }>): Promise<number> => {
  const bar = createBar(count);
  const chosen = { isThinned: true, ...(workers && { workers }) };
  const { results, died } = await explore({ ...chosen, seeds: { from, count }, onProgress: bar.show });
  bar.end();
  const judged = judgeKinds(results);
  console.log(judged.map(({ text }) => text).join('\n'));
  for (const how of died) console.error(`a worker died: ${how}`);
  return died.length === 0 && judged.every(({ isShown }) => isShown) ? 0 : 1;
};

/** Why it is no success. */
const problemsOf = ({ summary, red, died }: Explored, guard: Guard | undefined): readonly string[] => {
  const dead = died.map((how) => `a worker died: ${how}`);
  if (guard !== undefined)
    return red.length > 0 ? dead : [...dead, `nothing broke without ${guard.name}: nothing shows that it is needed`];
  const broken = red.slice(0, RED_SHOWN).map(({ seed, broken: how }) => `seed ${seed}: ${JSON.stringify(how)}`);
  return [...dead, ...broken, ...unreached(summary).map((state) => `never reached: ${state}`)];
};

const RED_SHOWN = 20;

process.exitCode = await main(readCommand(process.argv.slice(2)));
