import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import { checkpointsOf, deleteMetadata } from './support/bucket.ts';
import { counted, countsBelow } from './support/counter.ts';
import { killJobManager, readyAfter, running, submitByHand } from './support/jobs.ts';
import { jobManagers, openStage, type Stage } from './support/stage.ts';

const JOB = 'counting';
const OUT = 'out';
const SETTINGS = {
  args: ['--out', `s3://${BUCKET}/${OUT}`],
  flinkConfiguration: { 'execution.checkpointing.interval': '1 s' },
};
const CHECKPOINT_MAX_MS = 60_000;

// Needs Maven once: without it the local world keeps state in a folder, and says so.
describe('the state of Flink in the S3 of the local world', () => {
  let stage: Stage;
  let jobId: string;
  beforeAll(async () => {
    stage = await openStage('state');
    stage.world.agent.startTasks();
    await readyAfter(stage, 'none', 1);
  });
  afterAll(() => stage?.close());

  const start = async (savepointPath?: string) => {
    const { taskArn = '', address = '' } = jobManagers(stage.world).at(-1) ?? {};
    const restore = savepointPath === undefined ? {} : { savepointPath };
    jobId = await submitByHand(stage, taskArn, JOB, { ...SETTINGS, ...restore });
    await running(stage, JOB);
    return { address, taskArn };
  };
  const checkpointsAfter = (count: number) =>
    waitFor('checkpoints in the bucket', CHECKPOINT_MAX_MS, async () => {
      const checkpoints = await checkpointsOf(stage.world, jobId);
      return (checkpoints.at(-1)?.id ?? 0) > count && checkpoints;
    });
  const lose = async (taskArn: string) => {
    await killJobManager(stage);
    await readyAfter(stage, taskArn, 1);
  };

  test('holds the newest three checkpoints of a job, each complete', async () => {
    expect(stage.world.state).toEqual({ kind: 's3' });
    await start();
    expect((await checkpointsAfter(5)).length).toBeLessThanOrEqual(4); // the oldest goes once the newest is there
  });

  test('outlives a killed JobManager: started from the newest checkpoint, the job counts on and nothing is lost or doubled', async () => {
    const { taskArn, address } = jobManagers(stage.world).at(-1) ?? { taskArn: '', address: '' };
    const seen = (await counted(address, jobId)) ?? 0;
    expect(seen).toBeGreaterThan(0);
    await checkpointsAfter((await newest(stage, jobId)).id + 1); // begun after that was seen
    await lose(taskArn);
    const last = await newest(stage, jobId);
    const next = await start(last.path);
    const first = await waitFor('the counter', CHECKPOINT_MAX_MS, () => counted(next.address, jobId));
    expect(first).toBeGreaterThanOrEqual(seen);
    await checkpointsAfter(last.id + 3);
    const { lines, ...wrong } = await countsBelow(stage.world, OUT);
    expect(lines).toBeGreaterThan(seen);
    expect(wrong).toEqual({ lost: 0, doubled: 0 });
  });

  test('an older checkpoint than the newest shows as doubled counts', async () => {
    const { taskArn = '' } = jobManagers(stage.world).at(-1) ?? {};
    await lose(taskArn);
    await deleteMetadata(stage.world, await newest(stage, jobId));
    const { id, path } = await newest(stage, jobId);
    await start(path);
    await checkpointsAfter(id + 2);
    const { lost, doubled } = await countsBelow(stage.world, OUT);
    expect(lost).toBe(0);
    expect(doubled).toBeGreaterThan(0);
  });
});

const newest = async ({ world }: Stage, jobId: string) => {
  const checkpoint = (await checkpointsOf(world, jobId)).at(-1);
  if (checkpoint === undefined) throw new Error(`the bucket has no checkpoint of ${jobId}`);
  return checkpoint;
};
