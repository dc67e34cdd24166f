import { defaults } from '../defaults.ts';
import { isTerminal, jobsOf, viewsOf } from '../liveness.ts';
import type { Attempt, Checkpoints, FlinkView, Observation, SavepointStatus, Snapshot, Stop } from '../model.ts';

/** What Flink said of an attempt's snapshots, put into its ledger. The same look twice changes nothing. */
export const withLedger = (attempt: Attempt, views: readonly FlinkView[]): Attempt =>
  withStopFailed(
    views.reduce((known, view) => ledgerOf(known, view), attempt),
    views,
  );

/**
 * COMPLETED is not success. Where its checkpoints outlive a cancel the job is cancelled instead, and goes on from the newest of them; elsewhere
 * it runs on and the order is over.
 */
const withStopFailed = (attempt: Attempt, views: readonly FlinkView[]): Attempt => {
  if (attempt.stop?.how !== 'savepoint' || attempt.end !== undefined) return attempt;
  const { stop, ...rest } = attempt;
  const status = statusIn(stop, views);
  if (status?.state !== 'failed') return attempt;
  const { triggerId: _t, sentMs: _s, to: _o, directory: _d, ...order } = stop;
  const isKept = attempt.checkpointing?.retention === 'retain' && attempt.hadState === true;
  return { ...rest, savepointFailed: status.because, ...(isKept ? { stop: { ...order, how: 'cancel' } } : {}) };
};

/** What the JobManagers that answer know of its savepoint. */
export const statusOf = (asked: Pick<Stop, 'triggerId'>, observation: Observation): SavepointStatus | undefined =>
  statusIn(asked, viewsOf(observation));

const statusIn = ({ triggerId }: Pick<Stop, 'triggerId'>, views: readonly FlinkView[]): SavepointStatus | undefined =>
  views.flatMap(({ savepoints }) => {
    const status = triggerId === undefined ? undefined : savepoints[triggerId];
    return status?.known === true ? [status.value] : [];
  })[0];

const ledgerOf = (attempt: Attempt, view: FlinkView): Attempt => {
  const seen = view.checkpoints[attempt.jobId];
  const config = view.checkpointConfigs[attempt.jobId];
  const known = config?.known ? { ...attempt, checkpointing: config.value } : attempt;
  if (seen === undefined || !seen.known) return known;
  const { completed, restored } = seen.value;
  const hadState = completed > 0 || seen.value.snapshots.length > 0;
  const snapshots = newSnapshots(known, seen.value, view);
  const news = {
    ...(hadState && known.hadState !== true ? { hadState } : {}),
    // What it began from; later ones are what Flink itself took up again.
    ...(restored === undefined || known.restored !== undefined ? {} : { restored }),
    ...(snapshots === undefined ? {} : { snapshots }),
  };
  return Object.keys(news).length === 0 ? known : { ...known, ...news };
};

const hasEnded = ({ jobId }: Attempt, view: FlinkView): boolean =>
  jobsOf(view).some((job) => job.jobId === jobId && isTerminal(job.state));

/**
 * A checkpoint comes every few seconds, and a listing finds the newest: each is not worth a write. The first one is, since it
 * shows where they are, a savepoint, whose place nobody else may know, and the last one.
 */
const newSnapshots = (
  attempt: Attempt,
  { snapshots: seen }: Checkpoints,
  view: FlinkView,
): readonly Snapshot[] | undefined => {
  const { snapshots = [] } = attempt;
  const fresh = seen.filter(({ path }) => !snapshots.some((known) => known.path === path));
  if (fresh.length === 0) return undefined;
  const newestMs = snapshots[0]?.atMs ?? Number.NEGATIVE_INFINITY;
  const isDue = (snapshot: Snapshot): boolean =>
    snapshot.kind === 'savepoint' || snapshot.atMs - newestMs >= defaults.ledgerEveryMs || hasEnded(attempt, view);
  if (!fresh.some(isDue)) return undefined;
  return bounded(newestFirst([...snapshots, ...fresh]));
};

/** Savepoints are few, and nobody else may know where they are: checkpoints never crowd them out. */
const bounded = (snapshots: readonly Snapshot[]): readonly Snapshot[] => {
  const newest = (kind: Snapshot['kind'], most: number) =>
    snapshots.filter((each) => each.kind === kind).slice(0, most);
  return newestFirst([...newest('checkpoint', defaults.snapshotsMax), ...newest('savepoint', defaults.savepointsMax)]);
};

/** By checkpoint id, which grows within an attempt. */
export const newestFirst = <T extends Snapshot>(snapshots: readonly T[]): readonly T[] =>
  snapshots.toSorted((a, b) => b.id - a.id);
