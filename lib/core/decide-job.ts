import { absence } from './absence.ts';
import { type Context, type Decision, held, type WaitFor, waiting, withUnjudged } from './decision.ts';
import { type Copy, isUnsettled, liveCopies } from './liveness.ts';
import type { Attempt, Incarnation, Job, JobMemory, Post } from './model.ts';
import { problem } from './problems.ts';
import { troubleOf } from './refusals.ts';
import { mayHaveRun } from './remember.ts';
import { startAgain, startAnew } from './start.ts';

/** Decides on one job, given what is remembered and seen. Total, pure, synchronous; what is unknown leads to no effect. */
export const decideJob = (job: Job, memory: JobMemory, context: Context): Decision => {
  const copies = liveCopies(
    memory.attempts.map(({ jobId }) => jobId),
    context.observation,
  );
  const [copy] = copies;
  if (copies.length > 1 && job.enabled) return twoLive(job, copies);
  if (copy !== undefined) return live(job, memory, copy);
  if (!context.readiness.ready) return clusterWaits(job, context);

  const decision = absent(job, memory, context, context.readiness.view.incarnation);
  const trouble = job.enabled ? troubleOf(job, memory.attempts, context.nowMs) : undefined;
  return trouble === undefined || decision.verdict === 'hold' ? decision : withUnjudged(decision, trouble.code);
};

/** No JobManager lists it: is a copy on its way or out of sight, has it ended, or is it to be started? */
const absent = (job: Job, memory: JobMemory, context: Context, on: Incarnation): Decision => {
  const { attempts } = memory;
  const unsettled = attempts.find((attempt) => isUnsettled(attempt, context.nowMs));
  const others = attempts.filter((attempt) => attempt !== unsettled);
  const somewhere = others.findLast((each) => isUnsettled(each, context.nowMs) || maybeSomewhere(each, on));
  if (somewhere !== undefined) return missed(job, somewhere, context);
  if (unsettled !== undefined) return startAgain(job, unsettled, context);
  if (!job.enabled) return off(job, 'absent');
  const last = attempts.at(-1);
  return (last === undefined ? undefined : heldByItsEnd(job, last)) ?? startAnew(job, memory, context);
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

const live = (job: Job, memory: JobMemory, { job: seen, on }: Copy): Decision => {
  const saw = `${seen.state} ${seen.tasksRunning}/${seen.tasksTotal}`;
  const decision = { job: job.name, saw, verdict: 'steady', because: `${seen.jobId} is live`, ...illness() } as const;
  const left = leftJar(memory, on);
  return left === undefined
    ? decision
    : { ...decision, verdict: 'act', because: 'its jar is not needed any more', effect: left };

  function illness(): Pick<Decision, 'problem'> {
    const allRun = seen.state === 'RUNNING' && seen.tasksTotal > 0 && seen.tasksRunning === seen.tasksTotal;
    if (allRun || !job.enabled) return {};
    const text = `${seen.jobId} is ${seen.state}, ${seen.tasksRunning} of ${seen.tasksTotal} tasks run`;
    return { problem: problem('TASKS_NOT_RUNNING', text, job.name) };
  }

  function leftJar({ attempts }: JobMemory, to: Incarnation): Decision['effect'] {
    const post = attempts
      .flatMap(({ posts }) => posts)
      .find(({ jarId, to: { process } }) => jarId && process === to.process);
    return post?.jarId === undefined ? undefined : { kind: 'delete-jar', job: job.name, to, jarId: post.jarId };
  }
};

/** The cluster's own incident tells; the job's incidents stay as they are. */
const clusterWaits = (job: Job, { readiness }: Context): Decision => {
  if (readiness.ready) return waiting(job, 'ready');
  const { rung, text, task } = readiness;
  if (!job.enabled) return { ...off(job, 'unknown'), blind: true };
  const watch: WaitFor =
    rung === 'rest' || rung === 'jobs' ? { kind: 'jobs', address: task?.address ?? '' } : { kind: 'ecs' };
  const hopeless = rung === 'asleep' || rung === 'ha' || rung === 'submission' || rung === 'version';
  return {
    ...waiting(job, `${rung}: ${text}`, undefined, { saw: 'unknown', ...(hopeless ? {} : { waitFor: watch }) }),
    blind: true,
  };
};

/** It ran, or may have run, and is neither ended nor proven to be nowhere. */
const maybeSomewhere = (attempt: Attempt, ready: Incarnation): boolean =>
  attempt.end === undefined &&
  (attempt.sightedOn !== undefined || (mayHaveRun(attempt) && attempt.posts.some((post) => isElsewhere(post, ready))));

const isElsewhere = ({ to, answer }: Post, ready: Incarnation): boolean =>
  to.process !== ready.process && answer !== 'not-sent';

const missed = (job: Job, attempt: Attempt, { cluster, observation }: Context): Decision => {
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
  if (state === undefined || state === 'LOST' || last.acknowledged) return undefined;
  if (state === 'FINISHED')
    return { job: job.name, saw: state, verdict: 'done', because: `attempt ${last.n} finished` };
  if (last.revision !== job.revision) return undefined;
  return held(job, `JOB_${state}`, `attempt ${last.n} (${last.jobId}) is ${state}`, { saw: state });
};
