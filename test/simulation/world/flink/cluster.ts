import type { EcsView } from '../../../../lib/core/model.ts';
import type { Task } from '../ecs/task.ts';
import type { ZooKeeper } from '../zookeeper/zookeeper.ts';
import type { JobLife } from './job.ts';
import type { Process } from './process.ts';
import type { TaskManagers } from './task-managers.ts';

/** A Flink session cluster: its ECS services and tasks, and what the processes in them have in common. */
export type FlinkCluster = {
  readonly name: string;
  readonly n: number;
  readonly services: Service[];
  readonly tasks: Task[];
  readonly taskManagers: TaskManagers;
  readonly flink: Configuration;
  /** How many jobs people had there before the autopilot came. */
  residents: number;
  /** What high availability would bring back. */
  readonly recoverable: Map<string, JobLife>;
  /** Where the manifest says that there is one: two JobManagers, of which one leads. */
  zooKeeper?: ZooKeeper;
  /** Processes that start before then end at once. */
  crashesUntilMs: number;
  /** Flink can write no savepoint before then. */
  savepointsRefusedUntilMs: number;
  /** Counts what ECS shows. */
  changes: number;
  shown?: { readonly changes: number; readonly untilMs: number; readonly view: EcsView };
};

export type Service = {
  readonly name: string;
  desiredCount: number;
  /** Its task definition's. */
  revision: number;
  /** A start is under way already. */
  isStarting: boolean;
  /** A deployment is under way: one more may be wanted than desired. */
  isRolling: boolean;
};

/** What its next process is started with. */
export type Configuration = { version: string; ha: 'none' | 'zookeeper'; submission: boolean };

export const createCluster = (
  name: string,
  n: number,
  flink: Configuration,
  taskManagers: TaskManagers,
): FlinkCluster => ({
  name,
  n,
  services: serviceNames(n).map((service, index) => ({
    name: service,
    desiredCount: index === 0 ? 1 : 0,
    revision: 1,
    isStarting: false,
    isRolling: false,
  })),
  tasks: [],
  taskManagers,
  flink,
  residents: 0,
  recoverable: new Map(),
  crashesUntilMs: 0,
  savepointsRefusedUntilMs: 0,
  changes: 0,
});

/** The second one takes over where a cluster is moved from one service to another. */
export const serviceNames = (n: number): readonly string[] => [`jobmanager-${n}`, `jobmanager-${n}b`];

export const processesOf = ({ tasks }: FlinkCluster): readonly Process[] =>
  tasks.flatMap(({ process }) => (process === undefined ? [] : [process]));
