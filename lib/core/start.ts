import { isOneWay } from './absence.ts';
import { type Context, type Decision, waiting, withUnjudged } from './decision.ts';
import { defaults } from './defaults.ts';
import { budgetOf } from './healing/budget.ts';
import { hindered, waitsForSight } from './hindrances.ts';
import { jobIdOf } from './identity.ts';
import { jarOf, taskDefinitionOf } from './jars.ts';
import { isOpen, isUnheard, mayHaveStarted } from './liveness.ts';
import type { Attempt, FlinkView, Found, Incarnation, Job, JobMemory, Post } from './model.ts';
import { problem } from './problems.ts';
import { endedToHeal, failedByItself, isChanged } from './recorded.ts';
import { heldByRefusal, troubleOf } from './refusals.ts';
import { specOf } from './remember.ts';
import { chooseSource, isRestoreRefused, mayBeginEmpty, stateCodes } from './state/restore.ts';

/** While a POST is unsettled: the same id, on the same process, or nothing. */
export const startAgain = (
  job: Job,
  attempt: Attempt,
  memory: JobMemory,
  view: FlinkView,
  context: Context,
): Decision => {
  const open = attempt.posts.filter((post) => isOpen(post, context.nowMs));
  const elsewhere = open.find((post) => post.to.process !== view.incarnation.process);
  const newestMs = Math.max(...attempt.posts.map(({ sentMs }) => sentMs));
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
  const mayBegin = attempt.source !== undefined || mayBeginEmpty(job, memory);
  if (!mayBeUnsent || !mayBegin || context.nowMs < newestMs + defaults.repeatAfterMs) {
    const trouble = troubleOf(job, [attempt], context.nowMs);
    const decision = waiting(job, 'submitted; the job may still appear', undefined, {
      saw: 'unsettled',
      waitFor: { kind: 'job', address: view.incarnation.address, jobId: attempt.jobId },
    });
    return trouble === undefined
      ? decision
      : { ...decision, problem: problem(trouble.code, trouble.text, job.name, trouble.text) };
  }
  const because = 'the submission may never have arrived: the same id once more';
  return (
    heldByAnswer(job, attempt, context) ??
    waitsForSight(job, { ...memory, attempts: [attempt] }, view, context) ??
    run(job, attempt, [attempt], view, because, context)
  );
};

/** What Flink said of a repeat tells how the one before it, of which nobody heard, would have ended: it is tried no sooner than without that one. */
const heldByAnswer = (job: Job, attempt: Attempt, context: Context): Decision | undefined => {
  const same = { ...job, ...attempt.spec, revision: attempt.revision };
  // A repeat is of its own jar, whatever lies there now, or is wanted.
  const observation = { ...context.observation, jars: {} };
  return heldByRefusal(same, { schema: 1, attempts: [attempt] }, { ...context, observation });
};

/** A job that is surely nowhere is started, unless a rule says to wait or to hold: as `next`, which may be from the record. */
export const startAnew = (job: Job, next: Job, memory: JobMemory, view: FlinkView, context: Context): Decision => {
  const hindrance = heldByRefusal(next, memory, context) ?? hindered(next, memory, view, context);
  if (hindrance !== undefined) return job.state === 'none' ? hindrance : withUnjudged(hindrance, ...stateCodes);
  const choice = chooseSource(next, memory, view, context);
  if ('hindrance' in choice) return choice.hindrance;
  const wanted = job.revision === next.revision ? {} : { wanted: job.revision };
  const attempt = { ...withSource(nextAttempt(next, memory, view, context), choice.source), ...wanted };
  const because = `${whyStart(job, memory)}${attempt.source === undefined ? '' : `; from ${attempt.source.path}`}`;
  return run(next, attempt, [...memory.attempts, attempt], view, because, context);
};

/** A POST whose job may run decides what its attempt starts from. */
const withSource = (attempt: Attempt, source: Found | undefined): Attempt => {
  if (attempt.posts.some(mayHaveStarted)) return attempt;
  const { source: _before, ...rest } = attempt;
  return source === undefined ? rest : { ...rest, source };
};

const whyStart = (job: Job, memory: JobMemory): string => {
  const last = memory.attempts.at(-1);
  if (last === undefined) return 'it was never submitted';
  const { stop } = last;
  if (stop !== undefined) return endedToHeal(last) ? stop.because : `${stop.order}: ${stop.because}`;
  if (last.end?.state === 'LOST') return `attempt ${last.n} is lost with its JobManager`;
  if (failedByItself(last) && !last.acknowledged && !isChanged(job, last)) return whyRestart(job, last, memory);
  if (last.end !== undefined) return `attempt ${last.n} is ${last.end.state} and is asked for anew`;
  return `attempt ${last.n} did not start`;
};

const whyRestart = (job: Job, { n, end }: Attempt, { attempts }: JobMemory): string => {
  const { spent, restarts } = budgetOf(job, attempts);
  const { cause } = end ?? {};
  const why = cause === undefined ? '' : ` (${cause})`;
  return spent < restarts
    ? `attempt ${n} is FAILED${why}: restart ${spent + 1} of ${restarts}`
    : `attempt ${n} is FAILED${why}, and its jar is another one now`;
};

/** An attempt that never appeared goes on under its id on the same way to Flink; anything else gets a new number and a new id. */
const nextAttempt = (job: Job, memory: JobMemory, view: FlinkView, context: Context): Attempt => {
  const last = memory.attempts.at(-1);
  // A lost or restored table knows less than the file store does.
  const search = context.observation.snapshots?.[job.name];
  const above = search?.known ? search.value.highest : 0;
  if (last !== undefined && mayGoOn(last, job, view.incarnation, above)) {
    const { acknowledged: _a, wanted: _w, nextFrom: _n, ...again } = last;
    const next = { ...again, ...basis(job, view, context) };
    const sameJar = next.jarVersion === last.jarVersion && next.spec.jar === last.spec.jar;
    return sameJar ? next : { ...next, posts: next.posts.map(({ jarId: _old, ...post }) => post) };
  }
  const n = Math.max(last?.n ?? 0, above) + 1;
  const jobId = jobIdOf(job.lineage, n, context.dice[job.name] ?? '00000000');
  return { ...basis(job, view, context), n, jobId, posts: [] };
};

/** A changed spec gets a new number, too, unless an unheard-of POST could still make the old id appear. */
const mayGoOn = (last: Attempt, job: Job, on: Incarnation, above: number): boolean =>
  last.end === undefined &&
  last.posts.every((post) => isOneWay(post, on) && !isRestoreRefused(post)) &&
  (last.posts.some(isUnheard) || (last.revision === job.revision && !last.acknowledged && last.n > above));

const basis = (job: Job, view: FlinkView, context: Context) => {
  const seen = jarOf(job, view, context);
  const jar = seen?.known && seen.value.present ? seen.value : { version: 'unknown', sizeBytes: 0 };
  return {
    revision: job.revision,
    spec: specOf(job),
    jarVersion: jar.version,
    jarSizeBytes: jar.sizeBytes,
    taskDefinitionArn: taskDefinitionOf(view, context.observation),
    flinkVersion: view.identity.version,
  };
};

/** What it suffers from is told of all these attempts. */
const run = (
  job: Job,
  attempt: Attempt,
  attempts: readonly Attempt[],
  view: FlinkView,
  because: string,
  { nowMs }: Context,
): Decision => {
  const trouble = troubleOf(job, attempts, nowMs);
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
    ...(trouble === undefined || trouble.isPast
      ? {}
      : { problem: problem(trouble.code, trouble.text, job.name, trouble.text) }),
    effect: {
      kind: 'run',
      job: job.name,
      attempt: { ...attempt, posts: [...attempt.posts, post] },
      post,
      ...(newest?.jarId === undefined ? {} : { jarId: newest.jarId }),
    },
  };
};
