import { withAdopted } from '../../lib/core/adoption.ts';
import { decide } from '../../lib/core/decide.ts';
import type { Decision } from '../../lib/core/decision.ts';
import { defaults } from '../../lib/core/defaults.ts';
import { jobIdOf } from '../../lib/core/identity.ts';
import {
  type Attempt,
  type Checkpoints,
  type Cluster,
  emptyJobMemory,
  type FlinkJob,
  type FlinkView,
  type Found,
  type Incarnation,
  type Job,
  type JobManagerIdentity,
  type JobManagerTask,
  type JobMemory,
  type Observation,
  type Order,
  type Outcome,
  type Pause,
  type Post,
  type SavepointStatus,
  type Search,
  type Seen,
  type Storage,
  type TaskManagersView,
  type TaskStop,
} from '../../lib/core/model.ts';
import { type Consumed, obey } from '../../lib/core/orders.ts';
import { remember, specOf } from '../../lib/core/remember.ts';

/** When every test begins (epoch ms). */
export const t0 = Date.UTC(2026, 0, 2, 3, 4, 5);

/** 16 hex digits that are a job's own. */
export const lineageOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(16, '0').slice(-16);

/** A job of the manifest that may start empty after a loss. */
export const aJob = (changes: Partial<Job> = {}): Job => ({
  name: 'orders',
  jar: 's3://jars/orders.jar',
  args: [],
  flinkConfiguration: {},
  state: 'none',
  enabled: true,
  lineage: lineageOf(changes.name ?? 'orders'),
  revision: 'rev-1',
  ...changes,
});

/** The same without `state: none`. */
export const aStatefulJob = (changes: Partial<Job> = {}): Job => {
  const { state: _, ...job } = aJob(changes);
  return job;
};

export const aCluster = (jobs: readonly Job[] = [aJob()], changes: Partial<Cluster> = {}): Cluster => ({
  name: 'realtime',
  ecsCluster: 'flink-on-ecs',
  jobManagers: ['jobmanager'],
  taskManagers: ['taskmanager'],
  restPort: 8081,
  jobs,
  ...changes,
});

/** The process number `restarts` in the container of JobManager task `n`. */
export const jm = (n = 1, restarts = 0): Incarnation => ({
  taskArn: `arn:aws:ecs:eu-west-1:000000000000:task/flink-on-ecs/jm-${n}`,
  address: `10.0.0.${n}`,
  process: `flink-web-${n}-${restarts}`,
});

export const aTask = (on: Incarnation = jm(), changes: Partial<JobManagerTask> = {}): JobManagerTask => ({
  taskArn: on.taskArn,
  service: 'jobmanager',
  address: on.address,
  desiredStatus: 'RUNNING',
  lastStatus: 'RUNNING',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/jobmanager:7',
  ...changes,
});

/** Asked to stop, and still there. */
export const draining = (on: Incarnation): JobManagerTask => aTask(on, { desiredStatus: 'STOPPED' });
export const stopped = (on: Incarnation): JobManagerTask =>
  aTask(on, { desiredStatus: 'STOPPED', lastStatus: 'STOPPED', stop: aStop() });

/** By a deployment, in good order. */
export const aStop = (changes: Partial<TaskStop> = {}): TaskStop => ({
  code: 'ServiceSchedulerInitiated',
  reason: 'Scaling activity initiated by (deployment ecs-svc/1)',
  createdMs: t0 - 3_600_000,
  atMs: t0 - 60_000,
  exits: [{ container: 'jobmanager', exitCode: 143 }],
  ...changes,
});

export const unknown = (text = 'no answer', code = 'UNREACHABLE'): Seen<never> => ({
  known: false,
  because: { code, text },
});
export const known = <T>(value: T): Seen<T> => ({ known: true, value });

export const aFlinkJob = (jobId: string, state = 'RUNNING', changes: Partial<FlinkJob> = {}): FlinkJob => ({
  jobId,
  name: 'orders',
  state,
  tasksRunning: 2,
  tasksTotal: 2,
  ...changes,
});

type ViewOptions = {
  readonly jobs?: readonly FlinkJob[] | Seen<never>;
  /** Ids that are asked for and answered with 404. */
  readonly absent?: readonly string[];
  readonly byId?: FlinkView['byId'];
  readonly free?: number | Seen<never>;
  readonly identity?: Partial<JobManagerIdentity>;
  /** By job id. */
  readonly checkpoints?: Readonly<Record<string, Partial<Checkpoints>>>;
  readonly checkpointConfigs?: FlinkView['checkpointConfigs'];
  /** By trigger id. */
  readonly savepoints?: Readonly<Record<string, SavepointStatus>>;
};

/** What one JobManager says of itself: by default ready, with four free slots and no job. */
export const aView = (on: Incarnation = jm(), options: ViewOptions = {}): FlinkView => {
  const { jobs = [], absent = [], byId = {}, free = 4, identity = {} } = options;
  const { checkpoints = {}, checkpointConfigs = {}, savepoints = {} } = options;
  return {
    incarnation: on,
    identity: {
      process: on.process,
      version: '1.20.5',
      submission: true,
      ha: 'none',
      storage: aStorage(),
      ...identity,
    },
    jobs: 'known' in jobs ? jobs : known(jobs),
    slots: typeof free === 'number' ? known({ free, total: 4 }) : free,
    byId: { ...Object.fromEntries(absent.map((jobId) => [jobId, known('absent')])), ...byId },
    checkpoints: Object.fromEntries(
      Object.entries(checkpoints).map(([id, changes]) => [id, known({ completed: 0, snapshots: [], ...changes })]),
    ),
    checkpointConfigs,
    savepoints: Object.fromEntries(Object.entries(savepoints).map(([id, status]) => [id, known(status)])),
  };
};

export const aStorage = (changes: Partial<Storage> = {}): Storage => ({
  checkpointDir: 's3://state/checkpoints',
  savepointDir: 's3://state/savepoints',
  retained: 3,
  ...changes,
});

/** Checkpoint `id` of attempt `n`. */
export const aCheckpoint = (id: number, n = 1, changes: Partial<Found> = {}): Found => ({
  kind: 'checkpoint',
  path: `s3://state/checkpoints/${idOf(n)}/chk-${id}`,
  id,
  atMs: t0 + id * 1_000,
  attempt: n,
  ...changes,
});

type WorldOptions = {
  readonly tasks?: readonly JobManagerTask[];
  readonly views?: readonly FlinkView[];
  /** JobManager tasks that were asked and gave no answer. */
  readonly unseen?: readonly Incarnation[];
  readonly missing?: readonly string[];
  readonly desiredCount?: number;
  /** Absent: they were not asked for. */
  readonly taskManagers?: Seen<TaskManagersView>;
  readonly jars?: Observation['jars'];
  /** What a search for the snapshots of `orders` finds; absent: nobody searched. */
  readonly snapshots?: readonly Found[] | Seen<Search>;
};

/** One look at a cluster: by default one JobManager task, ready, and the job's jar. */
export const observed = (options: WorldOptions = {}): Observation => {
  const { tasks = [aTask()], views = [aView()], unseen = [], missing = [], desiredCount = 1, jars = jar() } = options;
  const { snapshots, taskManagers } = options;
  return {
    ecs: known({ services: [{ name: 'jobmanager', desiredCount }], tasks, missing }),
    flink: Object.fromEntries([
      ...views.map((view) => [view.incarnation.taskArn, known(view)] as const),
      ...unseen.map(({ taskArn }) => [taskArn, unknown()] as const),
    ]),
    jars,
    ...(taskManagers === undefined ? {} : { taskManagers }),
    ...(snapshots === undefined
      ? {}
      : {
          snapshots: {
            orders:
              'known' in snapshots
                ? snapshots
                : known({
                    found: snapshots,
                    directories: ['s3://state/checkpoints'],
                    highest: Math.max(0, ...snapshots.map(({ attempt }) => attempt)),
                  }),
          },
        }),
  };
};

/** A search that found nothing, since nobody knows where to look. */
export const nowhere: Seen<Search> = known({ found: [], directories: [], highest: 0 });

export const jar = (version = 'v1'): Observation['jars'] => ({
  's3://jars/orders.jar': known({ present: true, version, sizeBytes: 1_000 }),
});

/** The Flink job id of an attempt. */
export const idOf = (n = 1, job = 'orders'): string => jobIdOf(lineageOf(job), n, 'd1ced1ce');

export const aPost = (changes: Partial<Post> = {}): Post => {
  const sentMs = changes.sentMs ?? t0;
  return {
    id: 1,
    to: jm(),
    sentMs,
    settledByMs: sentMs + defaults.uploadCallMs + defaults.mainWithinMs,
    answer: 'none',
    processEnded: false,
    ...changes,
  };
};

export const anAttempt = (n = 1, changes: Partial<Attempt> = {}): Attempt => ({
  n,
  jobId: idOf(n),
  revision: 'rev-1',
  spec: specOf(aJob()),
  jarVersion: 'v1',
  jarSizeBytes: 1_000,
  taskDefinitionArn: aTask().taskDefinitionArn,
  flinkVersion: '1.20.5',
  posts: [],
  ...changes,
});

/** An attempt that was accepted and seen on a JobManager. */
export const ranOn = (on: Incarnation, n = 1, changes: Partial<Attempt> = {}): Attempt =>
  anAttempt(n, { posts: [aPost({ to: on, answer: 'accepted' })], sightedOn: on, flinkName: 'orders', ...changes });

export const memoryOf = (...attempts: readonly Attempt[]): JobMemory => ({ schema: 1, attempts });

type Look = {
  readonly job?: Job;
  readonly cluster?: Partial<Cluster>;
  readonly orders?: readonly Order[];
  readonly pause?: Pause;
  readonly memory?: JobMemory;
  readonly observation?: Observation;
  readonly outcomes?: readonly Outcome[];
  readonly nowMs?: number;
};

/** What one look at a cluster with one job comes to: what is remembered and ordered, then what is decided. */
export const look = (
  options: Look = {},
): { readonly memory: JobMemory; readonly decision: Decision; readonly consumed: readonly Consumed[] } => {
  const { job = aJob(), memory = emptyJobMemory, observation = observed(), outcomes = [], nowMs = t0 } = options;
  const { orders = [], pause: paused } = options;
  const cluster = aCluster([job], options.cluster);
  const seen = { [job.name]: remember(memory, job, cluster, observation, outcomes, nowMs) };
  const adopted = withAdopted(seen, cluster, observation);
  const { memories, consumed, pause } = obey({ cluster, orders, pause: paused, memories: adopted, observation, nowMs });
  const dice = { [job.name]: 'd1ced1ce' };
  const [decision] = decide({ cluster, memories, pause, observation, nowMs, dice }).decisions;
  if (decision === undefined) throw new Error('nothing was decided');
  return { memory: memories[job.name] ?? emptyJobMemory, decision, consumed };
};

/** An order for the job `orders` that a person gave just now. */
export const anOrder = (kind: Order['kind'], changes: Partial<Order> = {}): Order => ({
  id: '0001',
  kind,
  job: 'orders',
  who: 'anna',
  why: 'looked at it',
  atMs: t0,
  expiresMs: t0 + defaults.orderWithinMs,
  ...changes,
});

/** The attempt that a decision starts; undefined when it starts none. */
export const startedBy = ({ effect }: Decision): Attempt | undefined =>
  effect?.kind === 'run' ? effect.attempt : undefined;
