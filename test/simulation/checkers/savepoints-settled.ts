import { defaults } from '../../../lib/core/defaults.ts';
import { attemptOf } from '../../../lib/core/identity.ts';
import type { Attempt, Cluster, ClusterMemory, Job, Savepoint, SavepointStatus } from '../../../lib/core/model.ts';
import { durationMs } from '../../../lib/core/times.ts';
import { effectsOf } from '../sim.ts';
import { answerOf } from '../state.ts';
import { CHECKPOINTS, SAVEPOINTS } from '../world/snapshot-runs.ts';
import type { JobCopy } from '../world/truth.ts';
import type { Run } from './checker.ts';
import { isLeft } from './explanations-of-state.ts';

/** What is not yet as it should be with the savepoints of a job that runs, and with what its earlier runs left; asked in the calm. */
export const savepointsWrong = (
  run: Run,
  cluster: Cluster,
  job: Job,
  memory: ClusterMemory,
  copy: JobCopy,
): string | undefined => {
  const { attempts = [] } = memory.jobs[job.name] ?? {};
  const attempt = attempts.find(({ jobId }) => jobId === copy.jobId);
  if (attempt === undefined || !isAtWork(cluster, job, memory)) return undefined;
  return (
    unsettled(attempt) ??
    unheard(run, cluster, attempt) ??
    untold(run, cluster, job) ??
    overdue(run, job, attempts, attempt) ??
    surplus(run, job, attempts) ??
    leftOver(run, cluster, job, attempts, attempt)
  );
};

/** What stands in the way of the cluster, or of the job, stands in the way of its savepoints. */
const isAtWork = (cluster: Cluster, job: Job, { incidents }: ClusterMemory): boolean =>
  job.enabled &&
  job.mode === undefined &&
  cluster.mode === undefined &&
  !incidents.some(({ state, code, job: of = job.name }) => state === 'open' && of === job.name && !harmless.has(code));

const harmless: ReadonlySet<string> = new Set(['SAVEPOINT_FAILED', 'STATE_AT_RISK', 'RESTORED_OLDER', 'STARTED_EMPTY']);

const unsettled = ({ jobId, savepoint, stop }: Attempt): string | undefined => {
  if (stop !== undefined) return `${jobId} is to end`;
  return savepoint !== undefined && isOpen(savepoint) ? `a savepoint of ${jobId} is neither there nor over` : undefined;
};

const isOpen = ({ path, failed }: Savepoint): boolean => path === undefined && failed === undefined;

/**
 * The newest savepoint that it took is on record. Where the table was lost since, or nobody heard of it before Flink forgot its trigger, a later one
 * that a person took hides it from the ledger: Flink tells the last one. Where its trigger told it, it is on record beside the ledger.
 */
const unheard = (
  { sim, world }: Run,
  { name }: Cluster,
  { jobId, savepoint, snapshots = [] }: Attempt,
): string | undefined => {
  const { triggers, losses } = world.truth;
  const newest = triggers.findLast((trigger) => trigger.jobId === jobId && trigger.path !== undefined);
  if (newest === undefined || snapshots.some(({ path }) => path === newest.path)) return undefined;
  const overMs = newest.overMs ?? 0;
  const isForgotten = losses.some(({ cluster, atMs }) => cluster === name && atMs >= overMs);
  const isHeard = sim.calls.some(
    (call) =>
      call.name === 'flink.savepointStatus' &&
      call.args[2] === newest.triggerId &&
      (answerOf(call) as SavepointStatus | undefined)?.state === 'completed',
  );
  // Who heard of it may not have come to write it down before the trigger went with its leader.
  if (isLeft(world.truth, newest)) return undefined;
  const isBeside = savepoint?.path === newest.path;
  const isHidden = snapshots.some(({ kind, atMs }) => kind === 'savepoint' && atMs > overMs);
  if (isHidden && (isForgotten || !isHeard || isBeside)) return undefined;
  return `${newest.path} is complete, and not on record`;
};

/** Of each savepoint that a person ordered it is on record what came of it, unless what was to come was lost since with the table. */
const untold = ({ world }: Run, cluster: Cluster, { name }: Job): string | undefined => {
  const lostMs = world.truth.losses.findLast((loss) => loss.cluster === cluster.name)?.atMs ?? 0;
  const lines = world.store.log(cluster.name).filter(({ job }) => job === name);
  const missing = lines.find(
    ({ what, orderId, jobId, atMs }, index) =>
      what === 'savepoint' &&
      orderId !== undefined &&
      // By the clock of who wrote it.
      atMs - defaults.clockSkewMs >= lostMs &&
      !lines.slice(index).some((line) => line.jobId === jobId && line.what.startsWith('savepoint ')),
  );
  return missing && `nobody knows what came of the order ${missing.orderId}`;
};

const overdue = ({ sim }: Run, { savepoints }: Job, attempts: readonly Attempt[], { savepoint }: Attempt) => {
  const everyMs = savepoints && durationMs(savepoints.every);
  if (savepoints === undefined || everyMs === undefined) return undefined;
  const taken = attempts
    .flatMap(({ snapshots = [], source }) => (source === undefined ? snapshots : [...snapshots, source]))
    .filter(({ kind }) => kind === 'savepoint')
    .map(({ atMs }) => atMs);
  const failedMs = savepoint?.failed === undefined ? undefined : savepoint.sentMs;
  const again = failedMs === undefined ? [] : [failedMs + Math.min(everyMs, defaults.savepointAgainMs)];
  // One that was heard of as its leader ended is in no ledger.
  const heardMs = savepoint?.path === undefined ? [] : [savepoint.sentMs ?? 0];
  const dueMs = Math.max(...[...taken, ...heardMs].map((ms) => ms + everyMs), ...again, Number.NEGATIVE_INFINITY);
  return dueMs <= sim.time.nowMs() ? `a savepoint is due each ${savepoints.every}, and the newest is older` : undefined;
};

/** Of those that are there, and known, and that nothing was started from. Each is given up once: what stays although it was is an honest limit. */
const surplus = ({ world }: Run, { lineage, savepoints }: Job, attempts: readonly Attempt[]): string | undefined => {
  if (savepoints?.keep === undefined) return undefined;
  const known = new Set(
    attempts.flatMap(({ snapshots = [] }) =>
      snapshots.filter(({ disposedMs }) => disposedMs === undefined).map(({ path }) => path),
    ),
  );
  const used = new Set(
    attempts.flatMap(({ source, restored, nextFrom }) => [
      source?.path,
      restored?.path,
      nextFrom?.kind === 'snapshot' ? nextFrom.path : undefined,
    ]),
  );
  const kept = world.truth
    .snapshots(lineage)
    .filter(({ path, jobId }) => path.startsWith(`${SAVEPOINTS}/${jobId}/`) && known.has(path) && !used.has(path));
  return kept.length > savepoints.keep
    ? `${savepoints.keep} savepoints are kept, and there are ${kept.map(({ path }) => path)}`
    : undefined;
};

/**
 * Directories of runs before the one whose snapshot this one began from, once this one has a checkpoint and all others run, too: what was asked to go
 * is looked at again much later.
 */
const leftOver = (
  { sim, world }: Run,
  cluster: Cluster,
  { lineage, garbage, state }: Job,
  attempts: readonly Attempt[],
  { jobId, source, restored, snapshots = [] }: Attempt,
): string | undefined => {
  if (garbage !== 'delete' || state === 'none') return undefined;
  if (!snapshots.some(({ path }) => path.startsWith(`${CHECKPOINTS}/${jobId}/`))) return undefined;
  const copies = world.truth.copies.filter((copy) => copy.cluster === cluster.name);
  if (cluster.jobs.some((job) => !copies.some((copy) => copy.lineage === job.lineage))) return undefined;
  const needed = [source, restored, ...attempts.map(({ nextFrom }) => nextFrom)].map((from) =>
    from !== undefined && 'path' in from ? from.path : undefined,
  );
  const order = attempts.findLast(({ nextFrom }) => nextFrom !== undefined);
  const before = source?.attempt ?? (order?.nextFrom?.kind === 'empty' ? order.n + 1 : 0);
  const asked = new Set(effectsOf(sim, 'snapshots.remove').map(({ args }) => args[0]));
  // An older memory does not know that it ended, and Flink has forgotten it.
  const isOpen = (jobId: string): boolean =>
    attempts.some((each) => each.jobId === jobId && each.end === undefined) &&
    world.truth.losses.some((loss) => loss.cluster === cluster.name);
  const left = world.truth.snapshots(lineage).find((each) => {
    const home = `${CHECKPOINTS}/${each.jobId}`;
    const isEarlier = (attemptOf(lineage, each.jobId) ?? before) < before;
    return (
      isEarlier &&
      !isOpen(each.jobId) &&
      each.path.startsWith(home) &&
      !asked.has(home) &&
      !needed.some((path) => path?.includes(`/${each.jobId}/`))
    );
  });
  return left && `${left.path} is not needed any more`;
};
