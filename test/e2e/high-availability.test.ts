import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { type Bus, openBus } from './support/bus.ts';
import { RUNNING_MAX_MS, running, sampleJob } from './support/jobs.ts';
import { functionLines, submissionsToFlink } from './support/logs.ts';
import { lookNow } from './support/look-now.ts';
import { quiet } from './support/quiet.ts';
import { report } from './support/report.ts';
import { jobManagers, openStage, type Stage } from './support/stage.ts';

const CLUSTER = 'led';
const JOB = 'totals';

let stage: Stage;
let bus: Bus;
let alerts: Alerts;
let startedMs = 0;
beforeAll(async () => {
  stage = await openStage(CLUSTER, { name: CLUSTER, jobs: [sampleJob(JOB)] }, {}, 2);
  bus = await openBus(stage.world);
  alerts = await subscribe(stage.world);
  startedMs = Date.now();
});
afterAll(async () => {
  alerts?.close();
  bus?.close();
  await stage?.close();
});

describe('two JobManagers and a real ZooKeeper', () => {
  const attempts = () => stage.memory.attempts(CLUSTER, JOB);
  const onlyOne = async () => {
    expect(await stage.watcher.copies(startedMs)).toEqual([]);
    expect(await attempts()).toHaveLength(1);
    expect(submissionsToFlink(stage.world)).toHaveLength(1);
    expect(await alerts.told()).toEqual([]);
  };

  test('both start at once and both events arrive: one submission, to the leader; the standby has nothing to do (S1, I1)', async ({
    onTestFailed,
  }) => {
    onTestFailed(async () => console.error(await report(stage, startedMs)));
    stage.world.agent.startTasks();
    await running(stage, JOB);
    await quiet(stage, bus);
    await lookNow(stage.world);
    const [one, other] = jobManagers(stage.world).map(({ taskArn }) => taskArn);
    const started = await functionLines(stage.world, 'task-started', startedMs);
    const heard = started.filter(({ line }) => line.message === 'event received').map(({ line }) => line.taskArn);
    expect(new Set(heard)).toEqual(new Set([one, other]));
    const [attempt] = await attempts();
    const leader = attempt?.posts[0]?.to.taskArn;
    const standby = leader === one ? other : one;
    expect(attempt?.sightedOn).toMatchObject({ taskArn: leader, led: { session: expect.any(String) } });
    const looks = await functionLines(stage.world, 'health-check', startedMs);
    expect(looks.find(({ line }) => line.message === 'standby')?.line).toMatchObject({
      taskArn: standby,
      because: expect.stringMatching(/^standby; leader is 127\.[\d.]+; nothing to do$/),
    });
    await onlyOne();
  });

  test('the leader is killed: Flink brings the job back under its id, nothing is submitted, nobody is told (S2, F14)', async ({
    onTestFailed,
  }) => {
    onTestFailed(async () => console.error(await report(stage, startedMs)));
    const [before] = await attempts();
    const killed = before?.sightedOn?.taskArn ?? '';
    await stage.world.agent.kill({ taskArn: killed }, 'SIGKILL');
    const moved = await waitFor('the job to be seen with another leader', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      const [attempt] = await attempts();
      return attempt?.sightedOn?.taskArn === killed ? undefined : attempt;
    });
    expect(moved).toMatchObject({ n: 1, jobId: before?.jobId, posts: [{ id: 1 }] });
    const { jobId } = await running(stage, JOB);
    expect(jobId).toBe(before?.jobId);
    expect(moved.sightedOn?.led?.memory).toBe(before?.sightedOn?.led?.memory);
    expect(moved.sightedOn?.led?.session).not.toBe(before?.sightedOn?.led?.session);
    await quiet(stage, bus);
    await onlyOne();
  });
});
