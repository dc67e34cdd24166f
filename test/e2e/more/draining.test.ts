import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { delayEnd, readyAfter, running, sampleJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { functionLines, submissionsToFlink } from '../support/logs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'draining';
const JOB = 'drained';

/** The successor is looked at many times a second. */
const LOOK_MAX_MS = 10_000;

describe('two JobManagers at once, on a real Flink', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(CLUSTER, { name: CLUSTER, jobs: [sampleJob(JOB)] });
    stage.world.agent.startTasks();
    await running(stage, JOB);
  });
  afterAll(() => stage?.close());
  judgeEachTest(() => stage);

  test('the old one still runs the job when its successor answers: submitted only when the old one has ended (F126)', async () => {
    const old = await running(stage, JOB);
    const letItEnd = await delayEnd(stage, old.taskArn, old.jobId);
    await stage.world.agent.stopTask(old.taskArn, 'by hand');
    const readyMs = await readyAfter(stage, old.taskArn, 0);
    await waitFor('a look at the successor', LOOK_MAX_MS, async () => {
      const lines = await functionLines(stage.world, 'task-started', readyMs);
      return lines.some(({ line }) => line.rung === 'ready' && line.decision === 'wait');
    });
    await letItEnd();
    const { jobId } = await running(stage, JOB);

    const [first, next] = (await stage.watcher.watched()).records;
    const answeredMs = next?.samples.find(({ answer }) => answer.kind === 'jobs')?.answeredAtMs;
    expect(answeredMs).toBeLessThan(first?.endedAtMs ?? 0);
    expect(await stage.memory.attempts(CLUSTER, JOB)).toMatchObject([
      { n: 1, end: { state: 'LOST' } },
      { n: 2, jobId },
    ]);
    expect(submissionsToFlink(stage.world)).toHaveLength(2);
  });
});
