import { allRun } from '../after.ts';
import { isTerminal, jobsOf, viewsOf } from '../liveness.ts';
import type { Attempt, Job, Observation } from '../model.ts';
import { failedByItself, isEndedByOrder } from '../recorded.ts';
import { budgetOf } from './budget.ts';
import { type HealingLimits, healingLimitsOf } from './limits.ts';

/** A failure lies behind it, and it has not run well for long enough since, under whatever attempt: what was told of it is not over. */
export const isOnTrial = (job: Job, attempts: readonly Attempt[], nowMs: number): boolean => {
  const limits = healingLimitsOf(job);
  const newest = attempts.findLast(
    (attempt) => failedByItself(attempt) || hasEndedOtherwise(attempt) || hasRunFor(limits.distanceMs, attempt, nowMs),
  );
  return newest !== undefined && failedByItself(newest);
};

/** Since when its tasks run, where that decides on what is told or on its budget; the same attempts where it does not. */
export const withTrial = (
  attempts: readonly Attempt[],
  job: Job,
  observation: Observation,
  nowMs: number,
): readonly Attempt[] => {
  const last = attempts.at(-1);
  if (last === undefined || last.ranWell) return attempts;
  if (!isOnTrial(job, attempts, nowMs) && budgetOf(job, attempts).spent === 0) return attempts;
  const now = judged(last, healingLimitsOf(job), observation, nowMs);
  return now === last ? attempts : [...attempts.slice(0, -1), now];
};

const judged = (attempt: Attempt, { refillMs }: HealingLimits, observation: Observation, nowMs: number): Attempt => {
  const seen = viewsOf(observation)
    .flatMap(jobsOf)
    .find(({ jobId, state }) => jobId === attempt.jobId && !isTerminal(state));
  const isWell = seen !== undefined && allRun(seen);
  if (hasRunFor(refillMs, attempt, nowMs) && (isWell || attempt.end !== undefined))
    return { ...attempt, ranWell: true };
  if (isWell) return attempt.wellSinceMs === undefined ? { ...attempt, wellSinceMs: nowMs } : attempt;
  if (seen === undefined || attempt.wellSinceMs === undefined) return attempt;
  const { wellSinceMs: _, ...ill } = attempt;
  return ill;
};

const hasRunFor = (leastMs: number, { wellSinceMs, end }: Attempt, nowMs: number): boolean =>
  wellSinceMs !== undefined && (end?.atMs ?? nowMs) - wellSinceMs >= leastMs;

/** A person's wish, its own success, or unseen. */
const hasEndedOtherwise = (attempt: Attempt): boolean => {
  const state = attempt.end?.state;
  return (state === 'CANCELED' || state === 'FINISHED' || state === 'GONE') && !isEndedByOrder(attempt);
};
