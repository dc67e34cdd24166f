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
  /** Its work waits for so many percent of the time within `withinMs`; absent: nobody wants to know, or it ends by itself, and takes what it can. */
  readonly backPressure?: { readonly percent: number; readonly withinMs: number };
  /** A file has to be finished below `prefix` within `withinMs` while records are read; absent: nobody looks there. */
  readonly output?: { readonly prefix: string; readonly withinMs: number };
  /** A root cause is told once within `withinMs`; absent: none is told by itself. */
  readonly exceptions?: { readonly withinMs: number };
  /** Live, but not all tasks run. */
  readonly tasksWithinMs: number;
};

export const limitsOf = ({ health, bounded }: Pick<JobSpec, 'health' | 'bounded'>): HealthLimits =>
  health === undefined && !bounded ? BY_DEFAULT : limitsBy(health ?? {}, bounded);

const limitsBy = (health: NonNullable<JobSpec['health']>, bounded: JobSpec['bounded']): HealthLimits => {
  const { restarts, restartsWithin, checkpointFailures, checkpointWithin, checkpointAge, tasksWithin } = health;
  const { backPressure = `${defaults.health.pressurePercent}%`, backPressureWithin, output } = health;
  const withinMs = durationMs(restartsWithin) ?? defaults.health.restartsWithinMs;
  const progressMs = durationMs(checkpointWithin);
  const ageMs = durationMs(checkpointAge);
  const outputWithinMs = durationMs(output?.within);
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
    ...(backPressure === 'off' || bounded
      ? {}
      : {
          backPressure: {
            percent: Number.parseInt(backPressure, 10),
            withinMs: durationMs(backPressureWithin) ?? defaults.health.pressureWithinMs,
          },
        }),
    ...(output && outputWithinMs ? { output: { prefix: output.prefix, withinMs: outputWithinMs } } : {}),
    tasksWithinMs: durationMs(tasksWithin) ?? defaults.tasksWithinMs,
  };
};

const BY_DEFAULT: HealthLimits = limitsBy({}, undefined);

/** How long no checkpoint may complete: shorter than what the job's own configuration lets Flink take only where the manifest says so. */
export const progressWindowMs = (
  { intervalMs = 0, timeoutMs, toleratedFailures }: CheckpointConfig,
  { progressMs, ageMs = Number.POSITIVE_INFINITY }: HealthLimits['checkpoints'],
): number => {
  const tolerated = Math.min(toleratedFailures, defaults.health.toleratedMax);
  const own = Math.max(intervalMs, timeoutMs) * (tolerated + 2);
  return Math.max(progressMs ?? Math.min(own, ageMs), intervalMs * 2, defaults.health.progressLeastMs);
};
