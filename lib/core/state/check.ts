import { allRun } from '../after.ts';
import { defaults } from '../defaults.ts';
import { attemptOf } from '../identity.ts';
import type { Copy } from '../liveness.ts';
import type { Attempt, Check, Effect, Job, JobMemory, Observation } from '../model.ts';
import { sinceOrder } from './ordered.ts';
import { normalPath } from './snapshot-places.ts';

/** Once a day, and once for each attempt, when it has a checkpoint of its own; sooner where one did not see or delete all. */
export const isCheckDue = (job: Job, { check }: JobMemory, attempt: Attempt, copy: Copy, nowMs: number): boolean => {
  if (!job.enabled || job.state === 'none' || !allRun(copy.job) || !hasOwnCheckpoint(attempt)) return false;
  if (check === undefined || check.attempt !== attempt.n) return true;
  return nowMs >= check.atMs + (check.soon ? defaults.leftAgainMs : defaults.checkEveryMs);
};

const hasOwnCheckpoint = ({ jobId, snapshots = [] }: Attempt): boolean =>
  snapshots.some(({ kind, path }) => kind === 'checkpoint' && path.includes(`/${jobId}/`));

/** The memory with what a check found; what it could not see stays as it was, and is looked at again soon: the next day is far. */
export const withCheck = (memory: JobMemory, job: Job, { checks }: Observation, nowMs: number): JobMemory => {
  const found = checks?.[job.name];
  const attempt = memory.attempts.at(-1);
  if (found === undefined || attempt === undefined) return memory;
  const expiry = found.expiry.known ? found.expiry.value : memory.check?.expiry;
  const left = found.left.known ? found.left.value : memory.check?.left;
  const check: Check = {
    attempt: attempt.n,
    atMs: nowMs,
    ...(expiry === undefined ? {} : { expiry }),
    ...(left === undefined || left.length === 0 ? {} : { left }),
    ...(found.expiry.known && found.left.known ? {} : { soon: true }),
  };
  return { ...memory, check };
};

/**
 * Whether nothing needs the directory of this id any more. Its attempt is one of our own lineage that has ended, and older than what the newest was
 * started from: that, and anything newer that was passed over, is what one would go back to. The newest one runs, and has a checkpoint of its own,
 * which needs no file of another where it was restored with NO_CLAIM.
 */
export const isLeft = (job: Job, { attempts }: JobMemory, path: string): boolean => {
  const newest = attempts.at(-1);
  const directory = normalPath(path);
  const jobId = directory.slice(directory.lastIndexOf('/') + 1);
  const n = attemptOf(job.lineage, jobId) ?? Number.NaN;
  if (newest === undefined || newest.end !== undefined || !hasOwnCheckpoint(newest)) return false;
  if (newest.source !== undefined && newest.spec.claimMode === 'CLAIM') return false;
  if (!isBehind(n, newest, attempts) || attempts.some((each) => each.jobId === jobId && mayRun(each))) return false;
  const needed = [
    newest.source?.path,
    newest.restored?.path,
    ...attempts.map(({ nextFrom }) => (nextFrom?.kind === 'snapshot' ? nextFrom.path : undefined)),
  ];
  return !needed.some((each) => each?.split('/').includes(jobId));
};

/** An empty start goes past nothing by itself: only a person's order says that what was before it is wanted no more. */
const isBehind = (n: number, { source }: Attempt, attempts: readonly Attempt[]): boolean => {
  if (source !== undefined) return n < source.attempt;
  const order = sinceOrder(attempts);
  return order.from?.kind === 'empty' && n <= order.n;
};

/** One whose submission nobody heard of has no end; nothing of it is left where each process that it went to has ended. */
const mayRun = ({ end, sightedOn, posts }: Attempt): boolean =>
  end === undefined && (sightedOn !== undefined || posts.some(({ processEnded }) => !processEnded));

type DeleteLeft = Extract<Effect, { kind: 'delete-left' }>;

/** The next directory that goes, where the manifest says so. */
export const garbageCall = (job: Job, memory: JobMemory, attempt: Attempt): DeleteLeft | undefined => {
  if (job.garbage !== 'delete' || memory.check?.attempt !== attempt.n) return undefined;
  const left = memory.check.left?.find(({ path }) => isLeft(job, memory, path));
  return left === undefined ? undefined : { kind: 'delete-left', job: job.name, attempt, path: left.path };
};

/** What is about to be deleted is not deleted twice; what is left of it is found by the next check, which comes soon. */
export const withoutLeft = (memory: JobMemory, path: string): JobMemory => {
  const { check } = memory;
  if (check === undefined) return memory;
  const { left = [], ...rest } = check;
  const others = left.filter((each) => each.path !== path);
  return { ...memory, check: { ...rest, soon: true, ...(others.length === 0 ? {} : { left: others }) } };
};
