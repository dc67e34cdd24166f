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
};

/** All that are on record or left a directory, the newest attempts first; what an attempt began from also where its writer is forgotten. */
export const writersOf = (homes: readonly Home[], attempts: readonly Attempt[]): readonly Writer[] => {
  // What was ordered is looked at last.
  const sources = attempts.flatMap(({ source }) => (source === undefined || source.attempt === 0 ? [] : [source]));
  const numbers = new Map([...homes, ...attempts].map(({ jobId, n }) => [jobId, n]));
  const known = [...numbers].map(([jobId, n]) => {
    const snapshots = attempts.find((attempt) => attempt.jobId === jobId)?.snapshots ?? [];
    const ledger = distinct([...snapshots, ...sources.filter(({ attempt }) => attempt === n)]);
    return { n, jobId, own: homes.filter((home) => home.jobId === jobId), ledger };
  });
  const forgotten = Map.groupBy(
    sources.filter(({ attempt }) => !known.some(({ n }) => n === attempt)),
    ({ attempt }) => attempt,
  );
  const others = [...forgotten].map(([n, ledger]) => ({ n, jobId: '', own: [], ledger: distinct(ledger) }));
  return [...known, ...others].sort((a, b) => b.n - a.n);
};

const distinct = (snapshots: readonly Snapshot[]): readonly Snapshot[] => [
  ...new Map(snapshots.map((snapshot) => [normalPath(snapshot.path), snapshot])).values(),
];

/**
 * An adopted job has the number that was free in the table. After a loss of that one which is not on record may have the same or a
 * higher one, and be older or newer: then only time tells.
 */
export const isOrderUnclear = (lineage: string, writers: readonly Writer[], attempts: readonly Attempt[]): boolean => {
  const recorded = new Set(attempts.map(({ jobId }) => jobId));
  const others = writers.filter(({ jobId }) => jobId !== '' && !recorded.has(jobId));
  const adopted = attempts.filter(({ jobId }) => attemptOf(lineage, jobId) === undefined);
  return adopted.some(({ n }) => others.some((other) => other.n >= n));
};
