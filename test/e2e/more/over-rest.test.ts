import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { checkpointsOf, STATE_DIRS } from '../support/bucket.ts';
import { RUNNING_MAX_MS, running, statefulJob } from '../support/jobs.ts';
import { judgeCopiesOfEachTest, leader, zookeeperOf } from '../support/led.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { lookNow } from '../support/look-now.ts';
import { openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'over-rest';
const JOB = 'counting';

/** Each look asks everybody, also while another one is under way. */
const LOOK_EVERY_MS = 5_000;

/** Absence takes two minutes to prove, before whatever else there is to wait for. */
const ABSENT_MAX_MS = RUNNING_MAX_MS + 100_000;

let stage: Stage;
let alerts: Alerts;
let startedMs = 0;
beforeAll(async () => {
  const jobs = [statefulJob(JOB, 'over-rest', '1 s')];
  stage = await openStage(CLUSTER, { name: CLUSTER, leader: 'rest', ...STATE_DIRS, jobs }, {}, 2);
  alerts = await subscribe(stage.world);
  startedMs = Date.now();
});
afterAll(async () => {
  alerts?.close();
  await stage?.close();
});

describe('two JobManagers whose ZooKeeper nobody may ask', () => {
  judgeCopiesOfEachTest(
    () => stage,
    () => startedMs,
  );

  const attempts = () => stage.memory.attempts(CLUSTER, JOB);
  const seen = async (what: string, n: number, besides: readonly string[] = []) =>
    waitFor(
      what,
      ABSENT_MAX_MS,
      async () => {
        await lookNow(stage.world);
        const last = (await attempts()).at(-1);
        const { peers = [] } = last?.sightedOn ?? {};
        const isOther = peers.length === 2 && peers.some((process) => !besides.includes(process));
        return last?.n === n && isOther ? last : undefined;
      },
      LOOK_EVERY_MS,
    );
  const onlyOne = async () => {
    expect(await attempts()).toHaveLength(1);
    expect(submissionsToFlink(stage.world)).toHaveLength(1);
    expect(await alerts.told()).toEqual([]);
  };

  test('both start at once: one submission, to one of them, when neither listed the job for long enough (S1, I1)', async () => {
    stage.world.agent.startTasks();
    const attempt = await seen('the job to be seen', 1);
    expect(attempt.posts[0]?.to.peers).toHaveLength(2);
    expect((await running(stage, JOB)).jobId).toBe(attempt.jobId);
    await onlyOne();
  });

  test('the leader is killed: Flink brings the job back under its id, nothing is submitted, nobody is told (S2, F14)', async () => {
    const [before] = await attempts();
    const { taskArn } = await leader(stage);
    await stage.world.agent.kill({ taskArn }, 'SIGKILL');
    const after = await seen('the job beside a new process', 1, before?.sightedOn?.peers);
    expect(after.jobId).toBe(before?.jobId);
    expect((await running(stage, JOB)).jobId).toBe(before?.jobId);
    await onlyOne();
  });

  test('all are killed and ZooKeeper is emptied: the next attempt goes on from the newest checkpoint (S4, I2)', async () => {
    const zookeeper = zookeeperOf(stage);
    const [before] = await attempts();
    const id = before?.jobId ?? '';
    await waitFor('a checkpoint', RUNNING_MAX_MS, async () => (await checkpointsOf(stage.world, id)).length > 0);
    await zookeeper.kill();
    // An empty ZooKeeper refuses every client that saw the old one, so TaskManagers have to begin anew, too.
    await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGKILL');
    await stage.world.agent.kill({ role: 'taskmanager' }, 'SIGKILL');
    const newest = (await checkpointsOf(stage.world, id)).at(-1);
    await zookeeper.start({ empty: true });
    const next = await seen('the next attempt', 2);
    expect((await attempts()).at(0)?.end?.state).toBe('LOST');
    expect(next.source).toMatchObject({ attempt: 1, path: newest?.path });
    expect((await running(stage, JOB)).jobId).toBe(next.jobId);
    expect(submissionsToFlink(stage.world)).toHaveLength(2);
  });
});
