import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uploadSampleJar } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import { autopilot, giveOrder } from './support/autopilot.ts';
import { type Bus, openBus } from './support/bus.ts';
import { RUNNING_MAX_MS, running, sampleJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { submissionsToFlink } from './support/logs.ts';
import { quiet } from './support/quiet.ts';
import { type RunProxy, startRunProxy } from './support/run-proxy.ts';
import { nextScene, openStage, type Stage } from './support/stage.ts';
import { keepVersions } from './support/versions.ts';

/** The product reaches the JobManagers through the proxy. */
const restPort = 18_081;

/** How long the product waits for the answer of a submission, and how long main() takes here. */
const SUBMIT_CALL_MS = 20_000;
const MAIN_MS = 30_000;

const LOST = 'reply-lost';
const SLOW = 'slow';
const QUICK = 'quick';

describe('submissions that go badly, on a real Flink', () => {
  let stage: Stage;
  let bus: Bus;
  let proxy: RunProxy;
  beforeAll(async () => {
    stage = await openStage('submission', { name: LOST, restPort, jobs: [sampleJob(LOST)] });
    bus = await openBus(stage.world);
    await keepVersions(stage.world);
    await uploadSampleJar(stage.world);
    proxy = startRunProxy(stage.world, restPort);
  });
  afterAll(async () => {
    proxy?.close();
    bus?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const submissionsOf = (name: string) => submissionsToFlink(stage.world).filter((one) => one.name === name);
  const callsFor = (id: string) => proxy.runs.filter(({ jobId }) => jobId === id);

  test('the reply to a submission is lost: one job (F27)', async () => {
    proxy.next('reply lost');
    stage.world.agent.startTasks();
    const { jobId } = await running(stage, LOST);
    await quiet(stage, bus);
    expect(proxy.runs).toEqual([{ jobId, fate: 'reply lost' }]);
    expect(await stage.memory.attempts(LOST, LOST)).toMatchObject([{ n: 1, jobId, posts: [{ answer: 'broken' }] }]);
    expect(submissionsOf(LOST)).toMatchObject([{ name: LOST, jobId }]);
  });

  test('of two jobs one has a slow main(): the other runs at once (F130)', async () => {
    const jobs = [sampleJob(SLOW, { args: ['--main-sleep-ms', String(MAIN_MS)] }), sampleJob(QUICK)];
    await nextScene(stage, { name: SLOW, restPort, jobs });
    const { jobId } = await running(stage, QUICK);
    const [slow] = await stage.memory.attempts(SLOW, SLOW);
    const [quick] = await stage.memory.attempts(SLOW, QUICK);
    expect(quick?.jobId).toBe(jobId);
    expect(slow?.posts).toHaveLength(1);
    const [submitted] = submissionsOf(QUICK);
    expect((submitted?.atMs ?? 0) - (slow?.posts[0]?.sentMs ?? 0)).toBeLessThan(SUBMIT_CALL_MS);
    expect(submissionsOf(SLOW)).toEqual([]);
  });

  test('its main() is slower than the wait for the answer: one job all the same (F115, F121)', async () => {
    const attempts = () => stage.memory.attempts(SLOW, SLOW);
    await waitFor('the submission to stay unanswered', MAIN_MS, async () => {
      return (await attempts())[0]?.posts[0]?.answer === 'unanswered';
    });
    for (const { taskArn } of stage.world.agent.tasks().slice(-1)) await bus.sendAgain(taskArn);
    expect(submissionsOf(SLOW)).toEqual([]);
    const { jobId } = await running(stage, SLOW);
    await quiet(stage, bus);
    expect(await attempts()).toMatchObject([{ n: 1, jobId, posts: [{ id: 1, answer: 'unanswered' }] }]);
    expect((await attempts())[0]?.posts).toHaveLength(1);
    expect(callsFor(jobId)).toHaveLength(1);
    expect(submissionsOf(SLOW)).toMatchObject([{ name: SLOW, jobId }]);
    expect(submissionsOf(QUICK)).toHaveLength(1);
  });

  test('an order that lies there is carried out by the next event, once', async () => {
    const atMs = Date.now();
    const order = { id: `${atMs}-e2e`, kind: 'pause', job: QUICK, who: 'e2e', why: 'to see it', atMs } as const;
    await stage.memory.order(SLOW, { ...order, untilMs: atMs + 1, expiresMs: atMs + RUNNING_MAX_MS });
    for (const { taskArn } of stage.world.agent.tasks().slice(-1)) await bus.sendAgain(taskArn);
    await waitFor('the order to be carried out', RUNNING_MAX_MS, async () => {
      const { answer } = await autopilot(stage.world, 'orders', SLOW);
      return answer.ok && answer.op === 'orders' && answer.orders.length === 0;
    });
    const { answer } = await autopilot(stage.world, 'history', `${SLOW}/${QUICK}`);
    const whats = answer.ok && answer.op === 'history' ? answer.entries.map(({ what }) => what) : [];
    expect(whats.filter((what) => what === 'pause')).toEqual(['pause']);
  });

  test('a job is restarted by an order: one copy after the other', async () => {
    await giveOrder(stage.world, 'restart', `${SLOW}/${QUICK}`, '--why', 'to see it');
    await waitFor('attempt 2', RUNNING_MAX_MS, async () =>
      (await stage.memory.attempts(SLOW, QUICK)).some(({ n }) => n === 2),
    );
    await running(stage, QUICK);
    expect(submissionsOf(QUICK)).toHaveLength(2);
  });
});
