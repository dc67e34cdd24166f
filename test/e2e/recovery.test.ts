import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { deployProduct } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import { type Bus, openBus } from './support/bus.ts';
import { killJobManager, readyAfter, running, sampleJob, submitByHand } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { functionLines, submissionsToFlink } from './support/logs.ts';
import { quiet } from './support/quiet.ts';
import { lastDeployed } from './support/stack.ts';
import { openStage, type Stage, writeManifest } from './support/stage.ts';

const CLUSTER = 'recovery';
const JOB = 'totals';

/** The schedule's minute, and how late the emulator may look at it. */
const PERIOD_MS = 60_000 + 1_000;
/** A cold start of the function and one look at everything. */
const LOOK_MS = 5_000;

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

describe('one job on a real Flink', () => {
  judgeEachTest(() => stage);

  const attempts = () => stage.memory.attempts(CLUSTER, JOB);
  const posts = async () => (await attempts()).map((each) => [each.n, each.jobId, each.posts.map(({ id }) => id)]);
  const endsOf = async () => (await attempts()).map(({ n, end }) => [n, end?.state]);

  test('a first start submits the job once (I1)', async () => {
    stage.world.agent.startTasks();
    const { jobId } = await running(stage, JOB);
    expect(await attempts()).toMatchObject([{ n: 1, jobId, posts: [{ id: 1 }] }]);
    expect(submissionsToFlink(stage.world)).toMatchObject([{ name: JOB, jobId }]);
  });

  test('the JobManager is killed: ECS replaces it and the job is submitted again, once, under a new id (I1, F42)', async () => {
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

  test('the JobManager is stopped through ECS and drains beside its successor: the job again, once, under a new id (F126)', async () => {
    const stopped = await running(stage, JOB);
    await stage.world.agent.stopTask(stopped.taskArn, 'by hand');
    const { jobId, taskArn } = await running(stage, JOB);
    expect(taskArn).not.toBe(stopped.taskArn);
    expect((await attempts()).at(-1)).toMatchObject({ n: 3, jobId });
    expect(submissionsToFlink(stage.world)).toHaveLength(3);
  });

  test('events that come again and out of order submit nothing (F01, F02, I12)', async () => {
    const before = { posts: await posts(), submissions: submissionsToFlink(stage.world) };
    const rings = await quiet(stage, bus);
    expect(new Set(rings.map(({ detail }) => detail.lastStatus))).toEqual(new Set(['RUNNING', 'STOPPED']));
    expect(new Set(rings.map(({ detail }) => detail.taskArn)).size).toBe(3);
    for (const event of rings.toReversed()) await bus.putAgain(event);
    for (const event of rings) await bus.sendAgain(event.detail.taskArn);
    await quiet(stage, bus);
    expect(await posts()).toEqual(before.posts);
    expect(submissionsToFlink(stage.world)).toEqual(before.submissions);
  });

  test('all events are lost: the schedule alone gets there within one period of the JobManager being ready (F03, I5)', async () => {
    await quiet(stage, bus);
    onTestFinished(() => bus.deliverEvents());
    await bus.loseEvents();
    const fromMs = Date.now();
    const killed = await killJobManager(stage);
    const readyMs = await readyAfter(stage, killed, 1);
    const { jobId } = await running(stage, JOB);
    const last = (await attempts()).at(-1);
    expect(last).toMatchObject({ n: 4, jobId });
    expect((last?.posts.at(-1)?.sentMs ?? Number.NaN) - readyMs).toBeLessThanOrEqual(PERIOD_MS + LOOK_MS);
    expect(await functionLines(stage.world, 'task-started', fromMs)).toEqual([]);
  });

  test('a manifest with mistakes is refused with all of them named, and what is deployed stays as it is (F97)', async () => {
    const before = await lastDeployed(stage.world);
    const manifest = writeManifest(stage.world, {
      name: 'mistakes',
      restPort: 80_810,
      jobs: [
        { ...sampleJob('twice'), parallelism: 0 },
        { ...sampleJob('twice'), jar: 'twice.jar', main: 'Main' },
      ],
    });
    const text = await deployProduct(stage.world, { manifest }).then(() => 'deployed', String);
    expect(text).toContain('flink-jobs.yml has 5 problems:');
    expect(text).toContain('clusters[0].restPort: found 80810');
    expect(text).toContain('clusters[0].jobs[0].parallelism: found 0');
    expect(text).toContain('clusters[0].jobs[1].jar: found "twice.jar"');
    expect(text).toContain('clusters[0].jobs[1].main: unknown name');
    expect(text).toContain('clusters[0].jobs[1].name: "twice" is already');
    expect(text).not.toMatch(/^\s+at /m);
    expect(await lastDeployed(stage.world)).toEqual(before);
  });
});

describe('the watcher is red', () => {
  test('when a second copy of the job is started by hand', async () => {
    const fromMs = Date.now();
    const { taskArn, jobId } = await running(stage, JOB);
    await waitFor('a first sample', SEEN_MAX_MS, async () => (await stage.watcher.verdict(fromMs)).red.length === 0);
    const byHand = await submitByHand(stage, taskArn, JOB);
    const verdict = await waitFor('the watcher to see it', SEEN_MAX_MS, async () => {
      const { red } = await stage.watcher.verdict(fromMs);
      return red.length > 0 ? red : undefined;
    });
    // More than one where a state changed between two samples.
    for (const red of verdict) {
      expect(red).toMatch(`2 live copies of ${JOB} at`);
      expect(red).toContain(jobId);
      expect(red).toContain(byHand);
    }
  });

  test('when a JobManager does not answer for longer than it may', async () => {
    const fromMs = Date.now();
    onTestFinished(async () => void (await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGCONT')));
    await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGSTOP');
    const gap = await waitFor('the watcher to miss it', SEEN_MAX_MS, async () => {
      const { red } = await stage.watcher.verdict(fromMs);
      return red.find((text) => text.includes('was not known for'));
    });
    expect(gap).toMatch(/was not known for (2[5-9]\d|[3-9]\d\d|\d{4,}) ms/);
  });
});

/** Long enough for a copy to start. */
const SEEN_MAX_MS = 30_000;
