import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployProduct } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { autopilot, giveOrder, lookNow, statusOfJob } from './support/autopilot.ts';
import { killJobManager, running, sampleJob, startForeignJobs } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { submissionsToFlink } from './support/logs.ts';
import { openStage, type Stage, writeManifest } from './support/stage.ts';

/** Five jobs of other people: one is what the manifest means by its name on Flink, one is said to be ours by an order. */
const OWN = 'totals';
const GIVEN = 'audit trail';
const FOREIGN = [OWN, 'Bestellungen', '注文', GIVEN, 'a-1'];

const CLUSTER = 'busy';
const NEW = 'new';

/** Its name on Flink is in the manifest, and no foreign job has it: nothing holds it. */
const FREE = 'free';

/** Runs already, under a name that the manifest does not say: a person has to. */
const HANDED = 'handed';
const TOLD_MAX_MS = 130_000;

describe('installing on a busy cluster, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  let ids: readonly string[];
  beforeAll(async () => {
    stage = await openStage('install', undefined, { slots: '8' });
    ids = await startForeignJobs(stage, FOREIGN);
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const named = (name: string) => ({ ...sampleJob(name), flinkName: name });
  const jobs = [named(OWN), sampleJob(NEW), named(FREE), sampleJob(HANDED)];
  const install = async (mode: string) => {
    const manifest = writeManifest(stage.world, { name: CLUSTER, mode, jobs });
    await deployProduct(stage.world, { manifest });
  };
  const begun = () => submissionsToFlink(stage.world).length;

  test('with mode dry-run nothing is done, and the plan says what would be', async () => {
    await install('dry-run');
    alerts = await subscribe(stage.world);
    const { answer } = await autopilot(stage.world, 'plan');
    expect(answer).toMatchObject({ op: 'plan', clusters: [{ cluster: CLUSTER, mode: { mode: 'dry-run' } }] });
    expect(answer).toMatchObject({
      clusters: [
        {
          jobs: [
            { job: OWN, verdict: 'steady' },
            { job: NEW, verdict: 'hold' },
            { job: FREE, verdict: 'act', would: { kind: 'run', attempt: 1 } },
            { job: HANDED, verdict: 'hold' },
          ],
        },
      ],
    });
    await lookNow(stage.world, CLUSTER);
    expect(begun()).toBe(FOREIGN.length);
    for (const job of [NEW, FREE]) expect(await stage.memory.attempts(CLUSTER, job)).toEqual([]);
  });

  test('what the plan says is what the first pass in mode run does', async () => {
    const would = await planned(stage, FREE);
    await install('run');
    const { jobId } = await running(stage, FREE);
    const [first, ...more] = await stage.memory.attempts(CLUSTER, FREE);
    expect({ jobId: first?.jobId, more }).toEqual({ jobId, more: [] });
    expect(would).toEqual({
      kind: 'run',
      attempt: first?.n,
      to: first?.posts[0]?.to.address,
      jarVersion: first?.jarVersion,
      spec: first?.spec,
    });
  });

  test('the job of a confirmed name is adopted, others are held and told once, nothing is doubled (F35, F127)', async () => {
    await waitFor('the adoption', TOLD_MAX_MS, async () => (await stage.memory.attempts(CLUSTER, OWN)).length > 0);
    await waitFor('the alerts', TOLD_MAX_MS, async () => (await alerts.told()).length > 1);
    expect(await stage.memory.attempts(CLUSTER, OWN)).toMatchObject([{ n: 1, jobId: ids[0] }]);
    const told = (await alerts.told()).toSorted((one, other) => (one.job ?? '').localeCompare(other.job ?? ''));
    expect(told).toEqual([HANDED, NEW].map((job) => ({ code: 'UNMATCHED_JOB', state: 'open', cluster: CLUSTER, job })));
    expect(begun()).toBe(FOREIGN.length + 1);
  });

  test('a foreign job of another name is adopted by an order: not submitted, and no longer told', async () => {
    const id = ids[FOREIGN.indexOf(GIVEN)] ?? '';
    await giveOrder(stage.world, 'adopt', `${CLUSTER}/${HANDED}`, '--flink-job', id, '--why', 'it is this one');
    expect(await stage.memory.attempts(CLUSTER, HANDED)).toMatchObject([
      { n: 1, jobId: id, flinkName: GIVEN, posts: [] },
    ]);
    expect(await statusOfJob(stage.world, CLUSTER, HANDED)).toMatchObject({ verdict: 'steady', incidents: [] });
    await waitFor('the closing', TOLD_MAX_MS, async () => (await alerts.told()).length > 2);
    expect((await alerts.told()).slice(2)).toMatchObject([{ code: 'UNMATCHED_JOB', state: 'closed', job: HANDED }]);
    expect(begun()).toBe(FOREIGN.length + 1);
  });

  test('each other foreign job is ignored by an order: the held one is submitted, and that is told once', async () => {
    const others = ids.filter((_, index) => ![OWN, GIVEN].includes(FOREIGN[index] ?? ''));
    for (const id of others)
      await giveOrder(stage.world, 'ignore', `${CLUSTER}/${NEW}`, '--flink-job', id, '--why', 'of another team');
    const { jobId } = await running(stage, NEW);
    await waitFor('the closing', TOLD_MAX_MS, async () => (await alerts.told()).length > 3);
    expect((await alerts.told()).slice(3)).toMatchObject([{ code: 'UNMATCHED_JOB', state: 'closed', job: NEW }]);
    expect(await stage.memory.attempts(CLUSTER, NEW)).toMatchObject([{ n: 1, jobId }]);
    expect(begun()).toBe(FOREIGN.length + 2);
  });

  test('an adopted job is brought back under an id of our own when its JobManager is lost', async () => {
    await killJobManager(stage);
    const { jobId } = await running(stage, OWN);
    expect(jobId).not.toBe(ids[0]);
    expect(await stage.memory.attempts(CLUSTER, OWN)).toMatchObject([
      { n: 1, jobId: ids[0], end: { state: 'LOST' } },
      { n: 2, jobId },
    ]);
  });
});

const planned = async (stage: Stage, name: string) => {
  const { answer } = await autopilot(stage.world, 'plan', CLUSTER);
  if (!answer.ok || answer.op !== 'plan') throw new Error(`no plan: ${JSON.stringify(answer)}`);
  return answer.clusters.flatMap(({ jobs }) => jobs).find(({ job }) => job === name)?.would;
};
