import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { autopilot, giveOrder } from './support/autopilot.ts';
import { killJobManager, running, sampleJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { submissionsToFlink } from './support/logs.ts';
import { overlapJobManagers, redefineJobManagers } from './support/rolling.ts';
import { jobManagers, openStage, type Stage, wantJobManagers } from './support/stage.ts';

const CLUSTER = 'deployments';
const JOB = 'rolled';
const END_MAX_MS = 90_000;

/** What is rolled out: from then on ECS starts a crashed JobManager again inside its task. */
const restartPolicy = { enabled: true, restartAttemptPeriod: 0 };

describe('deployments of the Flink cluster, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  beforeAll(async () => {
    stage = await openStage(CLUSTER, { name: CLUSTER, jobs: [sampleJob(JOB)] });
    alerts = await subscribe(stage.world);
    stage.world.agent.startTasks();
    await running(stage, JOB);
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  test('rolling 100/200: the new JobManager gets the job once the old one has drained, one copy at a time (F126)', async () => {
    await overlapJobManagers(stage);
    const next = await redefineJobManagers(stage, { restartPolicy });
    const { jobId, taskArn } = await running(stage, JOB);
    expect(taskArn).toBe(next.taskArn);
    expect(await stage.memory.attempts(CLUSTER, JOB)).toMatchObject([
      { n: 1, end: { state: 'LOST' } },
      { n: 2, jobId },
    ]);
    expect(submissionsToFlink(stage.world)).toHaveLength(2);
    expect(await alerts.told()).toEqual([]);
  });

  test('scaled to 0 it sleeps without an incident, and wakes with its job (F129)', async () => {
    await wantJobManagers(stage, 0);
    await waitFor('the JobManagers to end', END_MAX_MS, async () =>
      jobManagers(stage.world).every(({ lastStatus }) => lastStatus === 'STOPPED'),
    );
    const { answer } = await autopilot(stage.world, 'status', CLUSTER);
    expect(answer).toMatchObject({ op: 'status', clusters: [{ rung: 'asleep', incidents: [] }] });
    await wantJobManagers(stage, 1);
    const { jobId } = await running(stage, JOB);
    expect((await stage.memory.attempts(CLUSTER, JOB)).at(-1)).toMatchObject({ n: 3, jobId });
    expect(await alerts.told()).toEqual([]);
  });

  test('restart by an order: stopped and started again, once', async () => {
    await giveOrder(stage.world, 'restart', `${CLUSTER}/${JOB}`, '--why', 'to see that it works');
    const { jobId } = await waitFor('attempt 4', END_MAX_MS, async () => {
      const last = (await stage.memory.attempts(CLUSTER, JOB)).at(-1);
      return last?.n === 4 ? last : undefined;
    });
    expect((await running(stage, JOB)).jobId).toBe(jobId);
    expect(submissionsToFlink(stage.world)).toHaveLength(4);
    expect(await alerts.told()).toEqual([]);
  });

  test('the JobManager is started again inside its task, under its address: the job comes back once (F123)', async () => {
    const before = jobManagers(stage.world).at(-1);
    await killJobManager(stage);
    const again = await waitFor('another process', END_MAX_MS, async () => {
      const now = jobManagers(stage.world).at(-1);
      return now?.alive && now.pid !== before?.pid ? now : undefined;
    });
    expect(again).toMatchObject({ taskArn: before?.taskArn, address: before?.address, lastStatus: 'RUNNING' });
    const { jobId, taskArn } = await running(stage, JOB);
    expect(taskArn).toBe(before?.taskArn);
    expect((await stage.memory.attempts(CLUSTER, JOB)).slice(-2)).toMatchObject([
      { n: 4, end: { state: 'LOST' } },
      { n: 5, jobId },
    ]);
    expect(submissionsToFlink(stage.world)).toHaveLength(5);
    // The third one that was lost within a quarter of an hour, two of them by deployments.
    await waitFor('the alert', END_MAX_MS, async () => (await alerts.told()).length > 0);
    expect(await alerts.told()).toMatchObject([{ code: 'JOB_LOST_REPEATEDLY', state: 'open', job: JOB }]);
  });
});
