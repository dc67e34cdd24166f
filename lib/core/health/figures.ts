import type { Seen } from '../observation.ts';

/** What Flink says of a live job's health. What is absent is well, or not known: that the figure beside it tells. */

/** The newest checkpoint that ended has failed. */
export type CheckpointFailures = {
  /** So many failed since the last complete one, as far as Flink's history goes back (10 by default); savepoints do not count. */
  readonly inRow: number;
  /** Flink's reason for the newest one. */
  readonly because: string;
};

/** A checkpoint that is under way, by Flink's clock. */
export type CheckpointUnderWay = { readonly id: number; readonly sinceMs: number };

/** The newest one in a job's exception history: the first line of its root cause, and when it was by Flink's clock. */
export type JobException = {
  readonly atMs: number;
  readonly cause: string;
  /** Flink itself made the job fail, since more checkpoints failed than it tolerates. */
  readonly byCheckpoints?: true;
};

/** By job id, for those whose sample was due. */
export type HealthFigures = {
  /** Flink's metric numRestarts; undefined: Flink has no figure (yet). */
  readonly restarts?: Readonly<Record<string, Seen<number | undefined>>>;
  /** Asked where something went wrong; undefined: there is none. */
  readonly exceptions?: Readonly<Record<string, Seen<JobException | undefined>>>;
};
