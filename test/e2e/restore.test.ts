import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { giveOrder, lookNow, statusOfJob } from './support/autopilot.ts';
import { checkpointsOf, deleteAllMetadata, deleteMetadata, STATE_DIRS } from './support/bucket.ts';
import { countsBelow } from './support/counter.ts';
import { killJobManager, running, statefulJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { submissionsToFlink } from './support/logs.ts';
import { openStage, type Stage } from './support/stage.ts';

const CLUSTER = 'restore';
const JOB = 'counting';
const OUT = 'restored';
const INTERVAL_S = 5;
const CHECKPOINT_MAX_MS = 60_000;
/** A JobManager that comes back with its slots. */
const READY_MAX_MS = 120_000;

describe('a job with state, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  beforeAll(async () => {
    const jobs = [statefulJob(JOB, OUT, `${INTERVAL_S} s`)];
    stage = await openStage(CLUSTER, { name: CLUSTER, ...STATE_DIRS, jobs });
    alerts = await subscribe(stage.world);
    stage.world.agent.startTasks();
    await running(stage, JOB);
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const last = async () => {
    const attempt = (await stage.memory.attempts(CLUSTER, JOB)).at(-1);
    if (attempt === undefined) throw new Error('there is no attempt');
    return attempt;
  };
  const newest = async (jobId: string) => (await checkpointsOf(stage.world, jobId)).at(-1);
  const checkpointAfter = (jobId: string, id: number) =>
    waitFor(`a checkpoint of ${jobId} after ${id}`, CHECKPOINT_MAX_MS, async () => {
      const found = await newest(jobId);
      return found !== undefined && found.id > id ? found : undefined;
    });
  /** Kills the JobManager and waits for the next attempt to run; gives it. */
  const killed = async () => {
    await killJobManager(stage);
    const { jobId } = await running(stage, JOB);
    return waitFor('its attempt', CHECKPOINT_MAX_MS, async () => {
      const attempt = await last();
      return attempt.jobId === jobId ? attempt : undefined;
    });
  };

  test('its JobManager is killed: it goes on from the newest complete checkpoint; nothing is lost or doubled (I2)', async () => {
    const { jobId } = await last();
    await checkpointAfter(jobId, 1);
    const next = await killed();
    expect(next).toMatchObject({ n: 2, source: { attempt: 1, path: (await newest(jobId))?.path } });
    await checkpointAfter(next.jobId, (next.source?.id ?? 0) + 1);
    const { lines, ...wrong } = await countsBelow(stage.world, OUT);
    expect(lines).toBeGreaterThan(100);
    expect(wrong).toEqual({ lost: 0, doubled: 0 });
    const status = await statusOfJob(stage.world, CLUSTER, JOB);
    expect(status).toMatchObject({ verdict: 'steady' });
    expect(await alerts.told()).toEqual([]);
  });

  test('killed again before its first own checkpoint, it starts from the same one again (F49)', async () => {
    const first = await killed();
    const second = await killed();
    expect(second.n).toBe(first.n + 1);
    expect(await checkpointsOf(stage.world, first.jobId)).toEqual([]);
    expect(second.source).toEqual(first.source);
  });

  test('the table is lost while it runs: its snapshots are found by their prefix, attempts go on (F125)', async () => {
    const before = await last();
    await checkpointAfter(before.jobId, (before.source?.id ?? 0) + 1);
    await stage.memory.lose(CLUSTER);
    const next = await killed();
    expect(next.n).toBeGreaterThan(before.n);
    expect(next.source?.path).toBe((await newest(before.jobId))?.path);
  });

  test('`restart` ends it with a savepoint, from which it goes on (F110)', async () => {
    const before = await last();
    await checkpointAfter(before.jobId, (before.source?.id ?? 0) + 1);
    await giveOrder(stage.world, 'restart', `${CLUSTER}/${JOB}`, '--who', 'ann', '--why', 'a test');
    const next = await waitFor('the next attempt', CHECKPOINT_MAX_MS, async () => {
      const attempt = await last();
      return attempt.n > before.n ? attempt : undefined;
    });
    await running(stage, JOB);
    expect(next.source).toMatchObject({ kind: 'savepoint', attempt: before.n });
    await checkpointAfter(next.jobId, (next.source?.id ?? 0) + 1);
    expect(await countsBelow(stage.world, OUT)).toMatchObject({ lost: 0, doubled: 0 });
    // Its JobManager was killed several times by now.
    const ofKills = new Set(['JOB_LOST_REPEATEDLY', 'JOBMANAGER_CRASHES']);
    expect((await alerts.told()).filter(({ code }) => !ofKills.has(code))).toEqual([]);
  });

  test('the newest `_metadata` is gone: it goes on from the one before it (F45)', async () => {
    const { jobId, source } = await last();
    await checkpointAfter(jobId, (source?.id ?? 0) + 2);
    await giveOrder(stage.world, 'pause', CLUSTER, '--who', 'ann', '--why', 'a test');
    await killJobManager(stage);
    const gone = await newest(jobId);
    if (gone === undefined) throw new Error('it has no checkpoint');
    await deleteMetadata(stage.world, gone);
    const left = await newest(jobId);
    await giveOrder(stage.world, 'resume', CLUSTER, '--who', 'ann', '--why', 'a test');
    await running(stage, JOB);
    expect(await last()).toMatchObject({ source: { path: left?.path, id: expect.any(Number) } });
    expect(left?.path).not.toBe(gone.path);
  });

  test('all are gone: held and told once, nothing is submitted; `start-empty` releases it once (F50)', async () => {
    const submitted = submissionsToFlink(stage.world).length;
    const { jobId } = await last();
    await giveOrder(stage.world, 'pause', CLUSTER, '--who', 'ann', '--why', 'a test');
    await killJobManager(stage);
    await deleteAllMetadata(stage.world);
    await giveOrder(stage.world, 'resume', CLUSTER, '--who', 'ann', '--why', 'a test');
    // `status` looks for itself, and may see the hold before a pass does.
    const told = await waitFor('the message', READY_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      const found = (await alerts.told()).filter(({ code }) => code === 'STATE_REQUIRED');
      return found.length > 0 ? found : undefined;
    });
    expect(told).toMatchObject([{ state: 'open', job: JOB }]);
    expect(await statusOfJob(stage.world, CLUSTER, JOB)).toMatchObject({ verdict: 'hold' });
    expect(submissionsToFlink(stage.world)).toHaveLength(submitted);
    await giveOrder(stage.world, 'start-empty', `${CLUSTER}/${JOB}`, '--who', 'ann', '--why', 'a test');
    await running(stage, JOB);
    const next = await last();
    expect(next.jobId).not.toBe(jobId);
    expect(next).not.toHaveProperty('source');
  });
});
