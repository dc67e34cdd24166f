import { defaults } from '../core/defaults.ts';
import { attemptOf } from '../core/identity.ts';
import type { Attempt, Snapshot } from '../core/model.ts';
import { normalPath } from '../core/state/snapshot-places.ts';

/** The directory of one attempt, by its Flink job id. */
export type Home = {
  readonly n: number;
  readonly jobId: string;
  readonly kind: Snapshot['kind'];
  readonly directory: string;
};

/** Who wrote snapshots: an attempt, with its directories and its ledger. */
export type Writer = {
  readonly n: number;
  readonly jobId: string;
  readonly own: readonly Home[];
  readonly ledger: readonly Snapshot[];
  /** Where its ledger has no room for more savepoints: the id of the oldest. Others in its directories are older, as far as anybody heard. */
  readonly oldestKept?: number;
};

/** All that are on record or left a directory, the newest attempts first; what an attempt began from also where its writer is forgotten. */
export const writersOf = (homes: readonly Home[], attempts: readonly Attempt[]): readonly Writer[] => {
  // What was ordered is looked at last.
  const sources = attempts.flatMap(({ source }) => (source === undefined || source.attempt === 0 ? [] : [source]));
  const numbers = new Map([...homes, ...attempts].map(({ jobId, n }) => [jobId, n]));
  const known = [...numbers].map(([jobId, n]) => {
    const attempt = attempts.find((each) => each.jobId === jobId);
    const ledger = distinct([...sources.filter((source) => source.attempt === n), ...(attempt?.snapshots ?? [])]);
    return { n, jobId, own: homes.filter((home) => home.jobId === jobId), ledger, ...oldestKeptOf(attempt) };
  });
  const forgotten = Map.groupBy(
    sources.filter(({ attempt }) => !known.some(({ n }) => n === attempt)),
    ({ attempt }) => attempt,
  );
  const others = [...forgotten].map(([n, ledger]) => ({ n, jobId: '', own: [], ledger: distinct(ledger) }));
  return [...known, ...others].sort((a, b) => b.n - a.n);
};

/** A savepoint that was to end it, and that nobody heard of, may be the newest among those without a record. */
const oldestKeptOf = ({ stop, snapshots = [] }: Partial<Attempt> = {}): Pick<Writer, 'oldestKept'> => {
  const savepoints = snapshots.filter(({ kind }) => kind === 'savepoint');
  const isUnheard = stop?.how === 'savepoint' && !savepoints.some(({ stopped }) => stopped);
  if (isUnheard || savepoints.length < defaults.savepointsMax) return {};
  return { oldestKept: Math.min(...savepoints.map(({ id }) => id)) };
};

/** Of two that are one the last: the ledger has it as Flink names it. */
const distinct = (snapshots: readonly Snapshot[]): readonly Snapshot[] => [
  ...new Map(snapshots.map((snapshot) => [normalPath(snapshot.path), snapshot])).values(),
];

/**
 * An adopted job has the number that was free in the table. After a loss of that one which is not on record may have the same or a
 * higher one, and be older or newer: then only time tells. So it does of two that have one number, since a backup brought back a table
 * that did not know the first of them, and the next start was by an order, which looks for no others.
 */
export const isOrderUnclear = (lineage: string, writers: readonly Writer[], attempts: readonly Attempt[]): boolean => {
  const numbers = writers.filter(({ jobId }) => jobId !== '').map(({ n }) => n);
  if (new Set(numbers).size < numbers.length) return true;
  const recorded = new Set(attempts.map(({ jobId }) => jobId));
  const others = writers.filter(({ jobId }) => jobId !== '' && !recorded.has(jobId));
  const adopted = attempts.filter(({ jobId }) => attemptOf(lineage, jobId) === undefined);
  return adopted.some(({ n }) => others.some((other) => other.n >= n));
};

/**
 * Each start that comes to nothing leaves a directory, and costs a request. Where they are many, those that are on no record are left out if they
 * were looked into before: when an attempt that came after them was given the snapshot of one before them.
 */
export const notSearchedBefore = (
  writers: readonly Writer[],
  homes: readonly Home[],
  attempts: readonly Attempt[],
): readonly Writer[] => {
  if (homes.length <= defaults.snapshotRequestsMax / 2) return writers;
  const isPassedOver = (n: number): boolean =>
    attempts.some(
      ({ n: later, source }) => source !== undefined && 0 < source.attempt && source.attempt < n && n < later,
    );
  return writers.filter(
    ({ n, jobId, ledger }) =>
      ledger.length > 0 || attempts.some((attempt) => attempt.jobId === jobId) || !isPassedOver(n),
  );
};
