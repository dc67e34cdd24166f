import type { Attempt, Job } from '../model.ts';
import { endedToHeal, failedByItself, isEndedByOrder, wantedOf } from '../recorded.ts';
import { healingLimitsOf } from './limits.ts';

/** What a job's restarts by the autopilot have cost, as its attempts show. */
export type Budget = {
  readonly restarts: number;
  readonly spent: number;
  /** The next one is not made before (epoch ms); absent: there was none. */
  readonly notBeforeMs?: number;
};

/** It is full again after a person's word, another jar or entry of the manifest, and once an attempt ran well for long. */
export const budgetOf = (job: Job, attempts: readonly Attempt[]): Budget => {
  const { restarts, distanceMs } = healingLimitsOf(job);
  const newest = attempts.at(-1);
  // What was started after each of them; the newest failed, or runs.
  const spent = newest?.acknowledged ? 0 : failuresSince(attempts).filter((attempt) => attempt !== newest).length;
  // One that was lost and started again meanwhile counts from then on.
  const last = spent === 0 ? undefined : newest?.posts.at(-1);
  return {
    restarts,
    spent,
    ...(last === undefined ? {} : { notBeforeMs: last.sentMs + distanceMs }),
  };
};

/** What comes after it is a restart that costs, unless a person asked for it. */
export const isFailure = (attempt: Attempt): boolean =>
  attempt.end !== undefined && (failedByItself(attempt) || endedToHeal(attempt));

/** Those that the budget counts by: none of them is forgotten before others are. */
export const failuresSince = (attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.some(isFailure) ? attempts.slice(Math.max(0, afreshIn(attempts))).filter(isFailure) : [];

/** Where the budget was full last; -1: nowhere. */
const afreshIn = (attempts: readonly Attempt[]): number =>
  attempts.findLastIndex((attempt, index) => attempt.ranWell === true || isAskedFor(attempts[index - 1], attempt));

/** It was started because a person said or changed something. */
const isAskedFor = (before: Attempt | undefined, attempt: Attempt): boolean =>
  before !== undefined &&
  (before.acknowledged === true ||
    (isEndedByOrder(before) && !endedToHeal(before)) ||
    wantedOf(before) !== wantedOf(attempt) ||
    isOtherJar(before.jarVersion, attempt.jarVersion));

/** What nobody knows is no other one. */
export const isOtherJar = (before: string, now: string): boolean =>
  before !== now && before !== 'unknown' && now !== 'unknown';
