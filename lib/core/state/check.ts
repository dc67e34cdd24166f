import { allRun } from '../after.ts';
import type { Decision } from '../decision.ts';
import { defaults } from '../defaults.ts';
import { attemptOf } from '../identity.ts';
import type { Copy } from '../liveness.ts';
import type { Attempt, Check, Effect, Job, JobMemory, Observation, Reason, Seen, Snapshot } from '../model.ts';
import { sinceOrder } from './ordered.ts';
import { normalPath } from './snapshot-places.ts';

/** Once a day, and once for each attempt, when it has a checkpoint of its own; sooner where one did not see or delete all. */
export const checkDue = (
  job: Job,
  { check }: JobMemory,
  attempt: Attempt,
  copy: Copy,
  nowMs: number,
): Decision['wantsCheck'] => {
  const own = ownCheckpoints(attempt);
  if (!job.enabled || job.state === 'none' || !allRun(copy.job) || own.length === 0) return undefined;
  const isFirst = check?.attempt !== attempt.n;
  const dueMs = isFirst ? Math.min(...own.map(({ atMs }) => atMs)) : check.atMs + againMs(check);
  if (nowMs >= dueMs + defaults.checkIdleMs) return 'now';
  return isFirst || nowMs >= dueMs ? 'idle' : undefined;
};

const againMs = ({ soon, rulesUnseen }: Check): number => {
  if (soon) return defaults.leftAgainMs;
  return rulesUnseen === undefined ? defaults.checkEveryMs : defaults.rulesAgainMs;
};

const ownCheckpoints = ({ jobId, snapshots = [] }: Attempt): readonly Snapshot[] =>
  snapshots.filter(({ kind, path }) => kind === 'checkpoint' && path.includes(`/${jobId}/`));

/**
 * The memory with what a check found; what it could not see stays as it was, and is looked at again soon: the next day is far. Only rules that nobody
 * may see are asked for less often, since that may last for ever.
 */
export const withCheck = (memory: JobMemory, job: Job, { checks }: Observation, nowMs: number): JobMemory => {
  const found = checks?.[job.name];
  const attempt = memory.attempts.at(-1);
  if (found === undefined || attempt === undefined) return memory;
  const { check: before } = memory;
  const expiry = found.expiry.known ? found.expiry.value : before?.expiry;
  const left = found.left.known ? found.left.value : before?.left;
  const rulesUnseen = refusalOf(found.expiry, before?.rulesUnseen);
  // The start of a newer attempt had to list them.
  const unlisted = refusalOf(found.left, before?.attempt === attempt.n ? before.unlisted : undefined);
  const isSoon = !found.left.known || !(found.expiry.known || isRefused(found.expiry.because));
  const check: Check = {
    attempt: attempt.n,
    atMs: nowMs,
    ...(expiry === undefined ? {} : { expiry }),
    ...(rulesUnseen === undefined ? {} : { rulesUnseen }),
    ...(unlisted === undefined ? {} : { unlisted }),
    ...(left === undefined || left.length === 0 ? {} : { left }),
    ...(isSoon ? { soon: true } : {}),
  };
  return { ...memory, check };
};

/** Why it cannot be seen; what was refused before is still, as far as anybody knows, until it is seen. */
const refusalOf = (seen: Seen<unknown>, before: string | undefined): string | undefined => {
  if (seen.known) return undefined;
  return isRefused(seen.because) ? seen.because.text : before;
};

const isRefused = ({ code }: Reason): boolean => LASTING.has(code);

/** A missing permission, another place, another kind of store: time does not end these. */
const LASTING: ReadonlySet<string> = new Set(['SNAPSHOTS_DENIED', 'SNAPSHOTS_UNREACHABLE', 'SNAPSHOTS_UNSUPPORTED']);

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
  if (newest === undefined || newest.end !== undefined || ownCheckpoints(newest).length === 0) return false;
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
