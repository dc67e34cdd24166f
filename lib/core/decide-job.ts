import { absence, isLossUnprovable, maybeSomewhere, unseenTask } from './absence.ts';
import { allRun, isDone } from './after.ts';
import { type Context, type Decision, held, type WaitFor, waiting, withDrift, withUnjudged } from './decision.ts';
import { defaults } from './defaults.ts';
import { hinderedAnyway } from './hindrances.ts';
import { type Copy, isUnsettled, liveJobs } from './liveness.ts';
import { modeText } from './mode.ts';
import type { Attempt, FlinkView, Incarnation, Job, JobMemory, Stop } from './model.ts';
import { problem } from './problems.ts';
import { isHopeless, type Readiness } from './readiness.ts';
import { asCancelled, driftOf, isChanged, isEndedByOrder, toStart } from './recorded.ts';
import { isExecutedTwice, troubleOf } from './refusals.ts';
import { isRestoreRefused } from './restore.ts';
import { bakedJar, modeOf } from './spec.ts';
import { startAgain, startAnew } from './start.ts';

/** Decides on one job, given what is remembered and seen. Total, pure, synchronous; what is unknown leads to no effect. */
export const decideJob = (job: Job, memory: JobMemory, context: Context): Decision => {
  const decision = decideWhole(job, memory, context);
  const { verdict, problem: found } = decision;
  const isOpen = verdict === 'wait' || verdict === 'act' || found?.code === 'TASKS_NOT_RUNNING';
  if (!isOpen || found?.code === 'SECOND_EXECUTE' || !memory.attempts.some(isExecutedTwice)) return decision;
  return withUnjudged(decision, 'SECOND_EXECUTE'); // whether main() still does it shows when it has run again
};

const decideWhole = (job: Job, memory: JobMemory, context: Context): Decision => {
  const copies = liveJobs(context.observation).flatMap((copy) => attemptsAs(copy, memory));
  const [copy] = copies;
  if (copies.length > 1 && job.enabled) return twoLive(job, copies);
  if (copy !== undefined) return live(job, memory, copy, context);
  if (!context.readiness.ready) return clusterWaits(job, context.readiness);

  const next = toStart(job, memory.attempts);
  const found = absent(job, next, memory, context, context.readiness.view);
  const decision = memory.attempts.at(-1)?.stop === undefined ? found : { ...found, urgent: true as const };
  const isSubmitted = job.enabled && modeOf(context.cluster, job) !== 'watch';
  const trouble = isSubmitted ? troubleOf(next, memory.attempts, context.nowMs) : undefined;
  return trouble === undefined || decision.verdict === 'hold' ? decision : withUnjudged(decision, trouble.code);
};

/** A live copy of the job, with the attempt that it is. */
type OwnCopy = Copy & { readonly attempt: Attempt };

const attemptsAs = (copy: Copy, { attempts }: JobMemory): readonly OwnCopy[] =>
  attempts.filter(({ jobId }) => jobId === copy.job.jobId).map((attempt) => ({ ...copy, attempt }));

/** No JobManager lists it: is a copy on its way or out of sight, has it ended, or is it to be started, as `next`? */
const absent = (job: Job, next: Job, memory: JobMemory, context: Context, view: FlinkView): Decision => {
  const { attempts } = memory;
  const on = view.incarnation;
  const unsettled = attempts.find((attempt) => isUnsettled(attempt, context.nowMs));
  const others = attempts.filter((attempt) => attempt !== unsettled);
  const somewhere = others.findLast((each) => isUnsettled(each, context.nowMs) || maybeSomewhere(each, on));
  if (somewhere !== undefined) return missed(job, somewhere, context, on);
  if (unsettled !== undefined) return startAgain(next, unsettled, view, context);
  if (!job.enabled) return off(job, 'absent');
  const last = attempts.at(-1);
  const end = last === undefined ? undefined : heldByItsEnd(job, last);
  if (end !== undefined) return end;
  if (modeOf(context.cluster, job) === 'watch') return watched(job, attempts, context);
  return withDrift(startAnew(job, next, memory, view, context), driftOf(job, { spec: next }));
};

const off = (job: Job, saw: string): Decision => ({
  job: job.name,
  saw,
  verdict: 'off',
  because: '`enabled: false` in the manifest',
});

const twoLive = (job: Job, copies: readonly Copy[]): Decision =>
  held(job, 'TWO_LIVE_COPIES', `${copies.length} live copies: ${copies.map((copy) => copy.job.jobId).join(', ')}`, {
    saw: 'two live',
  });

const live = (job: Job, memory: JobMemory, copy: OwnCopy, context: Context): Decision => {
  const { job: seen, on, attempt } = copy;
  const saw = `${seen.state} ${seen.tasksRunning}/${seen.tasksTotal}`;
  if (attempt.stop !== undefined && job.enabled)
    return ending(job, memory, { ...attempt, stop: attempt.stop }, copy, context);
  const decision = { job: job.name, saw, verdict: 'steady', because: `${seen.jobId} is live`, ...illness() } as const;
  const left = leftJar(memory, on);
  return withDrift(
    left === undefined
      ? decision
      : { ...decision, verdict: 'act', because: 'its jar is not needed any more', effect: left },
    driftOf(job, attempt),
  );

  function illness(): Pick<Decision, 'problem'> {
    if (!job.enabled) return {};
    const text = `${seen.jobId} is ${seen.state}, ${seen.tasksRunning} of ${seen.tasksTotal} tasks run`;
    if (!allRun(seen)) return { problem: problem('TASKS_NOT_RUNNING', text, job.name) };
    if (!isExecutedTwice(attempt)) return {};
    const what = `main() called execute() again after ${seen.jobId}, which runs; Flink refused the second job`;
    return { problem: problem('SECOND_EXECUTE', what, job.name) };
  }

  function leftJar({ attempts }: JobMemory, to: Incarnation): Decision['effect'] {
    const post = attempts
      .filter(({ spec }) => bakedJar(spec.jar) === undefined)
      .flatMap(({ posts }) => posts)
      .find(({ jarId, to: { process } }) => jarId && process === to.process);
    return post?.jarId === undefined ? undefined : { kind: 'delete-jar', job: job.name, to, jarId: post.jarId };
  }
};

type Ending = Attempt & { readonly stop: Stop };

/** It was ordered to end: the call names its id, so that making it again can hit nothing else. */
const ending = (job: Job, memory: JobMemory, attempt: Ending, { job: seen, on }: Copy, context: Context): Decision => {
  const { stop } = attempt;
  const { nowMs } = context;
  const saw = `${seen.state} ${seen.tasksRunning}/${seen.tasksTotal}`;
  const hindrance = stop.sentMs === undefined ? staysDown(job, memory, attempt, context) : undefined;
  if (hindrance !== undefined) return { ...hindrance, saw };
  // A JobManager out of sight may have a second copy: nobody could say then which one is to end.
  const isSeen = unseenTask(context.observation) === undefined;
  const due = isSeen && (stop.sentMs === undefined || nowMs >= stop.sentMs + defaults.cancelAgainMs);
  const words = { saw, waitFor: { kind: 'end', address: on.address, jobId: seen.jobId } } as const;
  const text = `${seen.jobId} was cancelled (${stop.order}, ${stop.because}) and is still ${seen.state}`;
  // Nobody can be told that it does not end before anybody has ended it: the call may have to wait for the end of a pause.
  const isSent = stop.sentMs !== undefined;
  const decision = waiting(job, text, isSent ? 'CANCEL_UNFINISHED' : undefined, words);
  if (!due) return { ...decision, urgent: true };
  const sent = { ...attempt, stop: { ...stop, sentMs: nowMs, to: on } };
  const effect = { kind: 'cancel', job: job.name, attempt: sent, to: on } as const;
  return { ...decision, verdict: 'act', because: `${stop.order}: ${stop.because}`, effect, urgent: true };
};

/** Why it could not be started again at once: nothing is cancelled then. */
const staysDown = (job: Job, memory: JobMemory, attempt: Ending, context: Context): Decision | undefined => {
  if (!context.readiness.ready) return clusterWaits(job, context.readiness);
  const attempts = memory.attempts.map((each) =>
    each.jobId === attempt.jobId ? asCancelled(attempt, context.nowMs) : each,
  );
  const next = toStart(job, attempts);
  const hindrance = hinderedAnyway(next, { ...memory, attempts }, context.readiness.view, context);
  if (hindrance === undefined) return undefined;
  const because = `${attempt.stop.order} waits and nothing is cancelled: ${hindrance.because}`;
  const told = hindrance.problem === undefined ? {} : { problem: { ...hindrance.problem, what: because } };
  return withUnjudged({ ...hindrance, because, ...told }, 'TASKS_NOT_RUNNING');
};

/** What runs elsewhere by somebody else's hand is told when it is gone; what never ran is nobody's worry. */
const watched = (job: Job, attempts: readonly Attempt[], { cluster }: Context): Decision => {
  const ran = attempts.findLast(({ sightedOn }) => sightedOn !== undefined);
  const text = `nothing is submitted: ${modeText(cluster, job)}`;
  const decision = { job: job.name, saw: 'absent', verdict: 'watch', because: text } as const;
  if (ran?.end === undefined || ran.acknowledged) return decision;
  const what = `attempt ${ran.n} (${ran.jobId}) is ${ran.end.state}; ${text}`;
  return { ...decision, problem: problem('JOB_ABSENT', what, job.name) };
};

/** The cluster's own incident tells; the job's incidents stay as they are. */
const clusterWaits = (job: Job, readiness: Extract<Readiness, { readonly ready: false }>): Decision => {
  const { rung, text, task } = readiness;
  if (!job.enabled) return { ...off(job, 'unknown'), blind: true };
  const address = task?.address;
  const watch: WaitFor =
    address === undefined || rung === 'one-jobmanager' ? { kind: 'ecs' } : { kind: 'jobs', address };
  return {
    ...waiting(job, `${rung}: ${text}`, undefined, {
      saw: 'unknown',
      ...(isHopeless(readiness) ? {} : { waitFor: watch }),
    }),
    blind: true,
  };
};

const missed = (job: Job, attempt: Attempt, { cluster, observation }: Context, on: Incarnation): Decision => {
  if (isLossUnprovable(attempt, cluster, on)) {
    if (!job.enabled) return off(job, 'missing');
    const ran = attempt.sightedOn?.process ?? attempt.posts.at(-1)?.to.process;
    return held(
      job,
      'LOSS_UNPROVEN',
      `attempt ${attempt.n} (${attempt.jobId}) was on ${ran}, now ${on.process} answers`,
    );
  }
  const proof = absence(attempt, cluster, observation);
  const because =
    attempt.absentSinceMs === undefined && !proof.proven
      ? proof.because
      : 'missing on its own JobManager; looking again';
  return waiting(job, because, 'ABSENCE_UNPROVEN', { waitFor: { kind: 'ecs' } });
};

/** FINISHED is success; other ends that we did not order are a person's business until the manifest says otherwise. */
const heldByItsEnd = (job: Job, last: Attempt): Decision | undefined => {
  const state = last.end?.state;
  if (state === undefined || state === 'LOST' || last.acknowledged || isEndedByOrder(last)) return undefined;
  if (last.posts.some(isRestoreRefused)) return undefined; // it never ran; an older snapshot may do
  const done = { job: job.name, saw: state, verdict: 'done' } as const;
  if (state === 'FINISHED') return { ...done, because: `attempt ${last.n} finished` };
  if (isDone(job, last))
    return { ...done, because: `attempt ${last.n} ended unseen, which its \`bounded: true\` makes a success` };
  if (isChanged(job, last)) return undefined;
  return held(job, `JOB_${state}`, `attempt ${last.n} (${last.jobId}) is ${state}`, { saw: state });
};
