import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLUSTER as ECS_CLUSTER } from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { giveOrder } from '../support/autopilot.ts';
import { checkpointsOf, deleteBelow } from '../support/bucket.ts';
import { RUNNING_MAX_MS } from '../support/jobs.ts';
import { judgeCopiesOfEachTest, zookeeperOf } from '../support/led.ts';
import { type LedStage, openLedStage, TROUBLE_MAX_MS, toldAfter, untouched } from '../support/led-stage.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { lookNow } from '../support/look-now.ts';
import { overlapJobManagers, redeployJobManagers } from '../support/rolling.ts';
import { jobManagers } from '../support/stage.ts';

const CLUSTER = 'led-changes';
const JOB = 'counting';

let led: LedStage;
beforeAll(async () => {
  led = await openLedStage(CLUSTER, JOB);
});
afterAll(() => led?.close());

describe('a cluster with high availability that is changed, or cannot be recovered', {
  timeout: TROUBLE_MAX_MS,
}, () => {
  judgeCopiesOfEachTest(
    () => led.stage,
    () => led.startedMs,
  );

  test('both JobManagers are replaced by a rolling deployment: the same id (S14, F126)', async () => {
    const old = jobManagers(led.stage.world).filter(({ alive }) => alive);
    await untouched(led, async () => {
      await overlapJobManagers(led.stage);
      await redeployJobManagers(led.stage);
      await waitFor('the old ones to end', RUNNING_MAX_MS, async () => {
        await lookNow(led.stage.world);
        const ended = jobManagers(led.stage.world).filter(({ lastStatus }) => lastStatus === 'STOPPED');
        return old.every(({ taskArn }) => ended.some((task) => task.taskArn === taskArn));
      });
    });
  });

  test('the manifest has no `leader`: nothing is done, one incident, closed when it has one again (F128)', async () => {
    const withoutLeader = async () => {
      const before = (await led.alerts.told()).length;
      await led.deploy(false);
      await toldAfter(led, before);
      await led.deploy(true);
    };
    expect(await untouched(led, withoutLeader)).toBe('HA_UNSUPPORTED');
  });

  test('a job that no leader can recover: one incident that names it, and the way out leads out (F117)', async () => {
    const { n, jobId } = await led.last();
    await waitFor('a checkpoint', RUNNING_MAX_MS, async () => (await checkpointsOf(led.stage.world, jobId)).length > 0);
    const submissions = submissionsToFlink(led.stage.world).length;
    const before = (await led.alerts.told()).length;
    await led.stage.world.agent.kill({ role: 'jobmanager' }, 'SIGSTOP');
    await deleteBelow(led.stage.world, 'ha/');
    await led.stage.world.agent.kill({ role: 'jobmanager' }, 'SIGKILL');
    expect(await toldAfter(led, before)).toMatchObject([{ code: 'LEADER_UNKNOWN', state: 'open' }]);
    expect((await led.alerts.bodies()).at(-1)).toContain(`${JOB} (${jobId})`);
    expect(submissionsToFlink(led.stage.world)).toHaveLength(submissions);
    for (const jobs of ['jobgraphs', 'execution-plans'])
      await zookeeperOf(led.stage)
        .command('deleteall', `/flink/${ECS_CLUSTER}/${jobs}/${jobId}`)
        .catch(() => undefined); // each Flink has one of them
    await waitFor('its end to be seen', RUNNING_MAX_MS, async () => {
      await lookNow(led.stage.world);
      return (await led.last()).end?.state === 'GONE';
    });
    await giveOrder(led.stage.world, 'release', `${CLUSTER}/${JOB}`, '--why', 'its node is deleted');
    const next = await waitFor('the next attempt', RUNNING_MAX_MS, async () => {
      await lookNow(led.stage.world);
      const attempt = await led.last();
      return attempt.n === n + 1 && attempt.sightedOn !== undefined ? attempt : undefined;
    });
    expect(await led.runs()).toBe(next.jobId);
    expect(next.source).toMatchObject({ attempt: n });
    expect(submissionsToFlink(led.stage.world)).toHaveLength(submissions + 1);
    const told = (await led.alerts.told()).slice(before);
    expect(told.filter(({ code }) => code === 'LEADER_UNKNOWN').map(({ state }) => state)).toEqual(['open', 'closed']);
  });
});
