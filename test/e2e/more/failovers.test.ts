import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { lastAttempt } from '../support/attempts.ts';
import { checkpointsOf, STATE_DIRS } from '../support/bucket.ts';
import { RUNNING_MAX_MS, running, statefulJob } from '../support/jobs.ts';
import { judgeCopiesOfEachTest, leader, runsOnLeader, zookeeperOf } from '../support/led.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { lookNow } from '../support/look-now.ts';
import { openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'failovers';
const JOB = 'counting';

let stage: Stage;
let alerts: Alerts;
let startedMs = 0;
beforeAll(async () => {
  const jobs = [statefulJob(JOB, 'failovers', '1 s')];
  stage = await openStage(CLUSTER, { name: CLUSTER, ...STATE_DIRS, jobs }, {}, 2);
  alerts = await subscribe(stage.world);
  startedMs = Date.now();
  stage.world.agent.startTasks();
  await running(stage, JOB);
});
afterAll(async () => {
  alerts?.close();
  await stage?.close();
});

describe('high availability on bad days', () => {
  judgeCopiesOfEachTest(
    () => stage,
    () => startedMs,
  );

  const last = () => lastAttempt(stage, CLUSTER, JOB);
  const sessionOf = async () => (await last()).sightedOn?.led?.session;
  /** Has `trouble` happen, and waits until the job is seen under another leadership. */
  const through = async (trouble: () => Promise<unknown>) => {
    const before = await waitFor('a leader', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return sessionOf();
    });
    await trouble();
    await waitFor('another leadership', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return (await sessionOf()) !== before;
    });
    return runsOnLeader(stage, JOB);
  };
  const quietly = async (trouble: () => Promise<unknown>): Promise<void> => {
    const { jobId } = await last();
    expect(await through(trouble)).toBe(jobId);
    expect(await last()).toMatchObject({ n: 1, jobId });
    expect(submissionsToFlink(stage.world)).toHaveLength(1);
    expect(await alerts.told()).toEqual([]);
  };

  test('the leader’s task is stopped through ECS: the same id, nothing submitted, nobody told (S2)', async () => {
    await quietly(async () => stage.world.agent.stopTask((await last()).sightedOn?.taskArn ?? '', 'by hand'));
  });

  test('both JobManagers are killed and what Flink keeps stays: the same id, nothing submitted, nobody told (S3, F17)', async () => {
    await quietly(() => stage.world.agent.kill({ role: 'jobmanager' }, 'SIGKILL'));
  });

  test('the leader is frozen until another one leads, and wakes: nothing is done, and the job is the same (S6, F116)', async () => {
    const taskArn = (await last()).sightedOn?.taskArn ?? '';
    await quietly(() => stage.world.agent.kill({ taskArn }, 'SIGSTOP'));
    await stage.world.agent.kill({ taskArn }, 'SIGCONT');
    await quietly(async () => stage.world.agent.stopTask((await last()).sightedOn?.taskArn ?? '', 'by hand'));
  });

  test('all are killed and ZooKeeper is emptied: the next attempt goes on from the newest checkpoint (S4, I2)', async () => {
    const before = await last();
    await waitFor(
      'a checkpoint',
      RUNNING_MAX_MS,
      async () => (await checkpointsOf(stage.world, before.jobId)).length > 0,
    );
    await zookeeperOf(stage).kill();
    // An empty ZooKeeper refuses every client that saw the old one, so TaskManagers have to begin anew, too.
    await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGKILL');
    await stage.world.agent.kill({ role: 'taskmanager' }, 'SIGKILL');
    const newest = (await checkpointsOf(stage.world, before.jobId)).at(-1);
    await zookeeperOf(stage).start({ empty: true });
    const next = await waitFor('the next attempt', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      const attempt = await last();
      return attempt.n === 2 && attempt.sightedOn !== undefined ? attempt : undefined;
    });
    expect(next.source).toMatchObject({ attempt: 1, path: newest?.path });
    expect((await running(stage, JOB)).jobId).toBe(next.jobId);
    expect(submissionsToFlink(stage.world)).toHaveLength(2);
  });

  test('a person cancels it and then the leader is killed: it stays down (F63)', async () => {
    const before = await leader(stage);
    const { jobId, n } = await last();
    const submissions = submissionsToFlink(stage.world).length;
    await fetch(`http://${before.address}:8081/jobs/${jobId}?mode=cancel`, { method: 'PATCH' });
    await waitFor('its end to be seen', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return (await last()).end?.state === 'CANCELED';
    });
    await stage.world.agent.kill({ taskArn: before.taskArn }, 'SIGKILL');
    await waitFor('another leader', RUNNING_MAX_MS, async () => (await leader(stage)).taskArn !== before.taskArn);
    await lookNow(stage.world);
    await lookNow(stage.world);
    expect(await last()).toMatchObject({ n, jobId, end: { state: 'CANCELED' } });
    expect(submissionsToFlink(stage.world)).toHaveLength(submissions);
  });
});
