import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bus, openBus } from './support/bus.ts';
import { killJobManager, readyAfter, running, sampleJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { functionLines, submissionsToFlink } from './support/logs.ts';
import { quiet } from './support/quiet.ts';
import { openStage, type Stage } from './support/stage.ts';

const CLUSTER = 'recovery';
const JOB = 'totals';

/** The schedule's minute, and how late the emulator may look at it. */
const PERIOD_MS = 60_000 + 1_000;
/** A cold start of the function and one look at everything. */
const LOOK_MS = 5_000;

describe('one job on a real Flink', () => {
  let stage: Stage;
  let bus: Bus;
  beforeAll(async () => {
    stage = await openStage(CLUSTER, { name: CLUSTER, jobs: [sampleJob(JOB)] });
    bus = await openBus(stage.world);
  });
  afterAll(async () => {
    bus?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const attempts = () => stage.memory.attempts(CLUSTER, JOB);
  const posts = async () => (await attempts()).map((each) => [each.n, each.jobId, each.posts.map(({ id }) => id)]);
  const endsOf = async () => (await attempts()).map(({ n, end }) => [n, end?.state]);

  test('a first start submits the job once', async () => {
    stage.world.agent.startTasks();
    const { jobId } = await running(stage, JOB);
    expect(await attempts()).toMatchObject([{ n: 1, jobId, posts: [{ id: 1 }] }]);
    expect(submissionsToFlink(stage.world)).toEqual([{ name: JOB, jobId }]);
  });

  test('the JobManager is killed: ECS replaces it and the job is submitted again, once, under a new id', async () => {
    const [first] = await attempts();
    const killed = await killJobManager(stage);
    const { jobId, taskArn } = await running(stage, JOB);
    expect(taskArn).not.toBe(killed);
    expect(jobId).not.toBe(first?.jobId);
    expect(await endsOf()).toEqual([
      [1, 'LOST'],
      [2, undefined],
    ]);
    expect(submissionsToFlink(stage.world).filter((one) => one.jobId === jobId)).toHaveLength(1);
    expect(submissionsToFlink(stage.world)).toHaveLength(2);
  });

  test('events that come again and out of order submit nothing', async () => {
    const before = { posts: await posts(), submissions: submissionsToFlink(stage.world) };
    const rings = await quiet(stage, bus);
    expect(new Set(rings.map(({ detail }) => detail.lastStatus))).toEqual(new Set(['RUNNING', 'STOPPED']));
    expect(new Set(rings.map(({ detail }) => detail.taskArn)).size).toBe(2);
    for (const event of rings.toReversed()) await bus.putAgain(event);
    for (const event of rings) await bus.sendAgain(event.detail.taskArn);
    await quiet(stage, bus);
    expect(await posts()).toEqual(before.posts);
    expect(submissionsToFlink(stage.world)).toEqual(before.submissions);
  });

  test('all events are lost: the schedule alone gets there within one period of the JobManager being ready', async () => {
    await quiet(stage, bus);
    await bus.loseEvents();
    const fromMs = Date.now();
    const killed = await killJobManager(stage);
    const readyMs = await readyAfter(stage, killed, 1);
    const { jobId } = await running(stage, JOB);
    const last = (await attempts()).at(-1);
    expect(last).toMatchObject({ n: 3, jobId });
    expect((last?.posts.at(-1)?.sentMs ?? Number.NaN) - readyMs).toBeLessThanOrEqual(PERIOD_MS + LOOK_MS);
    expect(await functionLines(stage.world, 'task-started', fromMs)).toEqual([]);
    await bus.deliverEvents();
  });
});
