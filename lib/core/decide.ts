import { foreignJobs } from './adoption.ts';
import { progressOf } from './after.ts';
import { decideJob } from './decide-job.ts';
import { type Context, type Decision, held } from './decision.ts';
import { defaults } from './defaults.ts';
import { isAccessRefused } from './errors.ts';
import { withBreaker } from './healing/breaker.ts';
import type { Samples } from './health/samples.ts';
import { liveJobs } from './liveness.ts';
import { restrained, restraintOf } from './mode.ts';
import {
  type Cluster,
  emptyJobMemory,
  type Job,
  type JobMemory,
  type Observation,
  type Pause,
  type Problem,
} from './model.ts';
import { problem, type ToldCode } from './problems.ts';
import { type Readiness, type Rung, readiness } from './readiness.ts';
import { inTurn } from './slots.ts';
import { oneSuspectAtATime } from './suspects.ts';
import { type TasksHealth, tasksHealth, withTaskManagers } from './tasks/judge.ts';

/** What all jobs of a cluster are decided on. */
export type Situation = {
  readonly cluster: Cluster;
  readonly memories: Readonly<Record<string, JobMemory>>;
  /** Jobs whose memory could not be brought up to date, with the reason. */
  readonly bugs?: Readonly<Record<string, string>>;
  /** The whole cluster is paused. */
  readonly pause?: Pause | undefined;
  readonly observation: Observation;
  readonly samples?: Samples | undefined;
  readonly nowMs: number;
  /** Four random bytes in hex for each job's next attempt, by job name. */
  readonly dice: Readonly<Record<string, string>>;
};

/** Decides on every job of a cluster, and on what is wrong with the cluster itself. Decisions are in the manifest's order. */
export const decide = (
  situation: Situation,
): {
  readonly readiness: Readiness;
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
  readonly tasks: TasksHealth;
} => {
  const { cluster, memories, observation, nowMs, pause } = situation;
  const state = readiness(cluster, observation);
  const live = liveJobs(observation);
  const foreign = foreignJobs(memories, live);
  const shared = { ...situation, readiness: state, live, foreign, progress: progressOf(cluster, memories, live) };
  const restraints = new Map(
    cluster.jobs.map((job) => [job.name, restraintOf(cluster, job, [pause, memories[job.name]?.pause], nowMs)]),
  );
  const acts = (name: string): boolean => restraints.get(name) === undefined;
  const free = state.ready && state.view.slots.known ? state.view.slots.value.free : undefined;
  const each = inTurn(
    cluster.jobs,
    ({ name }) => acts(name),
    free,
    (job, { freeSlots, keptFor }) => {
      const context = { ...shared, freeSlots, keptFor, restraint: restraints.get(job.name) };
      return decideSafely(job, memories[job.name] ?? emptyJobMemory, context, situation.bugs);
    },
  );
  // What is not carried out makes nobody wait who is.
  const { acting = [], idle = [] } = Object.groupBy(each, ({ job }) => (acts(job) ? 'acting' : 'idle'));
  const alone = [acting, idle].flatMap((some) => oneSuspectAtATime(some, cluster, memories, nowMs));
  const kept = withBreaker(alone);
  const byJob = new Map(kept.decisions.map((decision) => [decision.job, decision]));
  const decisions = cluster.jobs.flatMap(({ name }) => {
    const decision = byJob.get(name);
    return decision === undefined ? [] : [named(restrained(decision, restraints.get(name)), cluster)];
  });
  const ofJobs = decisions.flatMap(({ problem: found, further = [] }) => (found ? [found, ...further] : further));
  const tasks = tasksHealth(cluster, observation, state, nowMs);
  const ofCluster = [
    ...clusterProblem(situation, state),
    ...kept.problems,
    ...tasks.problems,
    ...losses(situation, decisions),
  ];
  return {
    readiness: state,
    decisions,
    problems: [...ofCluster, ...withTaskManagers(ofJobs, observation)],
    tasks,
  };
};

/** A message names the exact command. */
const named = (decision: Decision, { name }: Cluster): Decision => {
  const { problem: found, further, job } = decision;
  if (found === undefined && !further?.length) return decision;
  const exact = (each: Problem): Problem => ({ ...each, fix: each.fix.replaceAll('CLUSTER/JOB', `${name}/${job}`) });
  const beside = further === undefined ? {} : { further: further.map(exact) };
  return { ...decision, ...beside, ...(found === undefined ? {} : { problem: exact(found) }) };
};

/** A job that goes down with its JobManager again and again: each loss is short, so only their number tells. */
const losses = ({ cluster, memories, nowMs }: Situation, decisions: readonly Decision[]): readonly Problem[] =>
  cluster.jobs.flatMap(({ name, enabled }) => {
    const lost = (memories[name] ?? emptyJobMemory).attempts.filter(
      ({ end }) => end?.state === 'LOST' && nowMs - end.atMs < defaults.lossWindowMs,
    );
    if (!enabled || lost.length < defaults.lossesMax) return [];
    const isTheCause = ({ job, problem: found }: Decision) =>
      job === name && found?.code === 'SUBMISSION_KILLS_JOBMANAGER';
    if (decisions.some(isTheCause)) return []; // which is told already, and ends them
    const text = `${lost.length} attempts were lost with their JobManager within ${defaults.lossWindowMs / 60_000} min`;
    return [problem('JOB_LOST_REPEATEDLY', text, name)];
  });

/** A bug in one job's work never stops another job. */
const decideSafely = (job: Job, memory: JobMemory, context: Context, bugs: Situation['bugs'] = {}): Decision => {
  const before = Object.hasOwn(bugs, job.name) ? bugs[job.name] : undefined;
  if (before !== undefined) return held(job, 'AUTOPILOT_BUG', before, { saw: 'a bug' });
  try {
    return decideJob(job, memory, context);
  } catch (bug) {
    return held(job, 'AUTOPILOT_BUG', bug instanceof Error ? bug.message : String(bug), { saw: 'a bug' });
  }
};

const codes: Readonly<Record<Exclude<Rung, 'asleep'>, ToldCode>> = {
  ecs: 'ECS_UNSEEN',
  task: 'CLUSTER_NOT_READY',
  address: 'CLUSTER_NOT_READY',
  'one-jobmanager': 'TWO_JOBMANAGERS',
  rest: 'CLUSTER_NOT_READY',
  jobs: 'CLUSTER_NOT_READY',
  submission: 'SUBMISSION_DISABLED',
  version: 'FLINK_TOO_OLD',
  ha: 'HA_UNSUPPORTED',
  leader: 'LEADER_UNKNOWN',
};

/** A JobManager that was seen to run a job and does not answer now is a lost view, not a slow start; one that refuses us is neither. */
const clusterProblem = ({ cluster, memories }: Situation, state: Readiness): readonly Problem[] => {
  if (state.ready || state.rung === 'asleep') return [];
  if (isAccessRefused(state.code)) return [problem('FLINK_ACCESS', state.text)];
  // A job goes from one leader to the next: none of them answers.
  const isLed = cluster.leader !== undefined;
  const seenBefore = Object.values(memories).some(({ attempts }) =>
    attempts.some(
      ({ end, sightedOn }) =>
        end === undefined && sightedOn !== undefined && (isLed || sightedOn.taskArn === state.task?.taskArn),
    ),
  );
  const blind = (state.rung === 'rest' || state.rung === 'jobs') && seenBefore;
  const found = problem(blind ? 'CLUSTER_UNSEEN' : codes[state.rung], `${state.rung}: ${state.text}`);
  return [{ ...found, fix: found.fix.replaceAll('CLUSTER/', `${cluster.name}/`) }];
};
