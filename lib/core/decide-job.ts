import { absence, isLossUnprovable, maybeSomewhere } from './absence.ts';
import { isDone } from './after.ts';
import { clusterWaits, off } from './cluster-waits.ts';
import { type Context, type Decision, held, waiting, withDrift, withUnjudged } from './decision.ts';
import { afterFailure, withFailure } from './healing/failed.ts';
import { withTrialTold } from './healing/trial.ts';
import { HEALTH_CODES } from './health/judge.ts';
import { waitsOverRest } from './hindrances.ts';
import { live, type OwnCopy } from './live.ts';
import { broughtBackText, type Copy, isUnsettled, RECOVERING } from './liveness.ts';
import { modeText } from './mode.ts';
import type { Attempt, FlinkView, Incarnation, Job, JobMemory } from './model.ts';
import { problem } from './problems.ts';
import { driftOf, failedByItself, isChanged, isEndedByOrder, stoppedByPerson, toStart } from './recorded.ts';
import { isExecutedTwice, troubleOf } from './refusals.ts';
import { modeOf } from './spec.ts';
import { startAgain, startAnew } from './start.ts';
import { isRestoreRefused } from './state/restore.ts';

/** Decides on one job, given what is remembered and seen. Total, pure, synchronous; what is unknown leads to no effect. */
export const decideJob = (job: Job, memory: JobMemory, context: Context): Decision => {
  const decision = withTrialTold(decideWhole(job, memory, context), job, memory.attempts, context.nowMs);
  const { verdict, problem: found } = decision;
  const isOpen =
    verdict === 'wait' ||
    verdict === 'act' ||
    found?.code === 'TASKS_NOT_RUNNING' ||
    decision.unjudged?.includes('TASKS_NOT_RUNNING');
  if (!isOpen || found?.code === 'SECOND_EXECUTE' || !memory.attempts.some(isExecutedTwice)) return decision;
  return withUnjudged(decision, 'SECOND_EXECUTE'); // whether main() still does it shows when it has run again
};

const decideWhole = (job: Job, memory: JobMemory, context: Context): Decision => {
  const copies = ownOf(context.live, memory);
  const [copy] = copies;
  if (copies.length > 1 && job.enabled) return twoLive(job, copies);
  // What nobody lists yet shows nothing of what was told of it.
  if (copy?.job.state === RECOVERING) return broughtBack(job, copy, live(job, memory, copy, context));
  if (copy !== undefined) return live(job, memory, copy, context);
  if (!context.readiness.ready) return clusterWaits(job, context.readiness);

  const next = toStart(job, memory.attempts);
  const found = absent(job, next, memory, context, context.readiness.view);
  const decision = memory.attempts.at(-1)?.stop === undefined ? found : { ...found, urgent: true as const };
  const isSubmitted = job.enabled && modeOf(context.cluster, job) !== 'watch';
  if (!isSubmitted || decision.verdict === 'hold') return decision;
  const trouble = troubleOf(next, memory.attempts, context.nowMs);
  return trouble === undefined ? decision : withUnjudged(decision, trouble.code);
};

/** Nothing runs yet of which its tasks or its exceptions could tell. */
const broughtBack = (job: Job, { job: { jobId } }: OwnCopy, { health: _, ...decision }: Decision): Decision => {
  const isOfTasks = decision.problem?.code === 'TASKS_NOT_RUNNING';
  const told = isOfTasks ? { problem: problem('ABSENCE_UNPROVEN', broughtBackText(jobId), job.name) } : {};
  return { ...decision, ...told, blind: true };
};

const ownOf = (live: readonly Copy[], { attempts }: JobMemory): readonly OwnCopy[] => {
  const own: OwnCopy[] = [];
  for (const { job, on } of live)
    for (const attempt of attempts) if (attempt.jobId === job.jobId) own.push({ job, on, attempt });
  return own;
};

/** No JobManager lists it: is a copy on its way or out of sight, has it ended, or is it to be started, as `next`? */
const absent = (job: Job, next: Job, memory: JobMemory, context: Context, view: FlinkView): Decision => {
  const { attempts } = memory;
  const on = view.incarnation;
  const unsettled = attempts.find((attempt) => isUnsettled(attempt, context.nowMs));
  const others = attempts.filter((attempt) => attempt !== unsettled);
  const somewhere = others.findLast((each) => isUnsettled(each, context.nowMs) || maybeSomewhere(each, on));
  if (somewhere !== undefined) return missed(job, somewhere, memory, context, on);
  if (unsettled !== undefined) return startAgain(next, unsettled, memory, view, context);
  if (!job.enabled) return off(job, 'absent');
  const last = attempts.at(-1);
  const end = last === undefined ? undefined : heldByItsEnd(job, last);
  if (end !== undefined) return end;
  const isFailed = last !== undefined && failedByItself(last) && !last.acknowledged;
  const failure = isFailed ? afterFailure(job, next, last, attempts, context) : {};
  if ('decision' in failure) return failure.decision;
  if (modeOf(context.cluster, job) === 'watch') return watched(job, attempts, context);
  const started = withDrift(startAnew(job, next, memory, view, context), driftOf(job, { spec: next }));
  return withFailure(started, failure.told);
};

const twoLive = (job: Job, copies: readonly Copy[]): Decision =>
  held(job, 'TWO_LIVE_COPIES', `${copies.length} live copies: ${copies.map((copy) => copy.job.jobId).join(', ')}`, {
    saw: 'two live',
  });

/** What runs elsewhere by somebody else's hand is told when it is gone; what never ran is nobody's worry. */
const watched = (job: Job, attempts: readonly Attempt[], { cluster }: Context): Decision => {
  const ran = attempts.findLast(({ sightedOn }) => sightedOn !== undefined);
  const text = `nothing is submitted: ${modeText(cluster, job)}`;
  const decision = { job: job.name, saw: 'absent', verdict: 'watch', because: text, well: HEALTH_CODES } as const;
  if (ran?.end === undefined || ran.acknowledged) return decision;
  const what = `attempt ${ran.n} (${ran.jobId}) is ${ran.end.state}; ${text}`;
  return { ...decision, problem: problem('JOB_ABSENT', what, job.name) };
};

const missed = (job: Job, attempt: Attempt, memory: JobMemory, context: Context, on: Incarnation): Decision => {
  const { cluster, observation } = context;
  if (isLossUnprovable(attempt, cluster, on)) {
    if (!job.enabled) return off(job, 'missing');
    const ran = attempt.sightedOn?.process ?? attempt.posts.at(-1)?.to.process;
    return held(
      job,
      'LOSS_UNPROVEN',
      `attempt ${attempt.n} (${attempt.jobId}) was on ${ran}, now ${on.process} answers`,
    );
  }
  const early = waitsOverRest(job, memory, context);
  if (early !== undefined) return early;
  const proof = absence(attempt, cluster, observation);
  const because =
    attempt.absentSinceMs === undefined && !proof.proven
      ? proof.because
      : 'missing on its own JobManager; looking again';
  // It may run as it did: what was told of that is not over.
  return { ...waiting(job, because, 'ABSENCE_UNPROVEN', { waitFor: { kind: 'ecs' } }), blind: true };
};

/** FINISHED is success; other ends that we did not order are a person's business until the manifest says otherwise. */
const heldByItsEnd = (job: Job, last: Attempt): Decision | undefined => {
  const state = last.end?.state;
  if (state === undefined || state === 'LOST' || last.acknowledged || isEndedByOrder(last)) return undefined;
  if (last.posts.some(isRestoreRefused)) return undefined; // it never ran; an older snapshot may do
  if (state === 'FAILED') return undefined; // it may be started again
  const done = { job: job.name, saw: state, verdict: 'done' } as const;
  const savepoint = stoppedByPerson(last);
  if (savepoint !== undefined)
    return held(job, 'JOB_STOPPED', `attempt ${last.n} (${last.jobId}) was stopped with a savepoint: ${savepoint}`, {
      saw: state,
    });
  if (state === 'FINISHED') return { ...done, because: `attempt ${last.n} finished` };
  if (isDone(job, last))
    return { ...done, because: `attempt ${last.n} ended unseen, which its \`bounded: true\` makes a success` };
  if (isChanged(job, last)) return undefined;
  return held(job, `JOB_${state}`, `attempt ${last.n} (${last.jobId}) is ${state}`, { saw: state });
};
