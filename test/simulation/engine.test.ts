import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { judgeKinds } from './check-kinds.ts';
import { readCommand } from './command-line.ts';
import { explore } from './explore.ts';
import { without } from './guard-patch.ts';
import { kinds, kindsOutOf, usualWithout } from './kinds.ts';
import { profileOf } from './profiles.ts';
import { simulate } from './simulate.ts';

const run = promisify(execFile);
const command = `${import.meta.dirname}/command.ts`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a seed', () => {
  const timelineOf = async (seed: number) => {
    const lines: string[] = [];
    await simulate(seed, profileOf(), lines);
    return hashOf(lines.join('\n'));
  };

  it('gives the same timeline byte for byte in any process, time zone and language', async () => {
    const env = { ...process.env, TZ: 'Asia/Kolkata', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
    const { stdout } = await run(process.execPath, [command, '--seed', '7', '--trace'], { env, maxBuffer: 2 ** 26 });
    const timeline = stdout.slice(0, stdout.indexOf('\nseed 7: '));
    expect(timeline.split('\n').length).toBeGreaterThan(100);
    expect(hashOf(timeline)).toBe(await timelineOf(7));
    expect(await timelineOf(8)).not.toBe(await timelineOf(7));
  }, 60_000);

  it('comes to the same alone, watched, and among others in any thread', async () => {
    const alone = [];
    for (const seed of [5, 6, 7, 8]) {
      const { broken, portCalls, faults, virtualMs } = await simulate(seed, profileOf());
      expect(await simulate(seed, profileOf(), [])).toMatchObject({ broken, portCalls, faults, virtualMs });
      alone.push(portCalls);
    }
    const { results } = await explore({ seeds: { from: 1, count: 20 }, workers: 3 });
    expect(results.slice(4, 8).map(({ portCalls }) => portCalls)).toEqual(alone);
  }, 60_000);
});

describe('the command', () => {
  it.each([
    [['--seeds', '0'], ['--seeds 0: a whole number from 1 to 1000000000 is needed']],
    [['--seed', '7', '--json', '--from', '2'], ['--seed is one run: it goes without --from, --json']],
    [['--trace'], ['--trace shows one run: it needs --seed']],
    [
      ['--sedes', '7'],
      ['--sedes is not known', '7 is no option'],
    ],
    [['--seeds'], ['--seeds needs a value']],
    [['--json=yes'], ['--json takes no value']],
    [['--guards', '--json'], ['--guards goes alone']],
    [['--kinds', '--profile', 'busy'], ['--kinds takes --seeds, --from and --workers, or --seed and --trace, alone']],
    [
      ['--from', 'x', '--workers', '1.5'],
      [expect.stringContaining('--from x'), expect.stringContaining('--workers 1.5')],
    ],
    [['--without', 'everything'], [expect.stringMatching(/^--without everything: there is only /)]],
    [['--profile', 'none'], [expect.stringMatching(/^--profile none: there is only uniform/)]],
  ])('names all that is wrong with %j', (args, problems) =>
    expect(readCommand(args)).toEqual({ kind: 'wrong', problems }),
  );

  it('ends with 2 on bad arguments, without a stack', async () => {
    const failed = await run(process.execPath, [command, '--seeds', 'x', '--trace']).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--seeds x') });
    expect(failed).toMatchObject({ stderr: expect.not.stringContaining(' at ') });
  });
});

describe('a kind of fault', () => {
  it('has a state of its own, which shows that it happens', () => {
    expect(kinds.map(({ name }) => name)).toHaveLength(new Set(kinds.map(({ state }) => state)).size);
  });

  it.each(kinds)('never happens in the profile without it: $name', ({ name }) => {
    const { faults, strikes, people } = usualWithout(new Set([name]));
    const [what, ...kind] = name.split(' ');
    const rates = what === 'fault' ? Object.values(faults) : [what === 'strike' ? strikes : people];
    expect(rates.map((of) => Object.entries(of).find(([each]) => each === kind.join(' '))?.[1] ?? 0)).toEqual(
      rates.map(() => 0),
    );
  });

  it('is out of every fifth run, beside others each time', () => {
    const outs = Array.from({ length: 1_000 }, (_, seed) => kindsOutOf(seed));
    for (const { name } of kinds) {
      const without = outs.filter((out) => out.has(name));
      expect(without.length).toBeGreaterThan(140);
      expect(without.length).toBeLessThan(260);
      for (const other of kinds) expect(without.every((out) => out.has(other.name))).toBe(other.name === name);
    }
  });

  it('is shown by a state that runs with it reach, and none without', () => {
    const runs = Array.from({ length: 50 }, (_, seed) => ({ seed, out: kindsOutOf(seed) }));
    const judged = (reaches: (out: ReadonlySet<string>, name: string) => boolean, ran = runs) =>
      judgeKinds(
        ran.map(({ seed, out }) => ({
          seed,
          sometimes: kinds.filter(({ name }) => reaches(out, name)).map(({ state }) => state),
        })),
      );
    const isShown = (each: ReturnType<typeof judged>) => new Set(each.map((kind) => kind.isShown));
    expect(isShown(judged((out, name) => !out.has(name)))).toEqual(new Set([true]));
    expect(isShown(judged(() => true))).toEqual(new Set([false]));
    expect(isShown(judged(() => false))).toEqual(new Set([false]));
    expect(isShown(judged(() => true, []))).toEqual(new Set([false]));
    const first = runs.find(({ out }) => out.has('strike kill'));
    expect(judged(() => true).find(({ name }) => name === 'strike kill')?.text).toMatch(
      new RegExp(`^NO {2}strike kill: .* reach "a JobManager is killed, .*", without it .* --seed ${first?.seed}\\b`),
    );
  });
});

describe('a guard', () => {
  const guard = { name: 'g', what: 'x', file: 'lib/x.ts', text: 'a < b', instead: 'true', profile: 'uniform' };

  it('is taken out of the source', () => expect(without('g', guard, 'if (a < b) $&')).toBe('if (true) $&'));
  it.each(['if (b > a)', 'a < b && a < b'])('must be there exactly once: %s', (source) =>
    expect(() => without('g', guard, source)).toThrow(/guard g: its text is in lib\/x.ts [02] times, not once/),
  );
  it('that is not in its file ends every worker, which is told', async () => {
    const absent = { ...guard, file: 'lib/reconcile.ts' };
    const { died } = await explore({ seeds: { from: 1, count: 4 }, workers: 2, guard: absent });
    expect(died).toEqual([expect.stringContaining('0 times, not once'), expect.stringContaining('0 times, not once')]);
  });
});

const draws = (...seeds: readonly number[]) => seeds.map((seed) => ({ seed, profile: 'uniform' }));

describe('what goes wrong in the simulation itself', () => {
  const judge = {
    name: 'j',
    what: 'x',
    file: 'test/simulation/judge.ts',
    text: 'version = now;',
    profile: 'uniform',
  };

  it('is a red run of that seed when it throws', async () => {
    const guard = { ...judge, instead: "throw new Error('torn');" };
    const { red, died } = await explore({ seeds: draws(5, 9), workers: 1, guard });
    expect(died).toEqual([]);
    expect(red).toEqual([5, 9].map((seed) => ({ seed, broken: { throws: 'Error: torn' } })));
  });

  it('names the seed of a worker that dies', async () => {
    const guard = { ...judge, instead: 'if (sim.seed === 9) process.exit(3);' };
    const { died } = await explore({ seeds: draws(5, 9), workers: 1, guard });
    expect(died).toEqual(['exit code 3; it was at the seed 9']);
  });
});
