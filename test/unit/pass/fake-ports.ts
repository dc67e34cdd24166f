import { Fault } from '../../../lib/core/errors.ts';
import { isTerminal } from '../../../lib/core/liveness.ts';
import type { Metric } from '../../../lib/core/metrics.ts';
import type {
  Checkpoints,
  Cluster,
  EcsView,
  JarSeen,
  JobManagerTask,
  TaskManagersView,
} from '../../../lib/core/model.ts';
import type { Alert, EcsTasks, FlinkRest, Ports, Store } from '../../../lib/ports.ts';
import { aTask, jm, t0 } from '../../support/builders.ts';
import { createFakeSnapshots, type FakeSnapshots } from '../../support/fake-snapshots.ts';
import { createFakeStore, type FakeStore } from '../../support/fake-store.ts';
import {
  CHECKPOINT_CONFIG,
  checkpointsOf,
  createJobManager,
  exceptionOf,
  type FakeJobManager,
  flowOf,
  liveIn,
  restartsOf,
  runJar,
  takeSavepoint,
  uploadJar,
} from './fake-jobmanager.ts';

/** A cluster with a memory, as all ports see it. Tests change it by hand; time passes only where somebody sleeps. */
export type FakeWorld = {
  nowMs: number;
  draws: number;
  tasks: readonly JobManagerTask[];
  desiredCount: number;
  /** Of each TaskManager service. */
  taskManagers: { readonly desiredCount: number; readonly runningCount: number };
  /** By address. */
  readonly jobManagers: Map<string, FakeJobManager>;
  readonly jars: Map<string, JarSeen>;
  readonly snapshots: FakeSnapshots;
  readonly store: FakeStore;
  readonly alerts: Alert[];
  readonly metrics: { readonly cluster: string; readonly metrics: readonly Metric[] }[];
  readonly lines: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
  /** Names of the store's methods, in the order in which they were called. */
  readonly storeCalls: string[];
  /** What must never happen and did. */
  readonly violations: string[];
};

/** One ready JobManager and the jar of the job that `aJob` makes. */
export const createWorld = (): FakeWorld => {
  const world: FakeWorld = {
    nowMs: t0,
    draws: 0,
    tasks: [aTask()],
    desiredCount: 1,
    taskManagers: { desiredCount: 2, runningCount: 2 },
    jobManagers: new Map([[jm().address, createJobManager(jm().process)]]),
    jars: new Map([['s3://jars/orders.jar', { present: true, version: 'v1', sizeBytes: 1_000 }]]),
    snapshots: createFakeSnapshots(() => world.nowMs),
    store: createFakeStore(),
    alerts: [],
    metrics: [],
    lines: [],
    storeCalls: [],
    violations: [],
  };
  return world;
};

/** The ports of a world; single methods are replaced to break them. */
export const portsOf = (world: FakeWorld, broken: Broken = {}): Ports => {
  return {
    clock: {
      nowMs: () => world.nowMs,
      sleep: async (ms) => {
        world.nowMs += ms;
      },
    },
    chance: {
      hex: (bytes) => {
        world.draws += 1;
        return world.draws.toString(16).padStart(bytes * 2, '0');
      },
    },
    ecs: {
      look: async (_, also) => lookAtEcs(world, also),
      taskManagers: async (cluster) => lookAtTaskManagers(world, cluster),
      ...broken.ecs,
    },
    flink: { ...flinkOf(world), ...broken.flink },
    snapshots: { ...world.snapshots, ...broken.snapshots },
    leaders: { look: async () => ({ jobs: [] }), ...broken.leaders },
    jars: { look: async (uri) => world.jars.get(uri) ?? { present: false }, ...broken.jars },
    secrets: { resolve: async (text) => text, ...broken.secrets },
    store: { ...counted(world), ...broken.store },
    alerts: {
      publish: async (alert) => {
        const stored = world.store.memory('realtime').incidents.find(({ key }) => key === alert.incident.key);
        if (stored?.state !== (alert.state === 'closed' ? 'closed' : 'open'))
          world.violations.push(`I4: ${alert.subject} was told before it was written`);
        world.alerts.push(alert);
      },
      ...broken.alerts,
    },
    metrics: { put: async (cluster, metrics) => void world.metrics.push({ cluster, metrics }), ...broken.metrics },
    ...(broken.webhooks === undefined ? {} : { webhooks: broken.webhooks }),
    log: {
      info: (message, fields) => world.lines.push({ message, fields }),
      error: (message, fields) => world.lines.push({ message, fields }),
    },
  };
};

export type Broken = {
  readonly ecs?: Partial<EcsTasks>;
  readonly flink?: Partial<FlinkRest>;
  readonly store?: Partial<Store>;
  readonly leaders?: Partial<Ports['leaders']>;
  readonly jars?: Partial<Ports['jars']>;
  readonly snapshots?: Partial<Ports['snapshots']>;
  readonly secrets?: Partial<Ports['secrets']>;
  readonly alerts?: Partial<Ports['alerts']>;
  readonly metrics?: Ports['metrics'];
  /** There are none without it. */
  readonly webhooks?: NonNullable<Ports['webhooks']>;
};

export const jobManagerAt = (world: FakeWorld, url = `http://${jm().address}:8081`): FakeJobManager => {
  const found = world.jobManagers.get(new URL(url).hostname);
  if (found === undefined) throw new Fault('transient', 'UNREACHABLE', `${url} refused the connection`);
  return found;
};

/** A POST never reaches Flink without its intent in the store (I3), and never makes a second live copy (I1). */
const flinkOf = (world: FakeWorld): FlinkRest => ({
  identity: async (at) => jobManagerAt(world, at.url).identity,
  jobs: async (at) => [...jobManagerAt(world, at.url).jobs.values()],
  jobState: async (at, jobId) => jobManagerAt(world, at.url).jobs.get(jobId)?.state ?? 'absent',
  slots: async (at) => {
    const found = jobManagerAt(world, at.url);
    const used = liveIn(found).reduce((sum, { tasksTotal }) => sum + tasksTotal, 0);
    return { free: found.slots - used, total: found.slots };
  },
  upload: async (at, { uri }) => uploadJar(jobManagerAt(world, at.url), uri),
  run: async (at, jarId, request) => {
    const stored = Object.values(world.store.memory('realtime').jobs).flatMap(({ attempts }) => attempts);
    if (!stored.some((attempt) => attempt.jobId === request.jobId && attempt.posts.length > 0))
      world.violations.push(`I3: ${request.jobId} was posted without an intent`);
    await runJar(jobManagerAt(world, at.url), jarId, request);
    const lineages = [...world.jobManagers.values()].flatMap(liveIn).map(({ jobId }) => jobId.slice(0, 16));
    if (new Set(lineages).size < lineages.length) world.violations.push(`I1: ${request.jobId} is live twice`);
  },
  cancel: async (at, jobId) => {
    const { jobs } = jobManagerAt(world, at.url);
    const job = jobs.get(jobId);
    if (job !== undefined && !isTerminal(job.state)) jobs.set(jobId, { ...job, state: 'CANCELED', tasksRunning: 0 });
  },
  checkpoints: async (at, jobId) => goesOn(checkpointsOf(jobManagerAt(world, at.url), jobId), world.nowMs),
  checkpointConfig: async (at, jobId) => {
    checkpointsOf(jobManagerAt(world, at.url), jobId);
    return CHECKPOINT_CONFIG;
  },
  restarts: async (at, jobId) => restartsOf(jobManagerAt(world, at.url), jobId),
  lastException: async (at, jobId) => exceptionOf(jobManagerAt(world, at.url), jobId),
  flow: async (at, jobId, { records: wanted }) => {
    const { records, ...flow } = flowOf(jobManagerAt(world, at.url), jobId, world.nowMs);
    return wanted && records !== undefined ? { ...flow, records } : flow;
  },
  savepoint: async (at, jobId, request) => {
    const taken = takeSavepoint(jobManagerAt(world, at.url), jobId, request, world.nowMs);
    if (taken !== undefined) world.snapshots.snapshot(taken.path, taken.id);
  },
  savepointStatus: async (at, _jobId, triggerId) =>
    jobManagerAt(world, at.url).savepoints.get(triggerId) ?? { state: 'unknown' },
  dispose: async (_at, path) => void (await world.snapshots.remove(path, 0)),
  deleteJar: async (at, jarId) => {
    jobManagerAt(world, at.url).jars.delete(jarId);
  },
});

/** A job that took one goes on to take them, as its interval says. */
const goesOn = (checkpoints: Checkpoints, nowMs: number): Checkpoints => {
  const { completed } = checkpoints;
  return completed === 0 ? checkpoints : { ...checkpoints, completed: completed + Math.floor((nowMs - t0) / 10_000) };
};

const lookAtEcs = ({ tasks, desiredCount }: FakeWorld, also: readonly string[]): EcsView => ({
  services: [{ name: 'jobmanager', desiredCount }],
  tasks,
  missing: also.filter((arn) => !tasks.some(({ taskArn }) => taskArn === arn)),
});

const lookAtTaskManagers = ({ taskManagers }: FakeWorld, cluster: Cluster): TaskManagersView => ({
  services: cluster.taskManagers.map((name) => ({ name, ...taskManagers })),
  stopped: [],
});

const counted = ({ store, storeCalls }: FakeWorld): Store => {
  const count = <A extends readonly unknown[], R>(name: keyof Store, method: (...args: A) => R) => {
    return (...args: A): R => {
      storeCalls.push(name);
      return method(...args);
    };
  };
  return {
    acquire: count('acquire', store.acquire),
    ring: count('ring', store.ring),
    holder: count('holder', store.holder),
    order: count('order', store.order),
    history: count('history', store.history),
    load: count('load', store.load),
    commit: count('commit', store.commit),
    clusters: count('clusters', store.clusters),
    addCluster: count('addCluster', store.addCluster),
    forgetCluster: count('forgetCluster', store.forgetCluster),
    release: count('release', store.release),
  };
};
