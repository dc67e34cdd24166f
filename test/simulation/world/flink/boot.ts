import { frozen } from '../../../../lib/adapters/frozen.ts';
import { leaderPath } from '../../../../lib/core/leadership.ts';
import type { JobManagerIdentity } from '../../../../lib/core/model.ts';
import type { Task } from '../ecs/task.ts';
import { note } from '../notes.ts';
import { moveIn } from '../people/residents.ts';
import { CHECKPOINTS, RETAINED, SAVEPOINTS } from '../snapshot-runs.ts';
import { later, type Stage } from '../stage.ts';
import { crown } from '../zookeeper/election.ts';
import { clusterIdOf, rpcOf } from '../zookeeper/zookeeper.ts';
import type { FlinkCluster } from './cluster.ts';
import type { Process } from './process.ts';
import { recover } from './recovery.ts';

/**
 * A new process in a task: its port opens, it answers 503, lists jobs, and its TaskManagers find it. One that ends at
 * once does so through `exit`.
 */
export const boot = (stage: Stage, cluster: FlinkCluster, task: Task, exit: (process: Process) => void): void => {
  const { sim, notes } = stage;
  const nowMs = sim.time.nowMs();
  const { version, ha, submission } = cluster.flink;
  const restMs = nowMs + sim.random.between(500, 6_000);
  const dispatcherMs = restMs + sim.random.between(0, 250);
  const [lowMs, highMs] = cluster.taskManagers.reconnectMs;
  // Only a TaskManager that knew another process before has to notice that it is gone.
  const isFirst = notes.truth.processes.every((process) => process.cluster !== cluster.name);
  const slotsMs = dispatcherMs + (isFirst ? sim.random.between(0, 5_000) : sim.random.between(lowMs, highMs));
  const id = `flink-web-${cluster.n}-${notes.truth.processes.length + 1}`;
  const process: Process = {
    id,
    cluster: cluster.name,
    taskArn: task.taskArn,
    address: task.address ?? '',
    bornMs: nowMs,
    identity: frozen({ process: id, version, submission, ha, storage: STORAGE, ...placeOf(cluster, task) }),
    restMs,
    dispatcherMs,
    slotsMs,
    taskManagers: cluster.taskManagers,
    jobs: new Map(),
    jars: new Map(),
    mains: new Map(),
    triggers: new Map(),
    frozenUntilMs: 0,
  };
  task.process = process;
  note(notes, 'processes', process);
  if (isFirst) moveIn(stage, cluster, process);
  // Who ran there before ran under a leader.
  if (isFirst && cluster.residents > 0 && cluster.zooKeeper !== undefined)
    crown(stage, cluster, cluster.zooKeeper, process);
  sim.trace?.('flink', `${id} boots in ${task.taskArn.slice(-6)} at ${task.address}`);
  if (nowMs < cluster.crashesUntilMs) later(stage, 1_000, 20_000, () => exit(process));
  else sim.time.at(dispatcherMs, () => recover(stage, cluster));
};

/** Its place in ZooKeeper, and its name there. */
const placeOf = (
  { name, flink, zooKeeper }: FlinkCluster,
  { address = '' }: Task,
): Pick<JobManagerIdentity, 'zookeeper'> =>
  zooKeeper === undefined || flink.ha === 'none'
    ? {}
    : {
        zookeeper: {
          quorum: 'zk:2181',
          path: leaderPath({ clusterId: clusterIdOf(name) }),
          rpc: rpcOf(address),
          sessionMs: zooKeeper.sessionMs,
        },
      };

const STORAGE = { checkpointDir: CHECKPOINTS, savepointDir: SAVEPOINTS, retained: RETAINED } as const;
