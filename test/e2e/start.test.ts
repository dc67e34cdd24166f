import { join } from 'node:path';
import { expect, onTestFailed, onTestFinished, test } from 'vitest';
import { waitFor } from '../../local/wait-for.ts';
import { giveOwnCache, makeCheckout, type NpmStart, npmStart } from './support/checkout.ts';
import { killProcessesOf, processesOf } from './support/leftovers.ts';

/** From the first line to the running job, and from a signal to the end of the last process. */
const RUNNING_MAX_MS = 200_000;
const END_MAX_MS = 20_000;

const started = (name: string, ...args: readonly string[]): NpmStart & { folder: string } =>
  watched(makeCheckout(name), (folder) => npmStart(folder, args));

const watched = (folder: string, npm: (folder: string) => NpmStart): NpmStart & { folder: string } => {
  const start = npm(folder);
  onTestFailed(() => console.error(start.said(), processesOf(folder)));
  onTestFinished(() => killProcessesOf(folder));
  return { ...start, folder };
};

const reaches = (start: NpmStart, words: string): Promise<unknown> =>
  waitFor(`"${words}"`, RUNNING_MAX_MS, async () => {
    if (start.child.exitCode !== null) throw new Error(`npm start ended with ${start.child.exitCode}`);
    return start.said().includes(words);
  });

const nothingIsLeftOf = (folder: string): Promise<unknown> =>
  waitFor('all processes to end', END_MAX_MS, async () => processesOf(folder).length === 0);

test('npm start -- --until running --json tells each milestone, ends with 0 and leaves no process behind', async () => {
  const start = started('until-running', '--until', 'running', '--json');
  expect(await start.ended).toBe(0);
  await nothingIsLeftOf(start.folder);
  const lines = start
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const milestones: { ms: number; milestone: string }[] = lines.map((line) => JSON.parse(line));
  expect(milestones.map(({ milestone }) => milestone)).toEqual([
    'cloud-up',
    'deployed',
    'task-started',
    'event-received',
    'ready',
    'submitted',
    'running',
  ]);
  const times = milestones.map(({ ms }) => ms);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  for (const milestone of milestones.slice(-2)) {
    expect(milestone).toMatchObject({ jobId: expect.stringMatching(/^[0-9a-f]{32}$/), attempt: 1 });
  }
});

test('npm start runs in a folder with spaces and other letters, for a user who has no home', async () => {
  const { XDG_CACHE_HOME: _, ...env } = process.env;
  const checkout = makeCheckout('Größe & Platz, 100 %');
  giveOwnCache(checkout);
  const start = watched(checkout, (folder) =>
    npmStart(folder, ['--until', 'running'], { ...env, HOME: '/nonexistent', npm_config_cache: join(folder, 'npm') }),
  );
  expect(await start.ended).toBe(0);
  expect(start.said()).toContain(`downloads go to ${checkout}/.local/cache`);
  await nothingIsLeftOf(checkout);
});

test.each([
  ['Ctrl-C', 'RUNNING. Flink', (npm: number) => process.kill(-npm, 'SIGINT')],
  ['SIGTERM', 'jobmanager RUNNING', (npm: number) => process.kill(npm, 'SIGTERM')],
  ['SIGKILL', 'jobmanager RUNNING', (npm: number) => process.kill(npm, 'SIGKILL')],
  [
    'SIGKILL-inside',
    'jobmanager RUNNING',
    (_npm: number, folder: string) => {
      for (const { pid, command } of processesOf(folder)) if (WORLD.test(command)) process.kill(pid, 'SIGKILL');
    },
  ],
])('%s of npm start, after "%s", leaves no process behind', async (name, words, end) => {
  const start = started(`ended-by-${name}`);
  await reaches(start, words);
  expect(processesOf(start.folder).length).toBeGreaterThan(3);
  end(start.child.pid ?? 0, start.folder);
  await start.ended;
  await nothingIsLeftOf(start.folder);
});

/** The process that npm starts and that holds the world. */
const WORLD = /^\S*node local\/start\.ts/;
