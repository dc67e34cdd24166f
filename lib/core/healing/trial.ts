import { allRun } from '../after.ts';
import { type Decision, withUnjudged } from '../decision.ts';
import { isTerminal, jobsOf, viewsOf } from '../liveness.ts';
import type { Attempt, Job, Observation } from '../model.ts';
import { failedByItself, isEndedByOrder } from '../recorded.ts';
import { budgetOf, isFailure } from './budget.ts';
import { type HealingLimits, healingLimitsOf } from './limits.ts';

/** The failure, or the illness that it was ended for, after which no attempt has run well for long enough: what was told of it is not over. */
export const onTrialFor = (job: Job, attempts: readonly Attempt[], nowMs: number): Attempt | undefined => {
  if (!attempts.some(isFailure)) return undefined;
  const { distanceMs } = healingLimitsOf(job);
  const newest = attempts.findLast(
    (attempt) => isFailure(attempt) || hasEndedOtherwise(attempt) || hasRunFor(distanceMs, attempt, nowMs),
  );
  return newest !== undefined && isFailure(newest) ? newest : undefined;
};

/** The decision, which does not say that it is over. */
export const withTrialTold = (decision: Decision, job: Job, attempts: readonly Attempt[], nowMs: number): Decision => {
  const cause = job.enabled ? onTrialFor(job, attempts, nowMs) : undefined;
  if (cause === undefined) return decision;
  if (failedByItself(cause)) return withUnjudged(decision, 'JOB_FAILED');
  return withUnjudged(decision, 'TASKS_NOT_RUNNING');
};

/** Since when its tasks run, where that decides on what is told or on its budget. */
export const withTrial = (
  attempts: readonly Attempt[],
  job: Job,
  observation: Observation,
  nowMs: number,
): readonly Attempt[] => {
  const last = attempts.at(-1);
  if (last === undefined || !attempts.some(isFailure)) return attempts;
  if (onTrialFor(job, attempts, nowMs) === undefined && budgetOf(job, attempts).spent === 0) return attempts;
  return [...attempts.slice(0, -1), judged(last, healingLimitsOf(job), observation, nowMs)];
};

const judged = (attempt: Attempt, { refillMs }: HealingLimits, observation: Observation, nowMs: number): Attempt => {
  const seen = viewsOf(observation)
    .flatMap(jobsOf)
    .find(({ jobId, state }) => jobId === attempt.jobId && !isTerminal(state));
  const isWell = seen !== undefined && allRun(seen);
  if (hasRunFor(refillMs, attempt, nowMs) && (isWell || attempt.end !== undefined))
    return { ...attempt, ranWell: true };
  if (isWell) return attempt.wellSinceMs === undefined ? { ...attempt, wellSinceMs: nowMs } : attempt;
  if (seen === undefined) return attempt;
  const { wellSinceMs: _, ...ill } = attempt;
  return ill;
};

const hasRunFor = (leastMs: number, { wellSinceMs = Number.POSITIVE_INFINITY, end }: Attempt, nowMs: number): boolean =>
  (end?.atMs ?? nowMs) - wellSinceMs >= leastMs;

/** A person's wish, its own success, or unseen. */
const hasEndedOtherwise = (attempt: Attempt): boolean => {
  const state = attempt.end?.state;
  return (state === 'CANCELED' || state === 'FINISHED' || state === 'GONE') && !isEndedByOrder(attempt);
};
