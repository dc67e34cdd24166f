import { hasEnded, unseenTask } from '../absence.ts';
import { allRun } from '../after.ts';
import type { Context } from '../decision.ts';
import { defaults } from '../defaults.ts';
import type { Copy } from '../liveness.ts';
import type { Attempt, Effect, Job, Observation, Savepoint, Snapshot } from '../model.ts';
import { statusOf } from './ledger.ts';
import { holdsPath, isSamePath, normalPath } from './snapshot-places.ts';

/** Flink has been asked, and nobody knows yet what comes of it. */
export const isUnderWay = (savepoint: Savepoint | undefined): savepoint is Savepoint =>
  savepoint?.sentMs !== undefined && isOpen(savepoint);

/** Nothing has come of it yet. */
export const isOpen = ({ path, failed }: Savepoint): boolean => path === undefined && failed === undefined;

/**
 * What came of a savepoint beside the job's work: COMPLETED may be a failure, and one that failed may come late. It is over once the ledger has
 * it, as it was not in what the attempts were `before` this look; one that was complete before Flink was asked, and is heard of only now, is another,
 * and so is any while this one may be in progress.
 */
export const withSavepoint = (
  attempt: Attempt,
  before: readonly Attempt[],
  observation: Observation,
  nowMs: number,
): Attempt => {
  if (attempt.savepoint === undefined) return attempt;
  const { savepoint, ...rest } = attempt;
  const known = before.find(({ jobId }) => jobId === attempt.jobId)?.snapshots ?? [];
  const outcome = outcomeIn(savepoint, known, attempt.snapshots);
  if (outcome !== undefined && !mayGoOn(savepoint, outcome, attempt, { observation, nowMs })) return rest;
  const news = isOpen(savepoint) ? newsOf(savepoint, attempt, observation, nowMs) : undefined;
  return news === undefined ? attempt : { ...attempt, savepoint: { ...savepoint, ...news } };
};

/**
 * Flink says so, or nobody knows better: it gave no answer, or knows nothing of a call that may still arrive. That one did arrive is shown by a
 * snapshot that was complete only after it.
 */
const mayGoOn = (
  savepoint: Savepoint,
  outcome: Snapshot,
  { end }: Attempt,
  { observation, nowMs }: Pick<Context, 'observation' | 'nowMs'>,
): boolean => {
  const { to, sentMs = 0 } = savepoint;
  const state = statusOf(savepoint, observation)?.state;
  if (state === 'in-progress') return true;
  if (!isOpen(savepoint) || end !== undefined || (to !== undefined && hasEnded(to, observation))) return false;
  if (state === 'unknown') return outcome.atMs < sentMs && nowMs < sentMs + defaults.savepointLateMs;
  return state === undefined;
};

/**
 * Of these snapshots the one that came of it: where it is known to lie, or, of those that were not `known` before, one below its directory. Of what
 * was never asked for comes none.
 */
export const outcomeIn = (
  { directory, path, sentMs }: Savepoint,
  known: readonly Snapshot[],
  snapshots: readonly Snapshot[] = [],
): Snapshot | undefined => {
  if (sentMs === undefined) return undefined;
  const told = snapshots.find((each) => path !== undefined && isSamePath(each.path, path));
  const fresh = snapshots.filter(
    ({ kind, path: one, atMs }) =>
      kind === 'savepoint' && !holdsPath(known, one) && atMs >= sentMs - defaults.clockSkewMs,
  );
  return told ?? fresh.find((each) => normalPath(each.path).startsWith(`${normalPath(directory)}/`));
};

/** Why there is no savepoint; a later one, also of a person, whom Flink tells alone once it has forgotten the trigger, makes up for it. */
export const failureOf = ({ savepoint, snapshots = [] }: Attempt): string | undefined => {
  const { failed, sentMs = 0 } = savepoint ?? {};
  return snapshots.some(({ kind, atMs }) => kind === 'savepoint' && atMs > sentMs) ? undefined : failed;
};

const newsOf = (
  savepoint: Savepoint,
  { end }: Attempt,
  observation: Observation,
  nowMs: number,
): Pick<Savepoint, 'path' | 'failed'> | undefined => {
  const { to, expiresMs, sentMs = 0 } = savepoint;
  const status = statusOf(savepoint, observation);
  if (status?.state === 'completed') return { path: status.path };
  if (status?.state === 'failed') return { failed: status.because };
  if (end !== undefined) return { failed: 'the job ended before it was complete' };
  if (to !== undefined && hasEnded(to, observation))
    return { failed: 'the JobManager that was asked for it has ended' };
  const isSettled = expiresMs <= nowMs && sentMs + defaults.savepointLateMs <= nowMs;
  if (status?.state === 'unknown' && isSettled) return { failed: 'Flink knows nothing of the order' };
  return undefined;
};

/** The call for the savepoint that a live job is to make: made again only where Flink does not know the trigger, so that two are never under way. */
export const savepointCall = (
  job: Job,
  attempt: Attempt,
  copy: Copy,
  context: Context,
): ReturnType<typeof callFor> | undefined => {
  const { savepoint } = attempt;
  const { observation, nowMs } = context;
  if (savepoint === undefined || !isOpen(savepoint) || unseenTask(observation) !== undefined) return undefined;
  const { sentMs, expiresMs } = savepoint;
  const isDue =
    sentMs === undefined
      ? allRun(copy.job)
      : nowMs < expiresMs &&
        nowMs >= sentMs + defaults.cancelAgainMs &&
        statusOf(savepoint, observation)?.state === 'unknown';
  return isDue ? callFor(job, attempt, savepoint, copy, context) : undefined;
};

/** The call, with the attempt as it is committed before it. */
export const callFor = (
  job: Job,
  attempt: Attempt,
  savepoint: Savepoint,
  copy: Copy,
  context: Context,
): Effect & { readonly kind: 'savepoint' } => {
  const triggerId = savepoint.triggerId ?? drawnTrigger(job, attempt, context);
  const sent = { ...attempt, savepoint: { ...savepoint, triggerId, sentMs: context.nowMs, to: copy.on } };
  return { kind: 'savepoint', job: job.name, attempt: sent, to: copy.on };
};

/** A new trigger of Flink's: 32 hex digits, of which the first say whose it is. */
export const drawnTrigger = ({ name }: Job, { jobId }: Attempt, { dice }: Pick<Context, 'dice'>): string =>
  `${jobId.slice(0, 24)}${dice[name] ?? '00000000'}`;
