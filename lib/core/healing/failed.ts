import { type Context, type Decision, held, waiting, withUnjudged } from '../decision.ts';
import { jarOf } from '../jars.ts';
import type { Attempt, Job, Problem } from '../model.ts';
import { problem } from '../problems.ts';
import { isChanged } from '../recorded.ts';
import { modeOf } from '../spec.ts';
import { spanOf, utc } from '../times.ts';
import { budgetOf, isOtherJar } from './budget.ts';
import { healingLimitsOf } from './limits.ts';

/** A job that failed by itself: it is held, or waits until it may be started again, or is started now, and what is told of that. */
export type AfterFailure = { readonly decision: Decision } | { readonly told?: Problem };

/** `next`: what would be started. What a person changed since is started at once. */
export const afterFailure = (
  job: Job,
  next: Job,
  last: Attempt,
  attempts: readonly Attempt[],
  context: Context,
): AfterFailure => {
  const { nowMs, cluster } = context;
  const { cause = '' } = last.end ?? {};
  const what = `attempt ${last.n} (${last.jobId}) is FAILED${cause === '' ? '' : `: ${cause}`}`;
  const holds = (why: string): AfterFailure => ({ decision: holdsFailed(job, what, `Held: ${why}.`, cause) });
  if (modeOf(cluster, job) === 'watch') return holds('`mode: watch`, so nothing is submitted');
  if (isChanged(job, last) || isJarChanged(next, last, context)) return {};
  const { restarts, spent, notBeforeMs = nowMs } = budgetOf(job, attempts);
  if (restarts === 0) return holds('`healing: { restarts: 0 }` in the manifest');
  if (spent >= restarts) return holds(`it was started again ${times(spent)}, and failed each time`);
  const which = `restart ${spent + 1} of ${restarts}, from its newest state`;
  const isOver = `This message ends when all its tasks have run for ${spanOf(healingLimitsOf(job).distanceMs)}.`;
  if (nowMs >= notBeforeMs) return { told: told(job, what, `It is started again: ${which}. ${isOver}`, cause) };
  const found = told(job, what, `It is started again, not before ${utc(notBeforeMs)}: ${which}. ${isOver}`, cause);
  const because = `${what}; ${which}, not before ${utc(notBeforeMs)}`;
  return { decision: { ...waiting(job, because, undefined, { saw: 'FAILED' }), problem: found } };
};

/** The start of a job that failed tells of that, too, unless something else holds it. */
export const withFailure = (decision: Decision, found: Problem | undefined): Decision => {
  if (found === undefined) return decision;
  if (decision.problem === undefined) return { ...decision, problem: found };
  if (decision.verdict === 'hold')
    return { ...decision, problem: { ...decision.problem, what: `${decision.problem.what}; ${found.what}` } };
  // What its state risks is not judged here.
  return withUnjudged({ ...decision, further: [...(decision.further ?? []), found] }, 'STATE_AT_RISK');
};

/** That it is held now is news to who was told that it is started again, and so is another root cause. */
const holdsFailed = (job: Job, what: string, next: string, cause: string): Decision => {
  const decision = held(job, 'JOB_FAILED', what, { saw: 'FAILED', gist: `held: ${cause}` });
  return { ...decision, problem: { ...decision.problem, next } };
};

const told = (job: Job, what: string, next: string, cause: string): Problem => ({
  ...problem('JOB_FAILED', what, job.name, cause),
  next,
});

const isJarChanged = (next: Job, last: Attempt, context: Context): boolean => {
  const { readiness } = context;
  const jar = readiness.ready ? jarOf(next, readiness.view, context) : undefined;
  return jar?.known === true && jar.value.present && isOtherJar(last.jarVersion, jar.value.version);
};

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
