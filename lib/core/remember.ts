import { absence, hasEnded, isAbsentOn } from './absence.ts';
import { defaults } from './defaults.ts';
import { failuresSince } from './healing/budget.ts';
import { withCause } from './healing/cause.ts';
import { withTrial } from './healing/trial.ts';
import { attemptOf } from './identity.ts';
import { leadingView } from './leadership.ts';
import { isOpen, isUnsettled, jobsOf, mayHaveStarted, mayRunAlthoughRefused, recovering, viewsOf } from './liveness.ts';
import {
  type Attempt,
  type Cluster,
  type ClusterMemory,
  emptyJobMemory,
  type FlinkView,
  type Job,
  type JobMemory,
  type Observation,
  type Outcome,
  type Post,
} from './model.ts';
import { readiness } from './readiness.ts';
import { endedOverRest, isAtRest, missingSince, unprovenOverRest } from './rest-absence.ts';
import { withAttempts, withPosts } from './same.ts';
import { isAbsentLong, sighted } from './sighted.ts';
import { withLedger } from './state/ledger.ts';
import { withSavepoint } from './state/savepoints.ts';

/** What was seen and what came of the last effects, put into a job's memory. Pure; the same input twice changes nothing. */
export const remember = (
  memory: JobMemory,
  job: Job,
  cluster: Cluster,
  observation: Observation,
  outcomes: readonly Outcome[],
  nowMs: number,
): JobMemory => {
  const mine = outcomes.filter((outcome) => outcome.job === job.name);
  const known = withMissing(memory, job, cluster, observation, nowMs);
  const views = viewsOf(observation);
  const mayBeListed = unprovenOverRest(known, cluster, observation, nowMs) !== undefined;
  const attempts = [...heard(memory.attempts, mine), ...unrecorded(memory, job, views)]
    .map((attempt) => {
      const told = withLedger(withCause(sighted(attempt, views, nowMs), observation), views);
      const here = withEndedProcesses(mayBeListed ? told : withoutJob(told, views), observation);
      const left = mayBeListed ? here : lost(here, known, cluster, observation, nowMs);
      return acknowledged(withSavepoint(left, memory.attempts, observation, nowMs), job, nowMs);
    })
    .sort((a, b) => a.n - b.n);
  // What just came to rest waits for nothing.
  const kept = isAtRest(job, cluster, attempts) ? without(memory) : known;
  const tried = withTrial(attempts, job, observation, nowMs);
  return withAttempts(withReady(kept, cluster, observation, nowMs), bounded(tried, nowMs));
};

const withMissing = (
  memory: JobMemory,
  job: Job,
  cluster: Cluster,
  observation: Observation,
  nowMs: number,
): JobMemory => {
  const missing = cluster.leader === 'rest' ? missingSince(memory, job, cluster, observation, nowMs) : undefined;
  if (missing === undefined) return without(memory);
  return missing === memory.missing ? memory : { ...memory, missing };
};

const without = (memory: JobMemory): JobMemory => {
  if (memory.missing === undefined) return memory;
  const { missing: _before, ...rest } = memory;
  return rest;
};

/** By our own clock, which is never before the process began. */
const withReady = (memory: JobMemory, cluster: Cluster, observation: Observation, nowMs: number): JobMemory => {
  if (cluster.submitAfterSeconds === undefined) return memory;
  const state = readiness(cluster, observation);
  if (!state.ready) return memory;
  const { process } = state.view.incarnation;
  return memory.ready?.process === process ? memory : { ...memory, ready: { process, sinceMs: nowMs } };
};

const heard = (attempts: readonly Attempt[], outcomes: readonly Outcome[]): readonly Attempt[] =>
  outcomes.reduce(
    (known, outcome) => known.map((attempt) => (outcome.attempt === attempt.n ? heardOf(attempt, outcome) : attempt)),
    attempts,
  );

const heardOf = (attempt: Attempt, outcome: Outcome): Attempt => {
  const post = attempt.posts.find(({ id }) => id === outcome.postId);
  if (post === undefined) return attempt;
  const { jarId: _, ...rest } = post;
  const answered: Post = {
    ...rest,
    answer: outcome.answer,
    ...(outcome.refusal === undefined ? {} : { refusal: outcome.refusal }),
    ...(outcome.jarId === undefined ? {} : { jarId: outcome.jarId }),
  };
  const posts = attempt.posts.map((each) => (each.id === post.id ? answered : each));
  return { ...attempt, posts, ...(outcome.answer === 'accepted' ? { sightedOn: post.to } : {}) };
};

/** Jobs of our lineage that the memory lacks: the table was lost or an item deleted. The id tells the attempt. */
const unrecorded = (memory: JobMemory, job: Job, views: readonly FlinkView[]): readonly Attempt[] => {
  const found = views.flatMap((view) =>
    [...jobsOf(view), ...recovering(view)].flatMap(({ jobId }) => {
      const n = attemptOf(job.lineage, jobId);
      const isOurs = n !== undefined && !memory.attempts.some((attempt) => attempt.jobId === jobId);
      return isOurs ? [{ ...recovered(job, view), n, jobId }] : [];
    }),
  );
  // Two JobManagers may list one job.
  return [...new Map(found.map((attempt) => [attempt.jobId, attempt])).values()];
};

const recovered = (job: Job, view: FlinkView): Omit<Attempt, 'n' | 'jobId'> => ({
  revision: job.revision,
  spec: specOf(job),
  jarVersion: 'unknown',
  jarSizeBytes: 0,
  taskDefinitionArn: 'unknown',
  flinkVersion: view.identity.version,
  posts: [],
});

/** What is kept of a job; a name such as `constructor` finds nothing that is not ours. */
export const memoryOf = ({ jobs }: ClusterMemory, name: string): JobMemory =>
  (Object.hasOwn(jobs, name) ? jobs[name] : undefined) ?? emptyJobMemory;

/** The manifest's part of a job. */
export const specOf = ({ lineage: _lineage, revision: _revision, ...spec }: Job): Attempt['spec'] => spec;

/** Every look that knows of an answer was made after it. */
const withoutJob = (attempt: Attempt, views: readonly FlinkView[]): Attempt => {
  if (!attempt.posts.some(mayRunAlthoughRefused)) return attempt;
  const without = views.filter((view) => isAbsentOn(view, attempt.jobId));
  const isSeen = (post: Post) => mayRunAlthoughRefused(post) && without.some(isOn(post));
  return withPosts(
    attempt,
    attempt.posts.map((post) => (isSeen(post) ? { ...post, nothingRuns: true } : post)),
  );
};

const isOn =
  ({ to }: Post) =>
  ({ incarnation }: FlinkView): boolean =>
    incarnation.process === to.process;

const withEndedProcesses = (attempt: Attempt, observation: Observation): Attempt => {
  const isNews = ({ processEnded, to }: Post): boolean => !processEnded && hasEnded(to, observation);
  if (!attempt.posts.some(isNews)) return attempt;
  return { ...attempt, posts: attempt.posts.map((post) => (isNews(post) ? { ...post, processEnded: true } : post)) };
};

/** An attempt that ran, or may have run, and is proven to be nowhere. */
const lost = (
  attempt: Attempt,
  memory: JobMemory,
  cluster: Cluster,
  observation: Observation,
  nowMs: number,
): Attempt => {
  if (attempt.end !== undefined || !mayHaveRun(attempt)) return attempt;
  if (cluster.leader === 'rest')
    return attempt.posts.some((post) => isOpen(post, nowMs))
      ? attempt
      : endedOverRest(attempt, memory, cluster, observation, nowMs);
  const leader = leadingView(observation)?.incarnation.led;
  const isSure = isAbsentLong(attempt, nowMs);
  // One look proves nothing of a leader that may still recover, and main() may be at work where another one led.
  if (leader !== undefined && (!isSure || attempt.posts.some((post) => isOpen(post, nowMs)))) return attempt;
  return absence(attempt, cluster, observation).proven ? { ...attempt, end: { state: 'LOST', atMs: nowMs } } : attempt;
};

/** It was seen, or a POST of it may have been carried out without anybody seeing. */
export const mayHaveRun = (attempt: Attempt): boolean =>
  attempt.sightedOn !== undefined || attempt.posts.some(mayHaveStarted);

const acknowledged = (attempt: Attempt, job: Job, nowMs: number): Attempt => {
  if (job.enabled || attempt.acknowledged || isUnsettled(attempt, nowMs)) return attempt;
  return attempt.end !== undefined || attempt.sightedOn === undefined ? { ...attempt, acknowledged: true } : attempt;
};

/**
 * The newest attempts, and of each the newest POSTs. What may be live or come to life is never dropped, nor what a job's restarts are counted by, nor the newest:
 * its number would be used again, nor what a person ordered last to start from.
 */
const bounded = (attempts: readonly Attempt[], nowMs: number): readonly Attempt[] =>
  withoutSurplus(attempts, nowMs).map((attempt) => withNewestPosts(attempt, nowMs));

const withoutSurplus = (attempts: readonly Attempt[], nowMs: number): readonly Attempt[] => {
  const surplus = attempts.length - defaults.attemptsMax;
  if (surplus <= 0) return attempts;
  const line = attempts.findLast(({ nextFrom }) => nextFrom !== undefined);
  const counted = failuresSince(attempts);
  const older = attempts
    .slice(0, -1)
    .filter((attempt) => isOver(attempt, nowMs) && attempt !== line && !counted.includes(attempt));
  const dropped = older.slice(0, surplus);
  return attempts.filter((attempt) => !dropped.includes(attempt));
};

const isOver = (attempt: Attempt, nowMs: number): boolean =>
  attempt.end !== undefined || !(mayHaveRun(attempt) || isUnsettled(attempt, nowMs));

const withNewestPosts = (attempt: Attempt, nowMs: number): Attempt => {
  const surplus = attempt.posts.length - defaults.postsMax;
  if (surplus <= 0) return attempt;
  return withPosts(
    attempt,
    attempt.posts.filter((post, index) => index >= surplus || isOpen(post, nowMs)),
  );
};
