import { allRun } from '../after.ts';
import { defaults } from '../defaults.ts';
import type { HealthCode } from '../health/judge.ts';
import { limitsOf } from '../health/limits.ts';
import { type JobSamples, newestOf } from '../health/samples.ts';
import type { FlinkJob, Job } from '../model.ts';
import { utc } from '../times.ts';

/** A live job that looks ill. */
export type Patient = {
  readonly job: Job;
  readonly seen: FlinkJob;
  readonly kept: JobSamples | undefined;
  /** Undefined: nobody knows. */
  readonly freeSlots: number | undefined;
  readonly nowMs: number;
};

/** Why it is to be started again; undefined: not (yet). */
type Remedy = (patient: Patient) => string | undefined;

/** It is told, and that is all. */
const NONE = undefined;

/** What Flink does not heal itself although it could: nothing about the job changes, and the slots that it needs are free. */
const stuck: Remedy = ({ job, seen, kept, freeSlots = -1, nowMs }) => {
  const { still } = kept ?? {};
  if (still === undefined || !isFresh(kept, nowMs) || !RESTARTABLE.has(seen.state) || allRun(seen)) return undefined;
  const leastMs = defaults.healing.stuckFactor * Math.max(limitsOf(job).tasksWithinMs, defaults.tasksWithinMs);
  if (nowMs - still.sinceMs < leastMs || freeSlots < (job.slots ?? job.parallelism ?? seen.tasksTotal))
    return undefined;
  return `nothing changed since ${utc(still.sinceMs)}, with ${freeSlots} slots free: ${still.as}`;
};

/** One that runs in part may read a large state, one that is cancelled or fails is on its way to its end, one that begins is main()'s, and what nobody knows is left alone. */
const RESTARTABLE: ReadonlySet<string> = new Set(['CREATED', 'RESTARTING']);

const isFresh = (kept: JobSamples | undefined, nowMs: number): boolean =>
  nowMs - (newestOf(kept)?.atMs ?? 0) <= defaults.health.freshMs;

/** What is done about each illness of a live job, within its budget. */
export const REMEDIES: Readonly<Record<'TASKS_NOT_RUNNING' | HealthCode, Remedy | undefined>> = {
  TASKS_NOT_RUNNING: stuck,
  // Those that fail Flink counts itself, and fails the job for; where they go a restart changes nothing.
  CHECKPOINTS_FAILING: NONE,
  // Flink restarts it, from its newest checkpoint and by its own limits; at their end it has FAILED.
  RESTART_LOOP: NONE,
  // What holds them up is told as CHECKPOINTS_FAILING.
  CHECKPOINT_OLD: NONE,
  // It works as fast as it can, and would have to catch up what it did since its last checkpoint, too.
  BACK_PRESSURE: NONE,
  // Where its output goes a restart changes nothing.
  OUTPUT_STALLED: NONE,
  OUTPUT_UNSEEN: NONE,
  EXCEPTION_NEW: NONE,
};

/** The first reason that one of them gives. */
export const whyRestart = (patient: Patient): string | undefined => {
  for (const remedy of Object.values(REMEDIES)) {
    const why = remedy?.(patient);
    if (why !== undefined) return why;
  }
  return undefined;
};
