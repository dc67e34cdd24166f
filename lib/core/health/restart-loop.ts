import { defaults } from '../defaults.ts';
import { spanOf } from '../times.ts';
import type { HealthLimits } from './limits.ts';
import type { JobSamples, Sample } from './samples.ts';
import { type HealthVerdict, ill, unclear, well } from './verdict.ts';

/** Flink starts it again and again: so many restarts within the window. It is over when there are fewer, and none came for a while that was looked at. */
export const restartLoop = (
  kept: JobSamples | undefined,
  { max, withinMs, calmMs }: HealthLimits['restarts'],
  nowMs: number,
): HealthVerdict => {
  const counted = countedIn(kept);
  const count = restartsSince(counted, nowMs - withinMs);
  if (count >= max) return ill(`Flink restarted it ${count} times within ${spanOf(withinMs)}`);
  const [first] = counted;
  const last = counted.at(-1);
  const isFresh = last !== undefined && nowMs - last.atMs <= defaults.health.freshMs;
  const isSeen = first !== undefined && first.atMs <= nowMs - calmMs;
  return isFresh && isSeen && restartsSince(counted, nowMs - calmMs) === 0 ? well : unclear;
};

type Counted = Sample & { readonly restarts: number };

const countedIn = (kept: JobSamples | undefined): readonly Counted[] =>
  (kept?.samples ?? []).filter((sample): sample is Counted => sample.restarts !== undefined);

/** A counter that goes backwards is another process': a new baseline. */
const restartsSince = (counted: readonly Counted[], sinceMs: number): number =>
  counted.reduce((sum, { atMs, restarts }, index) => {
    const before = counted[index - 1];
    if (before === undefined || atMs < sinceMs || restarts < before.restarts) return sum;
    return sum + restarts - before.restarts;
  }, 0);
