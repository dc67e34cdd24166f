import { defaults } from './defaults.ts';
import { isTerminal, jobsOf, viewsOf } from './liveness.ts';
import type { Attempt, Checkpoints, FlinkView, Observation, Snapshot } from './model.ts';

/** What Flink said of an attempt's snapshots, put into its ledger. The same look twice changes nothing. */
export const withLedger = (attempt: Attempt, observation: Observation): Attempt =>
  viewsOf(observation).reduce((known, view) => ledgerOf(known, view), attempt);

const ledgerOf = (attempt: Attempt, view: FlinkView): Attempt => {
  const seen = view.checkpoints[attempt.jobId];
  const config = view.checkpointConfigs[attempt.jobId];
  const known = config?.known ? { ...attempt, checkpointing: config.value } : attempt;
  if (seen === undefined || !seen.known) return known;
  const { completed, restored } = seen.value;
  const hadState = completed > 0 || seen.value.snapshots.length > 0 ? ({ hadState: true } as const) : {};
  return {
    ...known,
    ...hadState,
    ...(restored === undefined ? {} : { restored }),
    ...newSnapshots(known, seen.value, hasEnded(attempt, view)),
  };
};

const hasEnded = ({ jobId }: Attempt, view: FlinkView): boolean =>
  jobsOf(view).some((job) => job.jobId === jobId && isTerminal(job.state));

/**
 * A checkpoint comes every few seconds, and a listing finds the newest: each is not worth a write. The first one is, since it
 * shows where they are, a savepoint, whose place nobody else may know, and the last one.
 */
const newSnapshots = (
  { snapshots = [] }: Attempt,
  { snapshots: seen }: Checkpoints,
  ended: boolean,
): Pick<Attempt, 'snapshots'> => {
  const fresh = seen.filter(({ path }) => !snapshots.some((known) => known.path === path));
  const newestMs = snapshots[0]?.atMs ?? Number.NEGATIVE_INFINITY;
  const isDue = (snapshot: Snapshot): boolean =>
    ended || snapshot.kind === 'savepoint' || snapshot.atMs - newestMs >= defaults.ledgerEveryMs;
  if (!fresh.some(isDue)) return {};
  return { snapshots: newestFirst([...snapshots, ...fresh]).slice(0, defaults.snapshotsMax) };
};

/** By checkpoint id, which grows within an attempt. */
export const newestFirst = <T extends Snapshot>(snapshots: readonly T[]): readonly T[] =>
  snapshots.toSorted((a, b) => b.id - a.id);
