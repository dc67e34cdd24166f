import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLUSTER as ECS_CLUSTER } from '../../../local/deploy/deployments.ts';
import { isRunning, listJobs } from '../../../local/show/list-jobs.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { lastAttempt } from '../support/attempts.ts';
import { giveOrder } from '../support/autopilot.ts';
import { checkpointsOf, deleteBelow, STATE_DIRS } from '../support/bucket.ts';
import { type Gates, openGates, type Way } from '../support/gates.ts';
import { RUNNING_MAX_MS, statefulJob } from '../support/jobs.ts';
import { judgeCopiesOfEachTest, leader, runsOnLeader, zookeeperOf } from '../support/led.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { lookNow } from '../support/look-now.ts';
import { overlapJobManagers, redeployJobManagers } from '../support/rolling.ts';
import { type ClusterEntry, installProduct, jobManagers, openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'led-outages';
const JOB = 'counting';
const TOLD_MAX_MS = 300_000;

let stage: Stage;
let gates: Gates;
let alerts: Alerts;
let startedMs = 0;
beforeAll(async () => {
  stage = await openStage(CLUSTER, undefined, {}, 2);
  gates = await openGates(stage.world);
  await deploy({ leader: { quorum: gates.quorum, clusterId: `/${ECS_CLUSTER}` } });
  alerts = await subscribe(stage.world);
  startedMs = Date.now();
  stage.world.agent.startTasks();
  await runs();
  await waitFor('the job to be seen', RUNNING_MAX_MS, async () => {
    await lookNow(stage.world);
    return (await last()).sightedOn !== undefined;
  });
});
afterAll(async () => {
  alerts?.close();
  gates?.close();
  await stage?.close();
});

const deploy = (led: Pick<ClusterEntry, 'leader'>): Promise<void> => {
  const jobs = [statefulJob(JOB, CLUSTER, '1 s')];
  return installProduct(stage, { name: CLUSTER, restPort: gates.restPort, ...led, ...STATE_DIRS, jobs });
};

const last = () => lastAttempt(stage, CLUSTER, JOB);
const runs = () => runsOnLeader(stage, JOB);

/** Looks again and again for so long. */
const lookFor = async (forMs: number): Promise<void> => {
  const untilMs = Date.now() + forMs;
  await waitFor('the time to pass', forMs + RUNNING_MAX_MS, async () => {
    await lookNow(stage.world);
    return Date.now() >= untilMs;
  });
};

/** Looks until something was told that was not told before. */
const toldAfter = (count: number) =>
  waitFor('an alert', TOLD_MAX_MS, async () => {
    await lookNow(stage.world);
    const told = await alerts.told();
    return told.length > count ? told.slice(count) : undefined;
  });

/** Through `trouble` the job keeps its id, nothing is submitted, and at most one incident is told, with its end. Gives its code. */
const untouched = async (trouble: () => Promise<unknown>): Promise<string | undefined> => {
  const { n, jobId } = await last();
  const submissions = submissionsToFlink(stage.world).length;
  const before = (await alerts.told()).length;
  // Outages follow each other within minutes here; each is judged as the only one.
  stage.world.agent.forgetStopped();
  await trouble();
  expect(await runs()).toBe(jobId);
  const told = await waitFor('what was told to be over', RUNNING_MAX_MS, async () => {
    await lookNow(stage.world);
    const since = (await alerts.told()).slice(before);
    return since.length % 2 === 0 ? since : undefined;
  });
  const [opened] = told;
  const both = opened === undefined ? [] : [opened, { ...opened, state: 'closed' }];
  expect(told).toEqual(both);
  expect(await last()).toMatchObject({ n, jobId });
  expect(submissionsToFlink(stage.world)).toHaveLength(submissions);
  return opened?.code;
};

/** Cut until a person was told. */
const untilTold = (way: Way) => async (): Promise<void> => {
  const before = (await alerts.told()).length;
  gates.cut(way);
  await toldAfter(before).finally(() => gates.mend(way));
};

describe('a cluster with high availability in trouble', () => {
  judgeCopiesOfEachTest(
    () => stage,
    () => startedMs,
  );

  test('we are cut off from the JobManagers, and Flink is well: one incident, closed afterwards (S7, F13)', async () => {
    expect(await untouched(untilTold('jobmanagers'))).toBe('CLUSTER_UNSEEN');
  });

  test('we are cut off from ZooKeeper, and Flink is well: one incident, closed afterwards (F11)', async () => {
    expect(await untouched(untilTold('zookeeper'))).toBe('LEADER_UNKNOWN');
  });

  for (const seconds of [5, 30, 90])
    test(`ZooKeeper is away for ${seconds} s: the same id, nothing submitted (S8, F100)`, async () => {
      await untouched(async () => {
        await zookeeperOf(stage).kill();
        await lookFor(seconds * 1_000);
        await zookeeperOf(stage).start();
      });
    });

  for (const seconds of [15, 90])
    test(`the leader is frozen for ${seconds} s: the same id, nothing submitted (S6, F116)`, async () => {
      await untouched(async () => {
        const { taskArn } = await leader(stage);
        await stage.world.agent.kill({ taskArn }, 'SIGSTOP');
        await lookFor(seconds * 1_000);
        await stage.world.agent.kill({ taskArn }, 'SIGCONT');
      });
    });

  test('all TaskManagers are killed: Flink brings the job back by itself (S5)', async () => {
    await untouched(async () => {
      await stage.world.agent.kill({ role: 'taskmanager' }, 'SIGKILL');
      await waitFor('Flink to notice', RUNNING_MAX_MS, async () => {
        await lookNow(stage.world);
        const jobs = await listJobs((await leader(stage)).address).catch(() => []);
        return jobs.some((job) => job.name === JOB && !isRunning(job));
      });
    });
  });

  test('both JobManagers are replaced by a rolling deployment: the same id (S14, F126)', async () => {
    const old = jobManagers(stage.world).filter(({ alive }) => alive);
    await untouched(async () => {
      await overlapJobManagers(stage);
      await redeployJobManagers(stage);
      await waitFor('the old ones to end', RUNNING_MAX_MS, async () => {
        await lookNow(stage.world);
        const ended = jobManagers(stage.world).filter(({ lastStatus }) => lastStatus === 'STOPPED');
        return old.every(({ taskArn }) => ended.some((task) => task.taskArn === taskArn));
      });
    });
  });

  test('the manifest has no `leader`: nothing is done, one incident, closed when it has one again (F128)', async () => {
    const withoutLeader = async () => {
      const before = (await alerts.told()).length;
      await deploy({});
      await toldAfter(before);
      await deploy({ leader: { quorum: gates.quorum, clusterId: `/${ECS_CLUSTER}` } });
    };
    expect(await untouched(withoutLeader)).toBe('HA_UNSUPPORTED');
  });

  test('a job that no leader can recover: one incident that names it, and the way out leads out (F117)', async () => {
    const { n, jobId } = await last();
    await waitFor('a checkpoint', RUNNING_MAX_MS, async () => (await checkpointsOf(stage.world, jobId)).length > 0);
    const submissions = submissionsToFlink(stage.world).length;
    const before = (await alerts.told()).length;
    await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGSTOP');
    await deleteBelow(stage.world, 'ha/');
    await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGKILL');
    expect(await toldAfter(before)).toMatchObject([{ code: 'LEADER_UNKNOWN', state: 'open' }]);
    expect((await alerts.bodies()).at(-1)).toContain(`${JOB} (${jobId})`);
    expect(submissionsToFlink(stage.world)).toHaveLength(submissions);
    for (const jobs of ['jobgraphs', 'execution-plans'])
      await zookeeperOf(stage)
        .command('deleteall', `/flink/${ECS_CLUSTER}/${jobs}/${jobId}`)
        .catch(() => undefined); // each Flink has one of them
    await waitFor('its end to be seen', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return (await last()).end?.state === 'GONE';
    });
    await giveOrder(stage.world, 'release', `${CLUSTER}/${JOB}`, '--why', 'its node is deleted');
    const next = await waitFor('the next attempt', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      const attempt = await last();
      return attempt.n === n + 1 && attempt.sightedOn !== undefined ? attempt : undefined;
    });
    expect(await runs()).toBe(next.jobId);
    expect(next.source).toMatchObject({ attempt: n });
    expect(submissionsToFlink(stage.world)).toHaveLength(submissions + 1);
    const told = (await alerts.told()).slice(before);
    expect(told.filter(({ code }) => code === 'LEADER_UNKNOWN').map(({ state }) => state)).toEqual(['open', 'closed']);
  });
});
