import { defaults } from './core/defaults.ts';
import { asFault, Fault } from './core/errors.ts';
import { jarsWanted } from './core/jars.ts';
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
import { lookAtTasks } from './look-at-tasks.ts';
import { type Endpoint, endpointOf, type FlinkRest, type Ports } from './ports.ts';

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
  const deadlineMs = Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs);
  const uris = jarsWanted(cluster, memory);
  const look: LookAt = (task) => {
    const lookUntilMs = Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs);
    return seen(() => observeJobManager(ports, cluster, memory, task, lookUntilMs));
  };
  const early = lookEarly(look, before);
  const [ecs, jars] = await Promise.all([
    seen(() => lookAtTasks(ports, cluster, recordedTasks(cluster, memory), deadlineMs)),
    Promise.all(uris.map((uri) => seen(() => ports.jars.look(uri, deadlineMs)))),
  ]);
  const flink = ecs.known ? await observeFlink(look, ecs.value, early) : {};
  return { ecs, flink, jars: Object.fromEntries(uris.map((uri, index) => [uri, jars[index] ?? notAsked])) };
};

/** A Fault becomes a reason; so `Promise.all` over this cannot reject. */
export const seen = async <T>(look: () => Promise<T>): Promise<Seen<T>> => {
  try {
    return { known: true, value: await look() };
  } catch (thrown) {
    const { code, message } = asFault(thrown);
    return { known: false, because: { code, text: message } };
  }
};

const notAsked: Seen<never> = { known: false, because: { code: 'NOT_ASKED', text: 'was not looked at' } };

/**
 * Tasks that may still run an attempt: ECS is asked about them by name, because stopped ones leave its lists. Those of
 * another ECS cluster would make it refuse the whole look; they stay unproven.
 */
const recordedTasks = (cluster: Cluster, memory: ClusterMemory): readonly string[] => {
  const tasks = openAttempts(cluster, memory).flatMap(({ sightedOn, posts }) => [
    ...(sightedOn === undefined ? [] : [sightedOn.taskArn]),
    ...posts.filter(({ processEnded }) => !processEnded).map(({ to }) => to.taskArn),
  ]);
  return [...new Set(tasks)].filter((arn) => arn.includes(`:task/${cluster.ecsCluster}/`));
};

/** Attempts of the manifest's jobs that are not known to have ended. */
const openAttempts = ({ jobs }: Cluster, memory: ClusterMemory): readonly Attempt[] =>
  jobs.flatMap(({ name }) => memoryOf(memory, name).attempts).filter(({ end }) => end === undefined);

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

/** One look at one process: its identity is read before and after, so that no answer of another process slips in. */
const observeJobManager = async (
  { flink }: Ports,
  cluster: Cluster,
  memory: ClusterMemory,
  task: JobManagerTask,
  deadlineMs: number,
): Promise<FlinkView> => {
  const address = task.address ?? '';
  const at = endpointOf(cluster, { address });
  const identity = await flink.identity(at, deadlineMs);
  const [jobs, slots] = await Promise.all([
    seen(() => flink.jobs(at, deadlineMs)),
    seen(() => flink.slots(at, deadlineMs)),
  ]);
  const ids = jobs.known ? unlisted(cluster, memory, jobs.value) : [];
  const [states, snapshots] = await Promise.all([
    askEach(ids, (jobId) => flink.jobState(at, jobId, deadlineMs)),
    lookAtSnapshots(flink, at, cluster, memory, jobs.known ? jobs.value : [], deadlineMs),
  ]);
  const after = await flink.identity(at, deadlineMs);
  if (after.process !== identity.process)
    throw new Fault('transient', 'PROCESS_CHANGED', 'the JobManager restarted while it was looked at');
  const incarnation = { taskArn: task.taskArn, address, process: identity.process };
  return { incarnation, identity, jobs, slots, byId: states, ...snapshots };
};

/** One question for each key, side by side; a failing one leaves the others alone. */
const askEach = async <T>(
  keys: readonly string[],
  ask: (key: string) => Promise<T>,
): Promise<Readonly<Record<string, Seen<T>>>> => {
  const answers = await Promise.all(keys.map((key) => seen(() => ask(key))));
  return Object.fromEntries(keys.map((key, index) => [key, answers[index] ?? notAsked]));
};

/** The newest attempt of each job, where it is listed: what it was restored from, and the snapshots that it has made. */
const lookAtSnapshots = async (
  flink: FlinkRest,
  at: Endpoint,
  { jobs: wanted }: Cluster,
  memory: ClusterMemory,
  jobs: readonly FlinkJob[],
  deadlineMs: number,
): Promise<Pick<FlinkView, 'checkpoints' | 'checkpointConfigs' | 'savepoints'>> => {
  const listed = new Set(jobs.map(({ jobId }) => jobId));
  const newest = wanted
    .flatMap(({ name }) => memoryOf(memory, name).attempts.slice(-1))
    .filter(({ jobId }) => listed.has(jobId));
  const ids = newest.map(({ jobId }) => jobId);
  const unasked = newest.filter(({ checkpointing }) => checkpointing === undefined).map(({ jobId }) => jobId);
  const stops = newest.flatMap(({ jobId, stop }) =>
    stop?.triggerId === undefined || stop.sentMs === undefined ? [] : [[stop.triggerId, jobId] as const],
  );
  const jobOf = new Map(stops);
  const [checkpoints, checkpointConfigs, savepoints] = await Promise.all([
    askEach(ids, (jobId) => flink.checkpoints(at, jobId, deadlineMs)),
    askEach(unasked, (jobId) => flink.checkpointConfig(at, jobId, deadlineMs)),
    askEach([...jobOf.keys()], (trigger) => flink.savepointStatus(at, jobOf.get(trigger) ?? '', trigger, deadlineMs)),
  ]);
  return { checkpoints, checkpointConfigs, savepoints };
};

/** Our ids that should or might be there and are not in the list. */
const unlisted = (cluster: Cluster, memory: ClusterMemory, jobs: readonly FlinkJob[]): readonly string[] => {
  const listed = new Set(jobs.map(({ jobId }) => jobId));
  return openAttempts(cluster, memory)
    .filter((attempt) => mayHaveRun(attempt) && !listed.has(attempt.jobId))
    .map(({ jobId }) => jobId);
};
