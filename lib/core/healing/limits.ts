import { defaults } from '../defaults.ts';
import type { JobSpec } from '../model.ts';
import { durationMs } from '../times.ts';

/** What a job may cost: what its manifest says, otherwise `defaults.healing`. */
export type HealingLimits = {
  /** So many restarts by the autopilot, until it ran well for `refillMs`; 0: none. */
  readonly restarts: number;
  /** From one of them to the next at least; a failure is told to be over when all its tasks ran for as long. */
  readonly distanceMs: number;
  readonly refillMs: number;
};

export const healingLimitsOf = ({ healing = {} }: Pick<JobSpec, 'healing'>): HealingLimits => {
  const { restarts, distance } = healing;
  const distanceMs = durationMs(distance) ?? defaults.healing.distanceMs;
  return {
    restarts: restarts ?? defaults.healing.restartsMax,
    distanceMs,
    // What runs well for less was not kept apart from the next failure by its distance.
    refillMs: Math.max(defaults.healing.refillMs, distanceMs),
  };
};
