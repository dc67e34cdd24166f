import { DescribeTasksCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CLUSTER as ECS_CLUSTER } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { autopilot, giveOrder, LOOK_NOW, lookNow, statusOfJob } from './support/autopilot.ts';
import { openBus } from './support/bus.ts';
import { killJobManager, running, sampleJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { functionLines, submissionsToFlink } from './support/logs.ts';
import { queueAt } from './support/queue.ts';
import { productOutputs } from './support/stack.ts';
import { installProduct, openStage, type Stage } from './support/stage.ts';

const CLUSTER = 'operated';
const JOB = 'steered';
const TARGET = `${CLUSTER}/${JOB}`;

/** A JobManager that comes back with its slots. */
const READY_MAX_MS = 120_000;

/** The first try of the function and two more, a minute and two later on AWS. */
const FAILED_MAX_MS = 240_000;

describe('what people order, on a real Flink', () => {
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

  const order = (kind: string, target: string, who: string, why: string) =>
    giveOrder(stage.world, kind, target, '--who', who, '--why', why);
  const submitted = () => submissionsToFlink(stage.world).length;

  test('paused, the lost job stays away and the status says who wants it so and why; resumed, it runs', async () => {
    await order('pause', TARGET, 'ann', 'the database is moved');
    await killJobManager(stage);
    const paused = await waitFor('a JobManager that could take it', READY_MAX_MS, async () => {
      const job = await statusOfJob(stage.world, CLUSTER, JOB);
      return job?.because.includes('attempt 1 is lost') ? job : undefined;
    });
    expect(paused).toMatchObject({
      seen: 'absent',
      verdict: 'wait',
      because: expect.stringContaining('not done: paused by ann until it is resumed: the database is moved'),
      pause: { who: 'ann', why: 'the database is moved' },
    });
    // Each of these orders is a pass, too.
    await order('pause', CLUSTER, 'bob', 'the network is moved');
    await order('resume', TARGET, 'ann', 'the database is there');
    expect((await statusOfJob(stage.world, CLUSTER, JOB))?.because).toContain('not done: paused by bob');
    expect(submitted()).toBe(1);
    await order('resume', CLUSTER, 'bob', 'the network is there');
    const { jobId } = await running(stage, JOB);
    expect(await stage.memory.attempts(CLUSTER, JOB)).toMatchObject([
      { n: 1, end: { state: 'LOST' } },
      { n: 2, jobId },
    ]);
    expect(submitted()).toBe(2);
  });

  test('a changed manifest is drift and touches nothing; applied, the job is cancelled once and runs by the new one', async () => {
    const { jobId: old } = await running(stage, JOB);
    const wanted = sampleJob(JOB, { args: ['--accounts', '7'] });
    await installProduct(stage, { name: CLUSTER, jobs: [wanted] });
    await lookNow(stage.world, CLUSTER);
    expect(await statusOfJob(stage.world, CLUSTER, JOB)).toMatchObject({
      verdict: 'steady',
      remembered: { attempt: 2, jobId: old },
      drift: { keys: ['args'], wanted: { args: wanted.args } },
    });
    expect((await running(stage, JOB)).jobId).toBe(old);
    expect(submitted()).toBe(2);

    await order('apply', TARGET, 'ann', 'release 14');
    const { jobId } = await waitFor('attempt 3', READY_MAX_MS, async () => {
      const last = (await stage.memory.attempts(CLUSTER, JOB)).at(-1);
      return last?.n === 3 ? last : undefined;
    });
    expect((await running(stage, JOB)).jobId).toBe(jobId);
    expect((await stage.memory.attempts(CLUSTER, JOB)).slice(1)).toMatchObject([
      { n: 2, jobId: old, end: { state: 'CANCELED' } },
      { n: 3, jobId, spec: { args: wanted.args } },
    ]);
    expect((await statusOfJob(stage.world, CLUSTER, JOB))?.drift).toBeUndefined();
    expect(submitted()).toBe(3);
  });

  test('the history has each order and each effect once, with who and why; no order is left', async () => {
    const { answer } = await autopilot(stage.world, 'history', CLUSTER);
    if (!answer.ok || answer.op !== 'history') throw new Error(`no history: ${JSON.stringify(answer)}`);
    const entries = answer.entries.toReversed().filter(({ because }) => !because.includes(LOOK_NOW));
    const done = entries.filter(({ what }) => what !== 'accepted');
    expect(done.map(({ what, attempt, because }) => [what, attempt, because])).toEqual([
      ['run', 1, 'it was never submitted'],
      ['pause', 1, 'ann: the database is moved'],
      ['pause', 0, 'bob: the network is moved'],
      ['resume', 1, 'ann: the database is there'],
      ['resume', 0, 'bob: the network is there'],
      ['run', 2, 'attempt 1 is lost with its JobManager'],
      ['apply', 2, 'ann: release 14'],
      ['cancel', 2, 'apply: ann: release 14'],
      ['run', 3, 'apply: ann: release 14'],
    ]);
    expect(entries.filter(({ what }) => what === 'accepted').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(await autopilot(stage.world, 'orders')).toMatchObject({ code: 0, answer: { op: 'orders', orders: [] } });
    expect(await alerts.told()).toEqual([]);
  });

  test('an event of ours that cannot be read is tried again and then kept for a person; the job is not touched (F06)', async () => {
    const bus = await openBus(stage.world);
    onTestFinished(() => bus.close());
    const failed = await queueAt(stage.world, (await productOutputs(stage.world)).FailedEventsUrl ?? '');
    onTestFinished(() => failed.close());
    const { jobId, taskArn } = await running(stage, JOB);
    const fromMs = Date.now();
    const [task] =
      (await stage.ecs.send(new DescribeTasksCommand({ cluster: ECS_CLUSTER, tasks: [taskArn] }))).tasks ?? [];
    const detail = { clusterArn: task?.clusterArn, group: task?.group, lastStatus: 'RUNNING', version: 1 };
    await bus.put({ source: 'aws.ecs', 'detail-type': 'ECS Task State Change', resources: [taskArn], detail });
    const kept = await waitFor('the failed event', FAILED_MAX_MS, async () => {
      const messages = await failed.take();
      return messages.length > 0 ? messages : undefined;
    });
    expect(kept.map((body) => JSON.parse(body))).toMatchObject([
      {
        requestPayload: { source: 'aws.ecs', detail },
        responsePayload: { errorMessage: expect.stringContaining('has no text in detail: taskArn') },
      },
    ]);
    expect(await functionLines(stage.world, 'task-started', fromMs)).not.toContainEqual(
      expect.objectContaining({ line: expect.objectContaining({ message: 'event received' }) }),
    );
    expect((await running(stage, JOB)).jobId).toBe(jobId);
    expect(submitted()).toBe(3);
  });
});
