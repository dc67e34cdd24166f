import { absence, idle, isAbsentOn } from './absence.ts';
import { defaults } from './defaults.ts';
import { equal } from './equal.ts';
import { attemptOf } from './identity.ts';
import { isTerminal, jobsOf, mayRunAlthoughRefused, viewsOf } from './liveness.ts';
import type { Attempt, Cluster, FlinkJob, FlinkView, Job, JobMemory, Missing, Observation, Post } from './model.ts';
import { failedByItself, isChanged, isEndedByOrder } from './recorded.ts';
import { modeOf } from './spec.ts';
import { isRestoreRefused } from './state/restore.ts';

/**
 * `leader: rest`: nobody can be asked who leads, nor what there is to recover, and one that is about to recover its jobs was seen to list none.
 * So a job is absent when no JobManager listed it in any look of a time in which a dead leader's session ends and the next one recovers, and when all
 * of them were heard in these looks, as the same processes throughout. A look that did not reach all of them counts as none; the time in which nobody
 * looked, since ticks come late, does not count, and takes nothing away: it takes as many looks as ever.
 */

/**
 * Since when that is so, as if whatever does not count had not been; undefined: it is not. A foreign job that might be this one and is listed no more,
 * without an end, begins it anew.
 */
export const missingSince = (
  memory: JobMemory,
  job: Job,
  cluster: Cluster,
  observation: Observation,
  nowMs: number,
): Missing | undefined => {
  const { missing, attempts } = memory;
  if (isAtRest(job, cluster, attempts)) return undefined;
  if (viewsOf(observation).some((view) => !isWhole(view) || lists(view, job, attempts))) return undefined;
  const views = heard(observation);
  if (views === undefined) return missing && !missing.unheard ? { ...missing, unheard: true } : missing;
  const processes = views.map(({ incarnation }) => incarnation.process).toSorted();
  const listed = views.flatMap(jobsOf);
  const foreign = foreignIds(listed, memory, cluster);
  const now = { processes, lookedMs: nowMs, ...(foreign.length === 0 ? {} : { foreign }) };
  if (missing === undefined || !goesOn(missing, processes, listed, nowMs)) return { ...now, sinceMs: nowMs };
  // Kept as it is for a moment, so that looks which follow each other write nothing.
  const isKept =
    nowMs - missing.lookedMs < defaults.restGapMs / 6 && !missing.unheard && equal(missing.foreign ?? [], foreign);
  return isKept ? missing : { ...now, sinceMs: countedFrom(missing, attempts, nowMs) };
};

const goesOn = (
  { processes, lookedMs, unheard, foreign = [] }: Missing,
  now: readonly string[],
  listed: readonly FlinkJob[],
  nowMs: number,
): boolean =>
  equal(processes, now) &&
  nowMs - lookedMs <= (unheard ? defaults.restGapMs : defaults.restStaleMs) &&
  foreign.every((jobId) => listed.some((each) => each.jobId === jobId));

/** Later by what the gap before this look was too long, from the last submission on, which may have come in it. */
const countedFrom = ({ sinceMs, lookedMs }: Missing, attempts: readonly Attempt[], nowMs: number): number => {
  const tooLongMs = nowMs - lookedMs - defaults.restGapMs;
  return tooLongMs <= 0 ? sinceMs : Math.max(sinceMs, sentLastMs(attempts)) + tooLongMs;
};

/** However long nobody lists it, nothing comes of that: nothing is written of it either. */
export const isAtRest = (job: Job, cluster: Cluster, attempts: readonly Attempt[]): boolean => {
  const last = attempts.at(-1);
  const isOff = !job.enabled || modeOf(cluster, job) === 'watch';
  if (last?.end === undefined) return isOff && last === undefined;
  const isHeld = last.end.state !== 'LOST' && !last.acknowledged && !isEndedByOrder(last) && !isChanged(job, last);
  // What failed may be started again, now or when its jar is another one.
  return isOff || (isHeld && !failedByItself(last) && !last.posts.some(isRestoreRefused));
};

/** Live jobs under an id that is none of the manifest's. */
const foreignIds = (listed: readonly FlinkJob[], { ignored = [] }: JobMemory, { jobs }: Cluster): readonly string[] => {
  const isForeign = ({ jobId, state }: FlinkJob) =>
    !isTerminal(state) &&
    !ignored.includes(jobId) &&
    jobs.every(({ lineage }) => attemptOf(lineage, jobId) === undefined);
  const ids = listed.filter(isForeign).map(({ jobId }) => jobId);
  return [...new Set(ids)].toSorted().slice(0, defaults.suspectsMax);
};

/** Why a job may still be somewhere; undefined: it is nowhere. What Flink lists as ended is told by itself, and waits for nothing. */
export const unprovenOverRest = (
  memory: JobMemory,
  cluster: Cluster,
  observation: Observation,
  nowMs: number,
): string | undefined => {
  if (cluster.leader !== 'rest') return undefined;
  const { attempts, missing } = memory;
  if (missing === undefined || heard(observation) === undefined)
    return 'not every JobManager task answers, with its jobs and its slots';
  const last = attempts.at(-1);
  if (last?.end !== undefined && viewsOf(observation).every((view) => knowsEnd(view, last))) return undefined;
  const absentMs = nowMs - Math.max(missing.sinceMs, sentLastMs(attempts));
  const leastMs = windowMs(observation);
  if (absentMs >= leastMs) return undefined;
  return `absent from the list of every JobManager for ${Math.floor(absentMs / 1_000)} of ${leastMs / 1_000} s`;
};

/**
 * An attempt that ran, or may have run, and that nobody listed for long enough: if it is nowhere it ended unseen where one of the processes that answered when it was seen last still does,
 * since what Flink keeps to recover jobs outlived it then; else it is lost with all of them.
 */
export const endedOverRest = (
  attempt: Attempt,
  memory: JobMemory,
  cluster: Cluster,
  observation: Observation,
  nowMs: number,
): Attempt => {
  if (!viewsOf(observation).every((view) => isAbsentOn(view, attempt.jobId))) return attempt;
  if (!absence(attempt, cluster, observation).proven) return attempt;
  const { process, peers = [] } = attempt.sightedOn ?? {};
  const isAtHome = [process, ...peers].some((each) => each !== undefined && memory.missing?.processes.includes(each));
  return { ...attempt, end: { state: isAtHome ? 'GONE' : 'LOST', atMs: nowMs } };
};

/** The views of all JobManager tasks that are not known to have ended, or not to have begun; undefined: one of them is not heard. */
const heard = (observation: Observation): readonly FlinkView[] | undefined => {
  if (!observation.ecs.known) return undefined;
  const views = observation.ecs.value.tasks
    .filter(({ lastStatus }) => !idle.has(lastStatus))
    .map(({ taskArn }) => observation.flink[taskArn]);
  const whole = views.flatMap((view) => (view?.known && isWhole(view.value) ? [view.value] : []));
  return whole.length > 0 && whole.length === views.length ? whole : undefined;
};

/** Who answers and does not list its jobs, or not tell its slots, may have no leader: one is about to recover its jobs. */
const isWhole = ({ incarnation, jobs, slots }: FlinkView): boolean =>
  incarnation.peers !== undefined && jobs.known && slots.known;

const lists = (view: FlinkView, { lineage }: Job, attempts: readonly Attempt[]): boolean =>
  jobsOf(view).some(
    ({ jobId, state }) =>
      !isTerminal(state) &&
      (attemptOf(lineage, jobId) !== undefined || attempts.some((attempt) => attempt.jobId === jobId)),
  );

const knowsEnd = (view: FlinkView, { jobId }: Attempt): boolean =>
  jobsOf(view).some((job) => job.jobId === jobId && isTerminal(job.state));

/** When the last of these submissions was made; what was listed before tells nothing of it. */
const sentLastMs = (attempts: readonly Attempt[]): number =>
  Math.max(0, ...attempts.flatMap(({ posts }) => posts).map(sentMs));

/** Of a POST that may have started its job. */
const sentMs = (post: Post): number =>
  post.answer === 'not-sent' || (post.answer === 'refused' && !mayRunAlthoughRefused(post)) ? 0 : post.sentMs;

/** The longest session that one of them has, and a margin. */
const windowMs = (observation: Observation): number =>
  Math.max(...viewsOf(observation).map(({ identity }) => identity.zookeeper?.sessionMs ?? defaults.sessionMs)) +
  defaults.restMarginMs;

/** Waiting for so long is what the rule asks for; who waits longer than a cluster may take beside that is told. */
export const restPatienceMs = (observation: Observation): number => windowMs(observation) + defaults.readyWithinMs;
