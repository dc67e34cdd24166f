import { unseenTask } from './absence.ts';
import { suspectsOf } from './adoption.ts';
import { waitsForOthers } from './after.ts';
import { type Context, type Decision, held, waiting, withUnjudged } from './decision.ts';
import { defaults } from './defaults.ts';
import { jobIdOf } from './identity.ts';
import { jarOf, taskDefinitionOf } from './jars.ts';
import { isOpen, isUnheard } from './liveness.ts';
import type { Attempt, FlinkView, Job, JobMemory, Post } from './model.ts';
import { problem } from './problems.ts';
import { heldByRefusal, troubleOf } from './refusals.ts';
import { specOf } from './remember.ts';
import { slotsNeeded } from './slots.ts';

/** While a POST is unsettled: the same id, on the same process, or nothing. */
export const startAgain = (job: Job, attempt: Attempt, context: Context): Decision => {
  if (!context.readiness.ready) return waiting(job, context.readiness.text);
  const { view } = context.readiness;
  const open = attempt.posts.filter((post) => isOpen(post, context.nowMs));
  const elsewhere = open.find((post) => post.to.process !== view.incarnation.process);
  const newest = attempt.posts.at(-1);
  if (elsewhere !== undefined)
    return waiting(
      job,
      `a submission to another JobManager is not settled: ${elsewhere.to.taskArn}`,
      'ABSENCE_UNPROVEN',
      {
        saw: 'unsettled',
        waitFor: { kind: 'ecs' },
      },
    );
  const mayBeUnsent = job.enabled && open.every(({ answer }) => answer === 'none' || answer === 'broken');
  if (newest === undefined || !mayBeUnsent || context.nowMs < newest.sentMs + defaults.repeatAfterMs)
    return waiting(job, 'submitted; the job may still appear', troubleOf(job, [attempt], context.nowMs)?.code, {
      saw: 'unsettled',
      waitFor: { kind: 'job', address: view.incarnation.address, jobId: attempt.jobId },
    });
  return run(job, [], attempt, view, 'the submission may never have arrived: the same id once more', context);
};

/** A job that is surely nowhere is started, unless a rule says to wait or to hold. */
export const startAnew = (job: Job, memory: JobMemory, context: Context): Decision => {
  if (!context.readiness.ready) return waiting(job, context.readiness.text);
  const { view } = context.readiness;
  return (
    heldByRefusal(job, memory, context) ??
    waitsForSight(job, context) ??
    heldByForeign(job, memory, context) ??
    heldByState(job, memory) ??
    waitsForAge(job, memory, view, context) ??
    waitsForOthers(job, context) ??
    waitsForJar(job, view, context) ??
    waitsForSlots(job, view, context) ??
    run(job, memory.attempts, nextAttempt(job, memory, view, context), view, whyStart(memory), context)
  );
};

const whyStart = (memory: JobMemory): string => {
  const last = memory.attempts.at(-1);
  if (last === undefined) return 'it was never submitted';
  if (last.stop !== undefined && last.end !== undefined) return `${last.stop.order}: ${last.stop.because}`;
  if (last.end?.state === 'LOST') return `attempt ${last.n} is lost with its JobManager`;
  if (last.end !== undefined) return `attempt ${last.n} is ${last.end.state} and is asked for anew`;
  return `attempt ${last.n} did not start`;
};

/** A JobManager that shows nothing may run anything. */
const waitsForSight = (job: Job, { observation }: Context): Decision | undefined => {
  const task = unseenTask(observation);
  if (task === undefined) return undefined;
  const text = `another JobManager task is ${task.lastStatus} and does not show its jobs: ${task.taskArn}`;
  const decision = waiting(job, text, 'ABSENCE_UNPROVEN', { waitFor: { kind: 'ecs' } });
  return withUnjudged(decision, 'UNMATCHED_JOB', 'STATE_REQUIRED', 'JAR_MISSING', 'JAR_UNREADABLE', 'SLOTS_MISSING');
};

/** Installing on a busy cluster must not double anything; nor must a person's own start. */
const heldByForeign = (job: Job, memory: JobMemory, { foreign }: Context): Decision | undefined => {
  const suspects = suspectsOf(job, memory, foreign);
  if (suspects.length === 0) return undefined;
  const listed = suspects.slice(0, defaults.suspectsMax);
  const more = suspects.length - listed.length;
  const list = listed.map((copy) => `"${copy.job.name}" (${copy.job.jobId})`).join(', ');
  const text = `live on the cluster and not a job of the manifest: ${list}${more === 0 ? '' : ` and ${more} more`}`;
  const decision = held(job, 'UNMATCHED_JOB', text);
  if (decision.problem === undefined) return decision;
  const commands = listed.flatMap((copy) =>
    ['adopt', 'ignore'].map((word) => `\`npx flink-autopilot ${word} CLUSTER/JOB --flink-job ${copy.job.jobId}\``),
  );
  const fix = `${decision.problem.fix} Here: ${commands.join(', ')}`;
  return { ...decision, problem: { ...decision.problem, fix } };
};

/** Until restoring is possible, a job that may have had state starts empty only when the manifest says so. */
const heldByState = (job: Job, memory: JobMemory): Decision | undefined => {
  const ran = memory.attempts.findLast((attempt) => attempt.end !== undefined);
  if (ran === undefined || job.state === 'none') return undefined;
  return held(
    job,
    'STATE_REQUIRED',
    `attempt ${ran.n} (${ran.jobId}) is ${ran.end?.state} and its state cannot be restored yet`,
  );
};

/** `submitAfterSeconds`, counted from our own first look at this process: only a least wait, never a proof. */
const waitsForAge = (job: Job, { ready }: JobMemory, view: FlinkView, context: Context): Decision | undefined => {
  const leastMs = (context.cluster.submitAfterSeconds ?? 0) * 1_000;
  const ageMs = ready?.process === view.incarnation.process ? context.nowMs - ready.sinceMs : 0;
  if (ageMs >= leastMs) return undefined;
  const text = `the JobManager is seen for ${Math.floor(ageMs / 1_000)} of ${leastMs / 1_000} s`;
  return waiting(job, `submitAfterSeconds: ${text}`, undefined, { waitFor: { kind: 'ecs' } });
};

const waitsForJar = (job: Job, view: FlinkView, context: Context): Decision | undefined => {
  const jar = jarOf(job, view, context);
  if (jar === undefined || !jar.known)
    return withUnjudged(
      waiting(job, jar?.because.text ?? `${job.jar} was not looked at`, 'JAR_UNREADABLE'),
      'JAR_MISSING',
      'SLOTS_MISSING',
    );
  return jar.value.present ? undefined : waiting(job, `there is no ${job.jar}`, 'JAR_MISSING');
};

const waitsForSlots = (job: Job, view: FlinkView, { freeSlots, keptFor }: Context): Decision | undefined => {
  const need = slotsNeeded(job);
  if (freeSlots !== undefined && freeSlots >= need) return undefined;
  const kept = keptFor === undefined ? '' : `; the rest is kept for ${keptFor}, whose priority is higher`;
  const text = freeSlots === undefined ? 'its free slots are not known' : `${freeSlots} of ${need} slots${kept}`;
  const seen = view.slots.known ? view.slots.value.free : -1;
  return waiting(job, `slots: ${text}`, 'SLOTS_MISSING', {
    waitFor: { kind: 'slots', address: view.incarnation.address, free: seen },
  });
};

/** An attempt that never appeared goes on under its id on the same process; anything else gets a new number and a new id. */
const nextAttempt = (job: Job, memory: JobMemory, view: FlinkView, context: Context): Attempt => {
  const last = memory.attempts.at(-1);
  const { process } = view.incarnation;
  if (last !== undefined && mayGoOn(last, job, process)) {
    const { acknowledged: _a, wanted: _w, ...again } = last;
    const next = { ...again, ...basis(job, view, context) };
    const sameJar = next.jarVersion === last.jarVersion && next.spec.jar === last.spec.jar;
    return sameJar ? next : { ...next, posts: next.posts.map(({ jarId: _old, ...post }) => post) };
  }
  const n = (last?.n ?? 0) + 1;
  const jobId = jobIdOf(job.lineage, n, context.dice[job.name] ?? '00000000');
  return { ...basis(job, view, context), n, jobId, posts: [] };
};

/** A changed spec gets a new number, too, unless an unheard-of POST could still make the old id appear. */
const mayGoOn = (last: Attempt, job: Job, process: string): boolean =>
  last.end === undefined &&
  last.posts.every((post) => post.to.process === process) &&
  (last.posts.some(isUnheard) || (last.revision === job.revision && !last.acknowledged));

const basis = (job: Job, view: FlinkView, context: Context) => {
  const seen = jarOf(job, view, context);
  const jar = seen?.known && seen.value.present ? seen.value : { version: 'unknown', sizeBytes: 0 };
  const inManifest = context.cluster.jobs.find(({ name }) => name === job.name)?.revision ?? job.revision;
  return {
    revision: job.revision,
    spec: specOf(job),
    jarVersion: jar.version,
    jarSizeBytes: jar.sizeBytes,
    taskDefinitionArn: taskDefinitionOf(view, context.observation),
    flinkVersion: view.identity.version,
    ...(inManifest === job.revision ? {} : { wanted: inManifest }),
  };
};

const run = (
  job: Job,
  earlier: readonly Attempt[],
  attempt: Attempt,
  view: FlinkView,
  because: string,
  { nowMs }: Context,
): Decision => {
  const trouble = troubleOf(job, [...earlier, attempt], nowMs);
  const newest = attempt.posts.at(-1);
  const post: Post = {
    id: (newest?.id ?? 0) + 1,
    to: view.incarnation,
    sentMs: nowMs,
    settledByMs: nowMs + defaults.uploadCallMs + defaults.mainWithinMs,
    answer: 'none',
    processEnded: false,
  };
  return {
    job: job.name,
    saw: newest !== undefined && isUnheard(newest) ? 'unsettled' : 'absent',
    verdict: 'act',
    because,
    ...(trouble === undefined ? {} : { problem: problem(trouble.code, trouble.text, job.name) }),
    effect: {
      kind: 'run',
      job: job.name,
      attempt: { ...attempt, posts: [...attempt.posts, post] },
      post,
      ...(newest?.jarId === undefined ? {} : { jarId: newest.jarId }),
    },
  };
};
