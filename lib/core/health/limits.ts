import { defaults } from '../defaults.ts';
import type { CheckpointConfig, JobSpec } from '../model.ts';
import { durationMs } from '../times.ts';

/** Window, threshold and hysteresis of each check of one job: what its manifest says, otherwise `defaults.health`. */
export type HealthLimits = {
  /** A restart loop: so many restarts within `withinMs`; over when there are fewer, and none came for `calmMs`. */
  readonly restarts: { readonly max: number; readonly withinMs: number; readonly calmMs: number };
  /** So many failed in a row; it opens and closes when `looks` samples in a row say the same. */
  readonly checkpoints: {
    readonly failures: number;
    readonly looks: number;
    readonly progressMs?: number;
    /** The newest snapshot that it could start from may be so old; absent: whatever it is. */
    readonly ageMs?: number;
  };
  /** A root cause is told once within `withinMs`; absent: none is told by itself. */
  readonly exceptions?: { readonly withinMs: number };
  /** Live, but not all tasks run. */
  readonly tasksWithinMs: number;
};

export const limitsOf = ({ health = {} }: Pick<JobSpec, 'health'>): HealthLimits => {
  const { restarts, restartsWithin, checkpointFailures, checkpointWithin, checkpointAge, tasksWithin } = health;
  const withinMs = msOf(restartsWithin) ?? defaults.health.restartsWithinMs;
  const progressMs = msOf(checkpointWithin);
  const ageMs = msOf(checkpointAge);
  return {
    restarts: {
      max: restarts ?? defaults.health.restartsMax,
      withinMs,
      calmMs: Math.ceil(withinMs / defaults.health.calmShare),
    },
    checkpoints: {
      failures: checkpointFailures ?? defaults.health.checkpointFailuresMax,
      looks: defaults.health.checkpointLooks,
      ...(progressMs === undefined ? {} : { progressMs }),
      ...(ageMs === undefined ? {} : { ageMs: Math.max(ageMs, defaults.health.ageLeastMs) }),
    },
    ...(health.exceptions === 'tell' ? { exceptions: { withinMs: defaults.health.causeWithinMs } } : {}),
    tasksWithinMs: msOf(tasksWithin) ?? defaults.tasksWithinMs,
  };
};

/** How long no checkpoint may complete: shorter than what the job's own configuration lets Flink take only where the manifest says so. */
export const progressWindowMs = (
  { intervalMs = 0, timeoutMs, toleratedFailures }: CheckpointConfig,
  { progressMs, ageMs = Number.POSITIVE_INFINITY }: HealthLimits['checkpoints'],
): number => {
  const tolerated = Math.min(toleratedFailures, defaults.health.toleratedMax);
  const own = Math.max(intervalMs, timeoutMs) * (tolerated + 2);
  return Math.max(progressMs ?? Math.min(own, ageMs), intervalMs * 2, defaults.health.progressLeastMs);
};

const msOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : durationMs(text));
