import { defaults } from './core/defaults.ts';
import { Fault } from './core/errors.ts';
import { newlyFailed } from './core/healing/cause.ts';
import { dueForFlow } from './core/health/flow.ts';
import { dueForSample, isExplained } from './core/health/samples.ts';
import { jarsWanted } from './core/jars.ts';
import { withLeader, withPeers } from './core/leadership.ts';
import type {
  Attempt,
  Cluster,
  ClusterMemory,
  EcsView,
  FlinkJob,
  FlinkView,
  JobManagerTask,
  Observation,
  Seen,
} from './core/model.ts';
import { mayHaveRun, memoryOf } from './core/remember.ts';
import { lookAtOutputs, watchesOutput } from './look-at-outputs.ts';
import { lookAtTasks } from './look-at-tasks.ts';
import { lookForLeader } from './look-for-leader.ts';
import { endpointOf, type Ports } from './ports.ts';
import { askEach, notAsked, seen } from './seen.ts';
import { lookAtSnapshots } from './snapshots/look-at-snapshots.ts';

/**
 * Asks every port about a cluster, in parallel, within the deadline. A port that fails gives `known: false`, never a throw.
 * JobManagers that were there `before` are asked beside ECS, and their answers count for the tasks that ECS still runs.
 */
export const observe = async (
  ports: Ports,
  cluster: Cluster,
  memory: ClusterMemory,
  untilMs: number,
  before?: Observation,
): Promise<Observation> => {
  const fromNow = () => Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs);
  const deadlineMs = fromNow();
  const uris = jarsWanted(cluster, memory);
  const known = knownOf(cluster, memory);
  const look: LookAt = (task) => {
    const lookUntilMs = fromNow();
    return seen(() => observeJobManager(ports, cluster, known, task, lookUntilMs));
  };
  const early = lookEarly(look, before);
  const [ecs, taskManagers, jars, leader] = await Promise.all([
    seen(() => lookAtTasks(ports, cluster, recordedTasks(cluster, known), deadlineMs)),
    before?.taskManagers ?? lookAtTaskManagers(ports, cluster, deadlineMs),
    Promise.all(uris.map((uri) => seen(() => ports.jars.look(uri, deadlineMs)))),
    cluster.leader === undefined || cluster.leader === 'rest'
      ? undefined
      : seen(() => lookForLeader(ports, cluster, deadlineMs)),
  ]);
  const views = ecs.known ? await observeFlink(look, ecs.value, early) : {};
  const outputs = await lookAtOutputs(ports, cluster, memory, views, fromNow());
  const flink = cluster.leader === 'rest' ? withPeers(views) : withLeader(views, leader);
  return {
    ecs,
    ...(taskManagers === undefined ? {} : { taskManagers }),
    ...(leader === undefined ? {} : { leader }),
    flink,
    ...(Object.keys(outputs).length === 0 ? {} : { outputs }),
    jars: Object.fromEntries(uris.map((uri, index) => [uri, jars[index] ?? notAsked])),
  };
};

/** Nothing is done on them, so that once an invocation is often enough. */
const lookAtTaskManagers = (
  { ecs }: Ports,
  cluster: Cluster,
  deadlineMs: number,
): Promise<Observation['taskManagers']> | undefined =>
  cluster.url !== undefined || cluster.taskManagers.length === 0
    ? undefined
    : seen(() => ecs.taskManagers(cluster, deadlineMs));

/**
 * Tasks that may still run an attempt: ECS is asked about them by name, because stopped ones leave its lists. Those of
 * another ECS cluster would make it refuse the whole look; they stay unproven.
 */
const recordedTasks = (cluster: Cluster, { open }: Known): readonly string[] => {
  const tasks = open.flatMap(({ sightedOn, posts }) => [
    ...(sightedOn === undefined ? [] : [sightedOn.taskArn]),
    ...posts.filter(({ processEnded }) => !processEnded).map(({ to }) => to.taskArn),
  ]);
  return [...new Set(tasks)].filter((arn) => arn.includes(`:task/${cluster.ecsCluster}/`));
};

/** What is remembered, and of it what a look asks for: of the manifest's jobs alone. */
type Known = {
  readonly memory: ClusterMemory;
  /** Attempts that are not known to have ended. */
  readonly open: readonly Attempt[];
  /** The last one of each job, and earlier ones that are not known to have ended. */
  readonly current: readonly Attempt[];
};

const knownOf = ({ jobs }: Cluster, memory: ClusterMemory): Known => {
  const ofEach = jobs.map(({ name }) => memoryOf(memory, name).attempts);
  return {
    memory,
    open: ofEach.flat().filter(({ end }) => end === undefined),
    current: ofEach.flatMap((attempts) =>
      attempts.filter((each) => each.end === undefined || each === attempts.at(-1)),
    ),
  };
};

/** One look at the JobManager of a task; never a throw. */
type LookAt = (task: JobManagerTask) => Promise<Seen<FlinkView>>;

/** Looks at JobManagers that are under way, by task and address. */
type Early = ReadonlyMap<string, Promise<Seen<FlinkView>>>;

const lookEarly = (look: LookAt, before: Observation | undefined): Early => {
  const tasks = before?.ecs.known ? running(before.ecs.value) : [];
  return new Map(tasks.map((task) => [placeOf(task), look(task)]));
};

const observeFlink = async (look: LookAt, ecs: EcsView, early: Early): Promise<Observation['flink']> => {
  const tasks = running(ecs);
  const views = await Promise.all(tasks.map((task) => early.get(placeOf(task)) ?? look(task)));
  return Object.fromEntries(tasks.map((task, index) => [task.taskArn, views[index] ?? notAsked]));
};

const running = ({ tasks }: EcsView): readonly JobManagerTask[] =>
  tasks.filter((task) => task.address !== undefined && task.lastStatus === 'RUNNING');

const placeOf = ({ taskArn, address }: JobManagerTask): string => `${taskArn} ${address}`;

/**
 * One look at one process: its identity is read before and after, so that a log line and an incident tell of one process.
 * Nothing is done to the wrong one without it either: the process is read again right before each effect.
 */
const observeJobManager = async (
  ports: Ports,
  cluster: Cluster,
  { memory, open, current }: Known,
  task: JobManagerTask,
  deadlineMs: number,
): Promise<FlinkView> => {
  const { flink } = ports;
  const address = task.address ?? '';
  // An attempt keeps the texts that it was submitted with, whatever the manifest says now.
  const at = { ...endpointOf(cluster, { address }), given: current };
  const identity = await flink.identity(at, deadlineMs);
  const [jobs, slots] = await Promise.all([
    seen(() => flink.jobs(at, deadlineMs)),
    seen(() => flink.slots(at, deadlineMs)),
  ]);
  const ids = jobs.known ? unlisted(open, jobs.value) : [];
  const listed = jobs.known ? jobs.value : [];
  const nowMs = ports.clock.nowMs();
  const sampled = dueForSample(cluster, memory.jobs, memory.samples, listed, nowMs);
  const flowing = dueForFlow(cluster, memory, nowMs).filter((jobId) => sampled.includes(jobId));
  const [byId, snapshots, restarts, flows] = await Promise.all([
    askEach(ids, (jobId) => flink.jobState(at, jobId, deadlineMs)),
    lookAtSnapshots(ports, at, current, listed, sampled, deadlineMs),
    askEach(sampled, (jobId) => flink.restarts(at, jobId, deadlineMs)),
    askEach(flowing, (jobId) => flink.flow(at, jobId, { records: watchesOutput(cluster, memory, jobId) }, deadlineMs)),
  ]);
  const ill = [
    ...explained(memory, { listed, sampled, restarts, checkpoints: snapshots.checkpoints }),
    ...newlyFailed(cluster, memory.jobs, listed),
  ];
  const exceptions = await askEach(ill, (jobId) => flink.lastException(at, jobId, deadlineMs));
  const after = await flink.identity(at, deadlineMs);
  if (after.process !== identity.process)
    throw new Fault('transient', 'PROCESS_CHANGED', 'the JobManager restarted while it was looked at');
  const incarnation = { taskArn: task.taskArn, address, process: identity.process };
  return { incarnation, identity, jobs, slots, byId, ...snapshots, restarts, exceptions, flows };
};

/** Jobs in trouble that Flink's exceptions may explain. */
const explained = (
  { samples = {} }: ClusterMemory,
  seen: Pick<FlinkView, 'checkpoints' | 'restarts'> & {
    readonly listed: readonly FlinkJob[];
    readonly sampled: readonly string[];
  },
): readonly string[] => {
  if (seen.sampled.length === 0) return [];
  const kept = new Map(Object.values(samples).map((each) => [each.jobId, each]));
  return seen.sampled.filter((jobId) =>
    isExplained(
      kept.get(jobId),
      seen.listed.find((job) => job.jobId === jobId),
      seen.restarts?.[jobId],
      seen.checkpoints[jobId],
    ),
  );
};

/** Our ids that should or might be there and are not in the list. */
const unlisted = (open: readonly Attempt[], jobs: readonly FlinkJob[]): readonly string[] => {
  const listed = new Set(jobs.map(({ jobId }) => jobId));
  return open.filter((attempt) => mayHaveRun(attempt) && !listed.has(attempt.jobId)).map(({ jobId }) => jobId);
};
