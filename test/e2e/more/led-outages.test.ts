import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRunning, listJobs } from '../../../local/show/list-jobs.ts';
import { waitFor } from '../../../local/wait-for.ts';
import type { Way } from '../support/gates.ts';
import { RUNNING_MAX_MS } from '../support/jobs.ts';
import { judgeCopiesOfEachTest, leader, zookeeperOf } from '../support/led.ts';
import { type LedStage, openLedStage, TROUBLE_MAX_MS, toldAfter, untouched } from '../support/led-stage.ts';
import { lookNow } from '../support/look-now.ts';
import type { Stage } from '../support/stage.ts';

const CLUSTER = 'led-outages';
const JOB = 'counting';

let led: LedStage;
beforeAll(async () => {
  led = await openLedStage(CLUSTER, JOB);
});
afterAll(() => led?.close());

describe('a cluster with high availability in trouble', { timeout: TROUBLE_MAX_MS }, () => {
  judgeCopiesOfEachTest(
    () => led.stage,
    () => led.startedMs,
  );

  test('we are cut off from the JobManagers, and Flink is well: one incident, closed afterwards (S7, F13)', async () => {
    expect(await untouched(led, untilTold(led, 'jobmanagers'))).toBe('CLUSTER_UNSEEN');
  });

  test('we are cut off from ZooKeeper, and Flink is well: one incident, closed afterwards (F11)', async () => {
    expect(await untouched(led, untilTold(led, 'zookeeper'))).toBe('LEADER_UNKNOWN');
  });

  for (const seconds of [5, 30, 90])
    test(`ZooKeeper is away for ${seconds} s: the same id, nothing submitted (S8, F100)`, async () => {
      await untouched(led, async () => {
        await zookeeperOf(led.stage).kill();
        await lookFor(led.stage, seconds * 1_000);
        await zookeeperOf(led.stage).start();
      });
    });

  for (const seconds of [15, 90])
    test(`the leader is frozen for ${seconds} s: the same id, nothing submitted (S6, F116)`, async () => {
      await untouched(led, async () => {
        const { taskArn } = await leader(led.stage);
        await led.stage.world.agent.kill({ taskArn }, 'SIGSTOP');
        await lookFor(led.stage, seconds * 1_000);
        await led.stage.world.agent.kill({ taskArn }, 'SIGCONT');
      });
    });

  test('all TaskManagers are killed: Flink brings the job back by itself (S5)', async () => {
    await untouched(led, async () => {
      await led.stage.world.agent.kill({ role: 'taskmanager' }, 'SIGKILL');
      await waitFor('Flink to notice', RUNNING_MAX_MS, async () => {
        await lookNow(led.stage.world);
        const jobs = await listJobs((await leader(led.stage)).address).catch(() => []);
        return jobs.some((job) => job.name === JOB && !isRunning(job));
      });
    });
  });
});

/** Looks again and again for so long. */
const lookFor = async ({ world }: Stage, forMs: number): Promise<void> => {
  const untilMs = Date.now() + forMs;
  await waitFor('the time to pass', forMs + RUNNING_MAX_MS, async () => {
    await lookNow(world);
    return Date.now() >= untilMs;
  });
};

/** Cut until a person was told. */
const untilTold = (led: LedStage, way: Way) => async (): Promise<void> => {
  const before = (await led.alerts.told()).length;
  led.gates.cut(way);
  await toldAfter(led, before).finally(() => led.gates.mend(way));
};
