import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaderOf } from '../../../local/control/leader.ts';
import { isRunning, listJobs } from '../../../local/show/list-jobs.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { checkpointsOf, STATE_DIRS } from '../support/bucket.ts';
import { RUNNING_MAX_MS, running, statefulJob } from '../support/jobs.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { lookNow } from '../support/look-now.ts';
import { report } from '../support/report.ts';
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
  const last = async () => {
    const attempt = (await stage.memory.attempts(CLUSTER, JOB)).at(-1);
    if (attempt === undefined) throw new Error('there is no attempt');
    return attempt;
  };
  const sessionOf = async () => (await last()).sightedOn?.led?.session;
  const leader = () => waitFor('a leader', RUNNING_MAX_MS, () => leaderOf(stage.world).catch(() => undefined));
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
    // The newest JobManager may be the one that is frozen.
    return waitFor('the job to run', RUNNING_MAX_MS, async () => {
      const jobs = await listJobs((await leader()).address).catch(() => []);
      return jobs.find((job) => job.name === JOB && isRunning(job));
    });
  };
  const zookeeper = () => {
    const { zookeeper: found } = stage.world;
    if (found === undefined) throw new Error('the world has no ZooKeeper');
    return found;
  };
  const quietly = async (trouble: () => Promise<unknown>): Promise<void> => {
    const { jobId } = await last();
    const after = await through(trouble);
    expect(after.jobId).toBe(jobId);
    expect(await last()).toMatchObject({ n: 1, jobId });
    expect(await stage.watcher.copies(startedMs)).toEqual([]);
    expect(submissionsToFlink(stage.world)).toHaveLength(1);
    expect(await alerts.told()).toEqual([]);
  };

  test('the leader’s task is stopped through ECS: the same id, nothing submitted, nobody told (S2)', async ({
    onTestFailed,
  }) => {
    onTestFailed(async () => console.error(await report(stage, startedMs)));
    await quietly(async () => stage.world.agent.stopTask((await last()).sightedOn?.taskArn ?? '', 'by hand'));
  });

  test('both JobManagers are killed and what Flink keeps stays: the same id, nothing submitted, nobody told (S3, F17)', async ({
    onTestFailed,
  }) => {
    onTestFailed(async () => console.error(await report(stage, startedMs)));
    await quietly(() => stage.world.agent.kill({ role: 'jobmanager' }, 'SIGKILL'));
  });

  test('the leader is frozen until another one leads, and wakes: nothing is done, and the job is the same (S6, F116)', async ({
    onTestFailed,
  }) => {
    onTestFailed(async () => console.error(await report(stage, startedMs)));
    const taskArn = (await last()).sightedOn?.taskArn ?? '';
    await quietly(() => stage.world.agent.kill({ taskArn }, 'SIGSTOP'));
    await stage.world.agent.kill({ taskArn }, 'SIGCONT');
    await quietly(async () => stage.world.agent.stopTask((await last()).sightedOn?.taskArn ?? '', 'by hand'));
  });

  test('all are killed and ZooKeeper is emptied: the next attempt goes on from the newest checkpoint (S4, I2)', async ({
    onTestFailed,
  }) => {
    onTestFailed(async () => console.error(await report(stage, startedMs)));
    const before = await last();
    await waitFor(
      'a checkpoint',
      RUNNING_MAX_MS,
      async () => (await checkpointsOf(stage.world, before.jobId)).length > 0,
    );
    await zookeeper().kill();
    // An empty ZooKeeper refuses every client that saw the old one, so TaskManagers have to begin anew, too.
    await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGKILL');
    await stage.world.agent.kill({ role: 'taskmanager' }, 'SIGKILL');
    const newest = (await checkpointsOf(stage.world, before.jobId)).at(-1);
    await zookeeper().start({ empty: true });
    const next = await waitFor('the next attempt', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      const attempt = await last();
      return attempt.n === 2 && attempt.sightedOn !== undefined ? attempt : undefined;
    });
    expect(next.source).toMatchObject({ attempt: 1, path: newest?.path });
    expect((await running(stage, JOB)).jobId).toBe(next.jobId);
    expect(await stage.watcher.copies(startedMs)).toEqual([]);
    expect(submissionsToFlink(stage.world)).toHaveLength(2);
  });

  test('a person cancels it and then the leader is killed: it stays down (F63)', async ({ onTestFailed }) => {
    onTestFailed(async () => console.error(await report(stage, startedMs)));
    const before = await leader();
    const { jobId, n } = await last();
    const submissions = submissionsToFlink(stage.world).length;
    await fetch(`http://${before.address}:8081/jobs/${jobId}?mode=cancel`, { method: 'PATCH' });
    await waitFor('its end to be seen', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return (await last()).end?.state === 'CANCELED';
    });
    await stage.world.agent.kill({ taskArn: before.taskArn }, 'SIGKILL');
    await waitFor('another leader', RUNNING_MAX_MS, async () => (await leader()).taskArn !== before.taskArn);
    await lookNow(stage.world);
    await lookNow(stage.world);
    expect(await last()).toMatchObject({ n, jobId, end: { state: 'CANCELED' } });
    expect(submissionsToFlink(stage.world)).toHaveLength(submissions);
  });
});
