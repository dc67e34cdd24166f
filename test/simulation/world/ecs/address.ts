import type { FlinkCluster } from '../flink/cluster.ts';
import { anyOf, type Stage } from '../stage.ts';
import type { Task } from './task.ts';

/** An address of the subnet that no task has: one that a stopped task had may come again. */
const freeAddress = (stage: Stage, cluster: FlinkCluster): string => {
  const used = new Set(cluster.tasks.map(({ address }) => address));
  const all = Array.from({ length: cluster.tasks.length + SPARE }, (_, index) => `10.0.${cluster.n}.${index + 1}`);
  const free = all.filter((address) => !used.has(address)).slice(0, SPARE);
  return anyOf(stage, free) ?? '';
};

const SPARE = 3;

/** A task gets an address of its own, and later loses it. */
export const connect = (stage: Stage, cluster: FlinkCluster, task: Task): void => {
  task.address = freeAddress(stage, cluster);
  task.url = `http://${task.address}:8081`;
};

export const disconnect = (task: Task): void => {
  delete task.address;
  delete task.url;
};

/** Whose address this is now. */
export const taskAt = (
  { clusters }: Stage,
  url: string,
): { readonly cluster: FlinkCluster; readonly task: Task } | undefined => {
  for (const cluster of clusters) {
    // Stopped ones have none, and are many: the newest are asked first.
    for (let index = cluster.tasks.length - 1; index >= 0; index -= 1) {
      const task = cluster.tasks[index];
      if (task?.url === url) return { cluster, task };
    }
  }
  return undefined;
};
