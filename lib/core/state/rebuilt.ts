import { type Attempt, emptyJobMemory, type Job, type JobMemory, type Observation } from '../model.ts';
import { specOf } from '../remember.ts';

/**
 * Whether the directory of an attempt tells of what the table lost: it is on no record, and no later start of the autopilot is, which would have
 * judged it then (of a long life only the newest attempts are kept), nor what a later one left, which tells enough.
 */
export const isForgotten = ({ n, jobId }: Pick<Attempt, 'n' | 'jobId'>, attempts: readonly Attempt[]): boolean =>
  !attempts.some(
    (each) => each.jobId === jobId || (each.n > n && (each.posts.length > 0 || each.leftIn !== undefined)),
  );

/**
 * The memory with the attempt that is known by its leftovers alone, so that it counts as one that may have had state, and an order finds something
 * to end. What it was made from nobody knows: the next one is made from the manifest.
 */
export const withRebuilt = (
  memory: JobMemory = emptyJobMemory,
  job: Job,
  { snapshots }: Observation,
  nowMs: number,
): JobMemory => {
  const search = snapshots?.[job.name];
  const written = search?.known ? search.value.written : undefined;
  if (written === undefined || !isForgotten(written, memory.attempts)) return memory;
  const { n, jobId, directory } = written;
  const attempt: Attempt = {
    n,
    jobId,
    revision: job.revision,
    spec: specOf(job),
    jarVersion: 'unknown',
    jarSizeBytes: 0,
    taskDefinitionArn: 'unknown',
    flinkVersion: 'unknown',
    posts: [],
    leftIn: directory,
    end: { state: 'LOST', atMs: nowMs },
    acknowledged: true,
  };
  return { ...memory, attempts: [...memory.attempts, attempt].sort((a, b) => a.n - b.n) };
};
