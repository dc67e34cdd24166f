import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { killJobManager, RUNNING_MAX_MS, running, sampleJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { lookNow } from '../support/look-now.ts';
import { jobManagers, openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'crashes';
const JOB = 'orders';

describe('tasks that end by themselves, on a real Flink', () => {
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

  const told = async () => (await alerts.told()).map(({ code, state }) => `${code} ${state}`);

  test('a TaskManager that is killed once is replaced, and nobody is told', async () => {
    const killed = await stage.world.agent.kill({ role: 'taskmanager' }, 'SIGKILL');
    expect(killed).toHaveLength(1);
    await waitFor('another one', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      const alive = stage.world.agent.tasks().filter((task) => task.role === 'taskmanager' && task.alive);
      return alive.some(({ taskArn }) => !killed.includes(taskArn));
    });
    await running(stage, JOB);
    await lookNow(stage.world);
    expect(await told()).toEqual([]);
  });

  test('a JobManager that is killed again and again is one incident with ECS’s reason and the exit code', async () => {
    for (let kills = 0; kills < 3; kills += 1) {
      const before = await killJobManager(stage);
      await waitFor('the next JobManager', RUNNING_MAX_MS, async () => {
        const next = jobManagers(stage.world).at(-1);
        return next?.alive === true && next.taskArn !== before;
      });
      await running(stage, JOB);
    }
    await waitFor('the alert', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return (await told()).length > 0;
    });
    for (let looks = 0; looks < 3; looks += 1) await lookNow(stage.world);
    expect(await told()).toEqual(['JOBMANAGER_CRASHES open']);
    const opening = (await alerts.bodies()).find((body) => body.includes('JOBMANAGER_CRASHES'));
    expect(opening).toMatch(
      /3 tasks of jobmanager ended by themselves within 15 min.*Essential container in task exited \(\w+: exit code 137/,
    );
  });

  test('it is over when ECS shows no such end any more, and that is told once', async () => {
    stage.world.agent.forgetStopped();
    await waitFor('the closing', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return (await told()).length > 1;
    });
    expect(await told()).toEqual(['JOBMANAGER_CRASHES open', 'JOBMANAGER_CRASHES closed']);
  });
});
