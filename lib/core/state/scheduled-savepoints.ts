import { unseenTask } from '../absence.ts';
import { allRun } from '../after.ts';
import type { Context } from '../decision.ts';
import { defaults } from '../defaults.ts';
import type { Copy } from '../liveness.ts';
import type { Attempt, Effect, Job, JobMemory, Snapshot } from '../model.ts';
import { durationMs } from '../times.ts';
import { callFor, isOpen } from './savepoints.ts';
import { isSamePath, normalPath, savepointDirsOf } from './snapshot-places.ts';

/** The scheduled savepoint that is due: the newest of the job's lineage is older than `savepoints.every`, and all of its tasks run. */
export const scheduledCall = (
  job: Job,
  memory: JobMemory,
  attempt: Attempt,
  copy: Copy,
  context: Context,
): ReturnType<typeof callFor> | undefined => {
  const { savepoint } = attempt;
  const everyMs = everyMsOf(job);
  if (everyMs === undefined || (savepoint !== undefined && isOpen(savepoint))) return undefined;
  if (!allRun(copy.job) || unseenTask(context.observation) !== undefined) return undefined;
  const isDue = dueMs(memory, attempt, everyMs) <= context.nowMs;
  if (!isDue) return undefined;
  const [directory] = ourDirs(job, memory, context);
  if (directory === undefined) return undefined;
  const wanted = {
    directory: `${directory}/${attempt.jobId}`,
    because: becauseOf(job),
    expiresMs: context.nowMs + defaults.orderWithinMs,
  };
  return callFor(job, attempt, wanted, copy, context);
};

/** One that failed is tried again before anybody is told: a TaskManager may have been replaced under it. 0: it was ordered. */
export const patienceMs = (job: Job, { savepoint }: Attempt): number =>
  savepoint?.because === becauseOf(job) ? againMs(everyMsOf(job) ?? 0) : 0;

const everyMsOf = ({ savepoints }: Job): number | undefined => durationMs(savepoints?.every);

const becauseOf = ({ savepoints }: Job): string => `each ${savepoints?.every}`;

const againMs = (everyMs: number): number => Math.min(everyMs, defaults.savepointAgainMs);

const dueMs = ({ attempts }: JobMemory, { savepoint }: Attempt, everyMs: number): number => {
  const known = attempts.flatMap(({ snapshots = [], source }) =>
    source === undefined ? snapshots : [...snapshots, source],
  );
  const taken = known.filter(({ kind }) => kind === 'savepoint').map(({ atMs }) => atMs + everyMs);
  const { sentMs, failed } = savepoint ?? {};
  const tried = sentMs === undefined ? [] : [sentMs + (failed === undefined ? everyMs : againMs(everyMs))];
  return Math.max(...taken, ...tried, Number.NEGATIVE_INFINITY);
};

/** Where savepoints of ours go. */
const ourDirs = (job: Job, { attempts }: JobMemory, { cluster, readiness }: Context): readonly string[] =>
  readiness.ready ? savepointDirsOf({ cluster, job, attempts, storage: readiness.view.identity.storage }) : [];

type Disposal = Extract<Effect, { kind: 'dispose' }>;

/**
 * The oldest savepoint that is one too many for `savepoints.keep`. Only what the autopilot itself took is ever given up: it lies below the id of the
 * attempt that took it; and never one that an attempt was started from.
 */
export const disposal = (job: Job, memory: JobMemory, { on }: Copy, context: Context): Disposal | undefined => {
  const keep = job.savepoints?.keep;
  if (keep === undefined) return undefined;
  if (memory.attempts.flatMap(savepointsOf).length <= keep) return undefined;
  const dirs = ourDirs(job, memory, context);
  const ours = memory.attempts
    .flatMap((attempt) => {
      const { snapshots = [] } = attempt;
      return savepointsOf(attempt)
        .filter((each) => isOurs(each, attempt, dirs))
        .map((snapshot) => ({ attempt, snapshots, snapshot }));
    })
    .toSorted(newerFirst);
  const inUse = memory.attempts.flatMap(startedFrom);
  const surplus = ours
    .slice(keep)
    .findLast(({ snapshot: { path } }) => !inUse.some((one) => one !== undefined && isSamePath(one, path)));
  if (surplus === undefined) return undefined;
  const { attempt, snapshot } = surplus;
  const snapshots = surplus.snapshots.map((each) =>
    each === snapshot ? { ...each, disposedMs: context.nowMs } : each,
  );
  return {
    kind: 'dispose',
    job: job.name,
    attempt: { ...attempt, snapshots },
    to: on,
    path: snapshot.path,
  };
};

const savepointsOf = ({ snapshots = [] }: Attempt): readonly Snapshot[] =>
  snapshots.filter(({ kind, disposedMs }) => kind === 'savepoint' && disposedMs === undefined);

type Owned = { readonly attempt: Attempt; readonly snapshot: Snapshot };

/** A number may have been given twice, to an adopted job and after a loss of the table to one of ours: then only time tells. */
const newerFirst = (a: Owned, b: Owned): number => {
  if (a.attempt === b.attempt) return b.snapshot.id - a.snapshot.id;
  return b.attempt.n - a.attempt.n || b.snapshot.atMs - a.snapshot.atMs;
};

const isOurs = ({ path }: Snapshot, { jobId }: Attempt, dirs: readonly string[]): boolean =>
  dirs.some((dir) => normalPath(path).startsWith(`${normalPath(dir)}/${jobId}/`));

const startedFrom = ({ source, restored, nextFrom }: Attempt): readonly (string | undefined)[] => [
  source?.path,
  restored?.path,
  nextFrom?.kind === 'snapshot' ? nextFrom.path : undefined,
];
