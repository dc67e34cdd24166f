import { attemptOf } from './core/identity.ts';
import type { Attempt, Snapshot } from './core/model.ts';

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

/** All that are on record or left a directory, the newest attempts first. */
export const writersOf = (homes: readonly Home[], attempts: readonly Attempt[]): readonly Writer[] => {
  const numbers = new Map([...homes, ...attempts].map(({ jobId, n }) => [jobId, n]));
  return [...numbers]
    .map(([jobId, n]) => ({
      n,
      jobId,
      own: homes.filter((home) => home.jobId === jobId),
      ledger: attempts.find((attempt) => attempt.jobId === jobId)?.snapshots ?? [],
    }))
    .sort((a, b) => b.n - a.n);
};

/**
 * An adopted job has the number that was free in the table. After a loss of that one which is not on record may have the same or a
 * higher one, and be older or newer: then only time tells.
 */
export const isOrderUnclear = (lineage: string, writers: readonly Writer[], attempts: readonly Attempt[]): boolean => {
  const recorded = new Set(attempts.map(({ jobId }) => jobId));
  const others = writers.filter(({ jobId }) => !recorded.has(jobId));
  const adopted = attempts.filter(({ jobId }) => attemptOf(lineage, jobId) === undefined);
  return adopted.some(({ n }) => others.some((other) => other.n >= n));
};
