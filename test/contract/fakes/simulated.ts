import type { Cluster, ClusterSpec } from '../../../lib/core/model.ts';
import type { FlinkRest, RunRequest } from '../../../lib/ports.ts';
import { usualPace } from '../../simulation/pace.ts';
import { profileOf } from '../../simulation/profiles.ts';
import { createSim, type Sim, START_MS } from '../../simulation/sim.ts';
import { createDeployed } from '../../simulation/world/deployed.ts';
import { createEcs } from '../../simulation/world/ecs/port.ts';
import { exit, settleAll, stop } from '../../simulation/world/ecs/service.ts';
import { isWanted, type Task } from '../../simulation/world/ecs/task.ts';
import { taskManagerService } from '../../simulation/world/ecs/task-managers.ts';
import { createCluster, type FlinkCluster, serviceNames } from '../../simulation/world/flink/cluster.ts';
import { endJob } from '../../simulation/world/flink/lives.ts';
import type { MainCall, Mains } from '../../simulation/world/flink/mains.ts';
import { createFlink } from '../../simulation/world/flink/port.ts';
import { createTaskManagers } from '../../simulation/world/flink/task-managers.ts';
import { createJarShelf } from '../../simulation/world/jar-shelf.ts';
import { createNotes } from '../../simulation/world/notes.ts';
import { createSnapshots } from '../../simulation/world/snapshots.ts';
import type { Stage } from '../../simulation/world/stage.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { waitFor } from '../suites/case.ts';
import type { DrainTarget } from '../suites/ecs.ts';
import type { RestartTarget } from '../suites/flink/restart.ts';
import { jars, jobIds } from '../suites/flink/target.ts';
import { mainMs, QUICK_MAIN_MS, untilDeadline } from './sample.ts';

/** Flink and ECS of the simulation's world, whose time runs `speed` times as fast as ours: one cluster, whose JobManager boots. */
export const simulatedTarget = async (speed = SPEED): Promise<RestartTarget & DrainTarget> => {
  const sim = inOurTime(createSim(SEED), speed);
  const { stage, cluster, calls } = createStage(sim);
  const flink = createFlink(stage);
  settleAll(stage, cluster);
  const run: FlinkRest['run'] = (at, jarId, request, deadlineMs) => {
    calls.push(request);
    const started = flink.run(at, jarId, request, sim.time.nowMs() + MAIN_MAX_MS);
    return untilDeadline(started, deadlineMs).then(() => endBySelf(stage, cluster, request));
  };
  const targetOn = ({ address }: Task): RestartTarget => ({
    flink: { ...flink, run },
    url: `http://${address}:8081`,
    version: '1.20.5',
    jobName: NAME,
    stateDir: 's3://state',
    putState: async () => {},
    ask: async () => undefined,
    // The simulated Flink names a job by its lineage.
    jobId: (label) => `${lineageOf(stage)}${jobIds('fake')(label).slice(16)}`,
    close: () => {},
    restart: async () => {
      const before = running(cluster);
      if (before.process !== undefined) exit(stage, cluster, before.process, 'killed');
      return targetOn(await comesUp(cluster));
    },
  });
  const target = targetOn(await comesUp(cluster));
  const drain: DrainTarget['drain'] = async () => {
    const task = running(cluster);
    stop(stage, cluster, task);
    // It ends by itself.
    return { taskArn: task.taskArn, end: async () => undefined };
  };
  return { ...target, ecs: createEcs(stage), cluster: stage.deployed.clusters()[0] ?? noCluster(), drain };
};

/** The same once its TaskManagers are there. */
export const readySimulatedTarget = async (speed = SPEED): Promise<RestartTarget & DrainTarget> => {
  const target = await simulatedTarget(speed);
  const slots = () => target.flink.slots({ url: target.url }, Date.now() + 1_000).catch(() => undefined);
  await waitFor('slots', slots, (seen) => seen !== undefined && seen.free > 0);
  return target;
};

const SPEED = 50;
const SEED = 1;
/** Who waits is gone by its own deadline; the call goes on. */
const MAIN_MAX_MS = 3_600_000;

const NAME = 'Sample job';
const spec: ClusterSpec = {
  name: 'c1',
  ecsCluster: 'flink',
  jobManagers: serviceNames(1),
  taskManagers: [taskManagerService(1)],
  restPort: 8081,
  jobs: [{ name: 'sample', jar: jars.sample, args: [], flinkConfiguration: {}, enabled: true, flinkName: NAME }],
};

/** Virtual time that goes on by itself. A deadline of ours never comes there; only silence would wait for one. */
const inOurTime = (sim: Sim, speed: number): Sim => {
  const sinceMs = Date.now();
  const nowMs = () => START_MS + (Date.now() - sinceMs) * speed;
  const at: Sim['time']['at'] = (ms, happen) => {
    const due = { ms, run: happen };
    setTimeout(() => due.run?.(), (ms - nowMs()) / speed);
    return due;
  };
  return { ...sim, time: { ...sim.time, nowMs, at } };
};

/** What the programs do that the suites run, by their first argument. */
const HOW: Readonly<Record<string, MainCall['how']>> = { exit: 'kills', 'throw-after-execute': 'starts, then throws' };

const createStage = (sim: Sim) => {
  const calls: RunRequest[] = [];
  const mains: Mains = {
    call: () => {
      const request = calls.at(-1);
      const ms = request === undefined ? QUICK_MAIN_MS : mainMs(request) * SPEED;
      return { ms, how: HOW[request?.args[0] ?? ''] ?? 'starts' };
    },
    throwUntil: () => {},
    hangUntil: () => {},
    failUntil: () => {},
    failsAfter: () => undefined,
    stickUntil: () => {},
    sticks: () => false,
    calm: () => {},
  };
  const flink = { version: '1.20.5', ha: 'none', submission: true } as const;
  const cluster = createCluster(spec.name, 1, flink, createTaskManagers(4, false));
  const shelf = createJarShelf([jars.sample, jars.cases]);
  shelf.put(jars.garbage, 'NOT_A_JAR');
  // Whatever version the suites ask for, there is one.
  const open: typeof shelf.open = async (uri, _version, deadlineMs) => {
    const seen = await shelf.look(uri, deadlineMs);
    return shelf.open(uri, seen.present ? seen.version : '', deadlineMs);
  };
  const snapshots = createSnapshots(sim.random, usualPace);
  const stage: Stage = {
    sim,
    profile: profileOf(),
    store: createFakeStore(),
    notes: createNotes({
      snapshots: (lineage) => snapshots.list(lineage, sim.time.nowMs()),
      retention: snapshots.retentionOf,
    }),
    clusters: [cluster],
    deployed: createDeployed([spec]),
    mains,
    snapshots,
    jars: { ...shelf, open },
    changed: () => {},
  };
  return { stage, cluster, calls };
};

/** What the sample job is told to do with itself. */
const endBySelf = (stage: Stage, cluster: FlinkCluster, { jobId, args }: RunRequest): void => {
  const { process } = running(cluster);
  const life = process?.jobs.get(jobId);
  if (process === undefined || life === undefined) return;
  if (args.includes('--count')) endJob(stage, cluster, process, life, 'FINISHED');
  if (args.includes('--fail-after')) endJob(stage, cluster, process, life, 'FAILED');
};

const up = ({ tasks }: FlinkCluster): Task | undefined =>
  tasks.find((task) => isWanted(task) && task.process !== undefined && task.process.endedMs === undefined);

const comesUp = async (cluster: FlinkCluster): Promise<Task> =>
  (await waitFor(
    'a process',
    async () => up(cluster),
    (task) => task !== undefined,
  )) ?? nothing('runs');

const running = (cluster: FlinkCluster): Task => up(cluster) ?? nothing('runs');

const lineageOf = ({ deployed }: Stage): string => deployed.clusters()[0]?.jobs[0]?.lineage ?? nothing('is deployed');

const noCluster = (): Cluster => nothing('is deployed');

const nothing = (what: string): never => {
  throw new Error(`nothing ${what}`);
};
