import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRunning, listJobs } from '../../../local/show/list-jobs.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { lastAttempt, nextAttempt } from '../support/attempts.ts';
import { giveOrder } from '../support/autopilot.ts';
import { checkpointsOf, STATE_DIRS } from '../support/bucket.ts';
import { countsBelow } from '../support/counter.ts';
import { killJobManager, RUNNING_MAX_MS, readyAfter, running, statefulJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { lookNow } from '../support/look-now.ts';
import { jobManagers, openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'hands-off';
const JOB = 'counting';
const OUT = 'hands-off';

describe('what the autopilot leaves to others, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  beforeAll(async () => {
    stage = await openStage(CLUSTER, { name: CLUSTER, ...STATE_DIRS, jobs: [statefulJob(JOB, OUT, '2 s')] });
    alerts = await subscribe(stage.world);
    stage.world.agent.startTasks();
    await running(stage, JOB);
    await lookUntil('the job to be seen', async () => (await last()).sightedOn !== undefined);
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const last = () => lastAttempt(stage, CLUSTER, JOB);
  const lookUntil = <T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> =>
    waitFor(what, RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return ask();
    });
  const listed = async () => {
    const { address = '' } = jobManagers(stage.world).at(-1) ?? {};
    return (await listJobs(address).catch(() => [])).find(({ name }) => name === JOB);
  };
  const checkpointed = async (jobId: string, id: number) =>
    waitFor(`a checkpoint after ${id}`, RUNNING_MAX_MS, async () => {
      const newest = (await checkpointsOf(stage.world, jobId)).at(-1);
      return newest !== undefined && newest.id > id ? newest : undefined;
    });

  test('all TaskManagers are killed: Flink brings the job back by itself, and nobody hears of it (F66)', async () => {
    const { n, jobId } = await last();
    const { id } = await checkpointed(jobId, 1);
    await stage.world.agent.kill({ role: 'taskmanager' }, 'SIGKILL');
    await lookUntil('Flink to notice', async () => {
      const job = await listed();
      return job !== undefined && !isRunning(job);
    });
    expect((await running(stage, JOB)).jobId).toBe(jobId);
    await checkpointed(jobId, id + 2);
    await lookNow(stage.world);
    expect(await last()).toMatchObject({ n, jobId });
    expect(submissionsToFlink(stage.world)).toHaveLength(1);
    expect(await alerts.told()).toEqual([]);
    expect(await countsBelow(stage.world, OUT)).toMatchObject({ lost: 0, doubled: 0 });
  });

  test('a person cancels it in Flink’s UI: told once and held, also through the end of its JobManager, and released it goes on from its newest checkpoint', async () => {
    const before = await last();
    const { taskArn } = await running(stage, JOB);
    const { address } = jobManagers(stage.world).at(-1) ?? {};
    await fetch(`http://${address}:8081/jobs/${before.jobId}?mode=cancel`, { method: 'PATCH' });
    await lookUntil('the end to be told', async () => (await alerts.told()).length > 0);
    const opening = { code: 'JOB_CANCELED', state: 'open', cluster: CLUSTER, job: JOB };
    expect(await alerts.told()).toEqual([opening]);
    expect(await last()).toMatchObject({ n: before.n, end: { state: 'CANCELED' } });

    await killJobManager(stage);
    await readyAfter(stage, taskArn, 1);
    for (let looks = 0; looks < 3; looks += 1) await lookNow(stage.world);
    expect(await listed()).toBeUndefined();
    expect(submissionsToFlink(stage.world)).toHaveLength(1);
    expect(await alerts.told()).toEqual([opening]);

    const newest = (await checkpointsOf(stage.world, before.jobId)).at(-1);
    await giveOrder(stage.world, 'release', `${CLUSTER}/${JOB}`, '--why', 'it was a mistake');
    const next = await nextAttempt(stage, CLUSTER, JOB, before);
    expect(next.source?.path).toBe(newest?.path);
    await lookUntil('the closing', async () => (await alerts.told()).length > 1);
    expect(await alerts.told()).toEqual([opening, { ...opening, state: 'closed' }]);
    expect(submissionsToFlink(stage.world)).toHaveLength(2);
  });
});
