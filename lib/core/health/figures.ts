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

/** How records get through a job, at `atMs` by Flink's clock. All counts are totals of the tasks as they run now. */
export type JobFlow = {
  readonly atMs: number;
  readonly vertices: readonly Vertex[];
  /** What its sources gave on; absent: nobody asked, or Flink has no figure. */
  readonly records?: number;
};

/** `pressuredMs`: its tasks could not go on because those after them did not take more; `busyMs`: they worked. Both added up over all of them. */
export type Vertex = {
  readonly name: string;
  readonly parallelism: number;
  readonly pressuredMs: number;
  readonly busyMs?: number;
};

/** A finished file of a job's output; `atMs` by the file store's clock. */
export type NewestFile = { readonly path: string; readonly atMs: number };

/** By job id, for those whose sample was due. */
export type HealthFigures = {
  /** Flink's metric numRestarts; undefined: Flink has no figure (yet). */
  readonly restarts?: Readonly<Record<string, Seen<number | undefined>>>;
  /** Asked where something went wrong; undefined: there is none. */
  readonly exceptions?: Readonly<Record<string, Seen<JobException | undefined>>>;
  /** undefined: Flink has no figures (yet). */
  readonly flows?: Readonly<Record<string, Seen<JobFlow | undefined>>>;
};
