import { accumulators } from '../../local/show/accumulators.ts';
import { waitFor } from '../../local/wait-for.ts';
import type { World } from '../../local/world.ts';
import { checkpointsOf } from '../../test/e2e/support/bucket.ts';

/** What a job is known to have counted, and that a complete checkpoint holds. */
export type Counted = { readonly jobId: string; readonly count: number };

/** Waits until a checkpoint is complete that was begun after the job's counter was seen. */
export const countedAndKept = async (address: string, jobId: string): Promise<Counted> => {
  const count = await firstCount(address, jobId);
  const seenMs = Date.now();
  await waitFor(`a checkpoint of ${jobId}`, CHECKPOINT_MAX_MS, async () => {
    const { latest } = await checkpoints(address, jobId);
    return (latest.completed?.trigger_timestamp ?? 0) > seenMs;
  });
  return { jobId, count };
};

/** Where the newest complete checkpoint of a job lies that runs no more. */
export const newestOf = async (world: World, jobId: string): Promise<string> => {
  const path = (await checkpointsOf(world, jobId)).at(-1)?.path;
  if (path === undefined) throw new Error(`There is no checkpoint of ${jobId}.`);
  return path;
};

/** Throws unless the job began from that snapshot and counts on from there. */
export const goesOn = async (address: string, jobId: string, path: string, before: Counted): Promise<void> => {
  const { latest } = await checkpoints(address, jobId);
  const from = latest.restored?.external_path;
  if (from !== path) throw new Error(`${jobId} began from ${from}, and ${path} is the newest snapshot.`);
  const count = await firstCount(address, jobId);
  if (count < before.count)
    throw new Error(`${jobId} counts ${count}, and ${before.jobId} had counted ${before.count}.`);
};

/** Its interval is 10 s. */
const CHECKPOINT_MAX_MS = 60_000;
/** Accumulators come with the heartbeats of the TaskManager. */
const COUNT_MAX_MS = 30_000;

const firstCount = (address: string, jobId: string): Promise<number> =>
  waitFor(`the counter of ${jobId}`, COUNT_MAX_MS, async () => {
    const count = Number((await accumulators(address, jobId)).get('transactions') ?? 0);
    return count > 0 && count;
  });

const checkpoints = async (address: string, jobId: string): Promise<Checkpoints> => {
  const answer = await fetch(`http://${address}:8081/jobs/${jobId}/checkpoints`, {
    signal: AbortSignal.timeout(2_000),
  });
  if (!answer.ok) throw new Error(`the checkpoints of ${jobId}: ${answer.status}`);
  return (await answer.json()) as Checkpoints;
};

type Checkpoints = {
  readonly latest: {
    readonly completed?: { readonly trigger_timestamp: number } | null;
    readonly restored?: { readonly external_path: string } | null;
  };
};
