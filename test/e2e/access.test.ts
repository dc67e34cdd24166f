import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '../../lib/core/model.ts';
import { waitFor } from '../../local/wait-for.ts';
import { pem } from '../support/tls-server.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { giveOrder } from './support/autopilot.ts';
import { basic, type Door, openDoor, USERNAME } from './support/door.ts';
import { killJobManager, running, sampleJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { submissionsToFlink } from './support/logs.ts';
import { lookNow } from './support/look-now.ts';
import { readable } from './support/readable.ts';
import { installProduct, jobManagers, openStage, type Stage } from './support/stage.ts';
import { openVault, type Vault } from './support/vault.ts';

const CLUSTER = 'behind-a-url';
const JOB = 'steady';
const THROWS = 'throws';
const SECRET = 'e2e/flink-rest';
const CANARY = 'canary-7Qm2xVt9';
const PASSWORDS = { first: 'open-sesame-1-Zr8', wrong: 'no-sesame-Kd3', second: 'open-sesame-2-Wn5' };

/** A JobManager boots, or a person is told: minutes on a machine that is busy with something else. */
const SEEN_MAX_MS = 180_000;

const access = {
  tls: { serverName: 'flink.test', ca: '${ssm:/e2e/access/authority}' },
  auth: { kind: 'basic', username: USERNAME, password: `\${secret:${SECRET}#password}` },
};
const canary = '${ssm:/e2e/access/canary}';
const steady = sampleJob(JOB, { args: ['--main-throws', canary, '--main-throws-until', '0'] });
const parameters = { 'pipeline.global-job-parameters': `told:${canary}` };
const jobs = [
  { ...steady, flinkConfiguration: { ...steady.flinkConfiguration, ...parameters } },
  sampleJob(THROWS, { args: ['--main-throws', canary] }),
];

describe('a Flink by url, behind TLS and a password, on a real one', () => {
  let stage: Stage;
  let vault: Vault;
  let door: Door;
  let alerts: Alerts;
  beforeAll(async () => {
    stage = await openStage('access');
    vault = openVault(stage.world);
    await vault.parameter('/e2e/access/authority', pem('authority'));
    await vault.parameter('/e2e/access/canary', CANARY, 'SecureString');
    await vault.secret(SECRET, { password: PASSWORDS.first });
    door = await openDoor(stage.world, PASSWORDS.first);
    // The second one is the same Flink by its tasks: it wants nothing, so that events are looked after with TLS and password, too.
    const byTasks = { name: 'by-tasks', restPort: door.port, ...access, jobs: [] };
    await installProduct(stage, { name: CLUSTER, url: door.url, ...access, jobs }, byTasks);
    alerts = await subscribe(stage.world);
  });
  afterAll(async () => {
    alerts?.close();
    door?.close();
    vault?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const submissions = () =>
    submissionsToFlink(stage.world)
      .filter(({ name }) => name === JOB)
      .toSorted((one, other) => one.atMs - other.atMs);
  const attempts = () => stage.memory.attempts(CLUSTER, JOB);
  const toldOf = async (code: string) =>
    (await alerts.told()).filter((one) => one.code === code && one.cluster === CLUSTER);
  const refused = () => door.calls.filter(({ at, isLetIn }) => at === 'url' && !isLetIn).length;
  const lookUntil = <T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> =>
    waitFor(what, SEEN_MAX_MS, async () => {
      await lookNow(stage.world);
      return ask();
    });

  /** What stands before Flink may not reach it yet, and nothing is sent then. */
  const answersOfNewest = async () =>
    (await attempts())
      .at(-1)
      ?.posts.map(({ answer }) => answer)
      .filter((answer) => answer !== 'not-sent');

  test('the job is submitted once, through TLS and with the password; its secrets reach Flink', async () => {
    stage.world.agent.startTasks();
    await lookUntil('the submission', async () => submissions().length > 0);
    const { jobId, taskArn } = await running(stage, JOB);
    await lookUntil('the job to be remembered', async () => (await attempts())[0]?.sightedOn !== undefined);
    expect(await attempts()).toMatchObject([{ n: 1, jobId }]);
    expect(await answersOfNewest()).toEqual(['accepted']);
    expect(submissions()).toMatchObject([{ name: JOB, jobId }]);
    expect(door.calls.filter(({ isLetIn }) => !isLetIn)).toEqual([]);
    expect(new Set(door.calls.map(({ at }) => at))).toEqual(new Set(['url', 'task']));
    const address = jobManagers(stage.world).find((task) => task.taskArn === taskArn)?.address;
    expect(await (await fetch(`http://${address}:8081/jobs/${jobId}/config`)).text()).toContain(CANARY);
  });

  test('with a wrong password nothing is done; with the right one the next look sees the job', async () => {
    const { jobId } = await running(stage, JOB);
    const before = await attempts();
    const from = door.calls.length;
    door.accept(PASSWORDS.second);
    await vault.rotate(SECRET, { password: PASSWORDS.wrong });
    await lookUntil('two looks to be refused', async () => refused() >= 2 * REFUSALS_OF_A_LOOK_MAX);
    expect(door.calls.slice(from).filter(({ isLetIn }) => isLetIn)).toEqual([]);
    expect(door.calls.slice(from).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect((await running(stage, JOB)).jobId).toBe(jobId);
    expect(await attempts()).toEqual(before);

    await vault.rotate(SECRET, { password: PASSWORDS.second });
    await lookUntil('a look to be let in', async () =>
      door.calls.slice(from).some(({ at, url, isLetIn }) => at === 'url' && url === '/jobs/overview' && isLetIn),
    );
    expect((await running(stage, JOB)).jobId).toBe(jobId);
    // What Flink says of its first checkpoint is on record by then, or not yet.
    expect((await attempts()).map(done)).toEqual(before.map(done));
    expect(submissions()).toHaveLength(1);
  });

  test('another process answers behind the url: told once and held; released, the job runs once more (I1, I4)', async () => {
    const [first] = await attempts();
    await killJobManager(stage);
    await lookUntil('the loss to be told', async () => (await toldOf('LOSS_UNPROVEN')).length > 0);
    await lookNow(stage.world);
    await lookNow(stage.world);
    const opening = { code: 'LOSS_UNPROVEN', state: 'open', cluster: CLUSTER, job: JOB };
    expect(await toldOf('LOSS_UNPROVEN')).toEqual([opening]);
    expect(await attempts()).toMatchObject([{ n: 1, jobId: first?.jobId }]);
    expect(submissions()).toHaveLength(1);

    await giveOrder(stage.world, 'release', `${CLUSTER}/${JOB}`, '--why', 'its process has ended');
    await lookUntil('the next submission', async () => submissions().length > 1);
    const { jobId } = await running(stage, JOB);
    await lookUntil('the closing', async () => (await toldOf('LOSS_UNPROVEN')).length > 1);
    expect(await toldOf('LOSS_UNPROVEN')).toEqual([opening, { ...opening, state: 'closed' }]);
    expect(await attempts()).toMatchObject([
      { n: 1, jobId: first?.jobId, end: { state: 'LOST' } },
      { n: 2, jobId },
    ]);
    expect(await answersOfNewest()).toEqual(['accepted']);
    expect(submissions()).toMatchObject([{ jobId: first?.jobId }, { jobId }]);
  });

  test('no secret is in anything that a person can read', async () => {
    // Its main() throws the canary as its message, which Flink repeats in its answer.
    await waitFor('the exception to be told', SEEN_MAX_MS, async () => (await toldOf('MAIN_THREW')).length > 0);
    const texts = await readable(stage, alerts);
    const secrets = [CANARY, ...Object.values(PASSWORDS)].flatMap((text) => [text, basic(text).replace('Basic ', '')]);
    const leaks = Object.entries(texts).filter(([, text]) => secrets.some((secret) => text.includes(secret)));
    expect(leaks.map(([where]) => where)).toEqual([]);
    // And each of them is what it is taken for.
    const empty = Object.entries(texts).filter(([, text]) => !text.includes(CLUSTER) && !text.includes('by-tasks'));
    expect(empty.map(([where]) => where)).toEqual(['orders']);
    expect(texts.table).toMatch(/"pk":"CLUSTER#behind-a-url".*"pk":"LOG#behind-a-url"|"pk":"LOG#.*"pk":"CLUSTER#/s);
    expect(texts.deployed).toContain(canary);
  });
});

/** With the value that was kept, and once more with the fresh one; two questions side by side. */
const REFUSALS_OF_A_LOOK_MAX = 4;

/** What was done to a job in an attempt. */
const done = ({ n, jobId, posts, stop, end }: Attempt) => ({ n, jobId, posts, stop, end });
