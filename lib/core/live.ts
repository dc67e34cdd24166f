import { allRun } from './after.ts';
import { type Context, type Decision, withDrift, withUnjudged } from './decision.ts';
import { ending } from './ending.ts';
import { cure } from './healing/ill.ts';
import { type Health, healthOf, isIllness, SWITCHED_OFF } from './health/judge.ts';
import { limitsOf } from './health/limits.ts';
import { samplesOf } from './health/samples.ts';
import type { Copy } from './liveness.ts';
import type { Attempt, Effect, FlinkJob, Incarnation, Job, JobMemory, Problem, Savepoint, Stop } from './model.ts';
import { problem, type ToldCode } from './problems.ts';
import { driftOf } from './recorded.ts';
import { isExecutedTwice } from './refusals.ts';
import { bakedJar } from './spec.ts';
import { badRestore } from './state/bad-restore.ts';
import { checkDue, garbageCall } from './state/check.ts';
import { stateRisks } from './state/risks.ts';
import { failureOf, isOpen, isUnderWay, savepointCall } from './state/savepoints.ts';
import { disposal, patienceMs, scheduledCall } from './state/scheduled-savepoints.ts';

/** A live copy of the job, with the attempt that it is. */
export type OwnCopy = Copy & { readonly attempt: Attempt };

/** It runs, or Flink makes it run: what is wrong with it is told, and what is due beside its work is done. */
export const live = (job: Job, memory: JobMemory, copy: OwnCopy, context: Context): Decision => {
  const { job: seen, attempt } = copy;
  const saw = `${seen.state} ${seen.tasksRunning}/${seen.tasksTotal}`;
  if (attempt.stop !== undefined && job.enabled)
    return withUnjudged(
      ending(job, memory, { ...attempt, stop: attempt.stop }, copy, context),
      ...ofItsEnd(attempt.stop),
    );
  const health = job.enabled
    ? healthOf(job, attempt, samplesOf(context.samples, job.name, attempt.jobId), context.nowMs)
    : SWITCHED_OFF;
  const work = workOf(job, memory, copy, context);
  const isTried = isWanted(attempt.savepoint) || triesAgain(job, attempt, context, work?.effect);
  const found = job.enabled ? illness(job, copy, health, isTried) : undefined;
  const because = isUnderWay(attempt.savepoint)
    ? `${seen.jobId} is live, and a savepoint of it is under way (${attempt.savepoint.because})`
    : `${seen.jobId} is live`;
  const told = found === undefined ? {} : { problem: found };
  const decision = { job: job.name, saw, verdict: 'steady', because, ...told } as const;
  const wantsCheck = checkDue(job, memory, attempt, copy, context.nowMs);
  const judged = withFurther(decision, job, memory, copy, context, health);
  return withDrift(
    {
      // Whether the one before was mended shows when it is over.
      ...(isTried ? withUnjudged(judged, 'SAVEPOINT_FAILED') : judged),
      ...(wantsCheck === undefined ? {} : { wantsCheck }),
      ...work,
      ...(job.enabled ? { health: looksOf(seen, health), ...cure(job, memory, attempt, copy, context) } : {}),
    },
    driftOf(job, attempt),
  );
};

/** Where ticks are late the one that failed is tried again no sooner than it would be told. */
const triesAgain = (job: Job, attempt: Attempt, { restraint }: Context, effect: Effect | undefined): boolean =>
  effect?.kind === 'savepoint' && patienceMs(job, attempt) > 0 && restraint === undefined;

const isWanted = (savepoint: Savepoint | undefined): boolean => savepoint !== undefined && isOpen(savepoint);

/** It may not end after all, and goes on as it began then; and an illness is not over with it. */
const ofItsEnd = ({ order }: Stop): readonly ToldCode[] => [
  'STARTED_EMPTY',
  'RESTORED_OLDER',
  'RESTORED_OTHERWISE',
  ...(order === 'heal' ? (['TASKS_NOT_RUNNING'] as const) : []),
];

/** What a restart of all of it may be about, or nothing. */
const looksOf = (seen: FlinkJob, { problems }: Health): 'well' | 'ill' =>
  allRun(seen) && !problems.some(({ code }) => isIllness(code)) ? 'well' : 'ill';

/** What it began from is judged at the first look already, when its tasks do not run yet; what its state risks may not be known then. */
const withFurther = (
  decision: Decision,
  job: Job,
  memory: JobMemory,
  copy: OwnCopy,
  context: Context,
  { problems, unjudged, well }: Health,
): Decision => {
  const { attempt } = copy;
  const risks = stateRisks(job, memory, attempt, copy, context);
  const restored = job.enabled ? badRestore(job, attempt, memory.attempts, context.nowMs) : undefined;
  const further = [...(restored === undefined ? [] : [restored]), ...problems, ...(risks ?? [])];
  const told = withUnjudged(
    risks === undefined && further.length === 0 ? decision : { ...decision, further },
    ...unjudged,
  );
  const judged = well.length === 0 ? told : { ...told, well };
  return risks === undefined && further.length > 0 ? withUnjudged(judged, 'STATE_AT_RISK') : judged;
};

/** What is due beside its work, one thing at a time. */
const workOf = (
  job: Job,
  memory: JobMemory,
  copy: OwnCopy,
  context: Context,
): Pick<Decision, 'verdict' | 'because' | 'effect'> | undefined => {
  const { attempt, on } = copy;
  const call = job.enabled
    ? (savepointCall(job, attempt, copy, context) ?? scheduledCall(job, memory, attempt, copy, context))
    : undefined;
  if (call !== undefined)
    return { verdict: 'act', because: `savepoint: ${call.attempt.savepoint?.because}`, effect: call };
  const left = leftJar(job, memory, on);
  if (left !== undefined) return { verdict: 'act', because: 'its jar is not needed any more', effect: left };
  if (!job.enabled) return undefined;
  const old = disposal(job, memory, copy, context);
  if (old !== undefined)
    return {
      verdict: 'act',
      because: `${old.path} is one more than the ${job.savepoints?.keep} savepoints that are kept`,
      effect: old,
    };
  const garbage = garbageCall(job, memory, attempt);
  return garbage && { verdict: 'act', because: `${garbage.path} is not needed any more`, effect: garbage };
};

const illness = (
  job: Job,
  { job: seen, attempt }: OwnCopy,
  { problems, cause }: Health,
  isTried: boolean,
): Problem | undefined => {
  if (!allRun(seen)) {
    // The smaller one, which the loop explains.
    if (problems.some(({ code }) => code === 'RESTART_LOOP')) return undefined;
    const text = `${seen.jobId} is ${seen.state}, ${seen.tasksRunning} of ${seen.tasksTotal} tasks run${cause}`;
    return { ...problem('TASKS_NOT_RUNNING', text, job.name), graceMs: limitsOf(job).tasksWithinMs };
  }
  const failed = failureOf(attempt);
  if (attempt.savepointFailed !== undefined) return problem('SAVEPOINT_FAILED', attempt.savepointFailed, job.name);
  if (failed !== undefined && !isTried)
    return { ...problem('SAVEPOINT_FAILED', failed, job.name), graceMs: patienceMs(job, attempt) };
  if (!isExecutedTwice(attempt)) return undefined;
  const what = `main() called execute() again after ${seen.jobId}, which runs; Flink refused the second job`;
  return problem('SECOND_EXECUTE', what, job.name);
};

const leftJar = (job: Job, { attempts }: JobMemory, to: Incarnation): Effect | undefined => {
  for (const { spec, posts } of attempts) {
    if (bakedJar(spec.jar) !== undefined) continue;
    const post = posts.find(({ jarId, to: { process } }) => jarId && process === to.process);
    if (post?.jarId !== undefined) return { kind: 'delete-jar', job: job.name, to, jarId: post.jarId };
  }
  return undefined;
};
