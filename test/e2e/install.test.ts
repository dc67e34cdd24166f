import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployProduct } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { autopilot, lookNow } from './support/autopilot.ts';
import { killJobManager, running, sampleJob, startForeignJobs } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { submissionsToFlink } from './support/logs.ts';
import { openStage, type Stage, writeManifest } from './support/stage.ts';

/** Five jobs of other people, one of which is the one that the manifest means by its name on Flink. */
const OWN = 'totals';
const FOREIGN = [OWN, 'Bestellungen', '注文', 'audit trail', 'a-1'];

const CLUSTER = 'busy';
const NEW = 'new';
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

  const jobs = [{ ...sampleJob(OWN), flinkName: OWN }, sampleJob(NEW)];
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
          ],
        },
      ],
    });
    await lookNow(stage.world, CLUSTER);
    expect(begun()).toBe(FOREIGN.length);
    expect(await stage.memory.attempts(CLUSTER, NEW)).toEqual([]);
  });

  test('the job of a confirmed name is adopted, the other is held and told once, nothing is doubled (F35, F127)', async () => {
    await install('run');
    await waitFor('the adoption', TOLD_MAX_MS, async () => (await stage.memory.attempts(CLUSTER, OWN)).length > 0);
    await waitFor('the alert', TOLD_MAX_MS, async () => (await alerts.told()).length > 0);
    expect(await stage.memory.attempts(CLUSTER, OWN)).toMatchObject([{ n: 1, jobId: ids[0] }]);
    expect(await alerts.told()).toEqual([{ code: 'UNMATCHED_JOB', state: 'open', cluster: CLUSTER, job: NEW }]);
    expect(begun()).toBe(FOREIGN.length);
  });

  test('each foreign job is ignored by an order: the held one is submitted, and that is told once', async () => {
    for (const id of ids.slice(1)) {
      const { code, answer } = await autopilot(
        stage.world,
        ...['ignore', `${CLUSTER}/${NEW}`, '--flink-job', id, '--why', 'of another team'],
      );
      expect(answer).toMatchObject({ ok: true, op: 'order' });
      expect(code).toBe(0);
    }
    const { jobId } = await running(stage, NEW);
    await waitFor('the closing', TOLD_MAX_MS, async () => (await alerts.told()).length > 1);
    expect(await alerts.told()).toMatchObject([
      { state: 'open' },
      { code: 'UNMATCHED_JOB', state: 'closed', job: NEW },
    ]);
    expect(await stage.memory.attempts(CLUSTER, NEW)).toMatchObject([{ n: 1, jobId }]);
    expect(begun()).toBe(FOREIGN.length + 1);
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
