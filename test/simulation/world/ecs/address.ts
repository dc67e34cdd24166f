import type { FlinkCluster } from '../flink/cluster.ts';
import { anyOf, type Stage } from '../stage.ts';
import type { Task } from './task.ts';

/** An address of the subnet that no task has: one that a stopped task had may come again. */
export const freeAddress = (stage: Stage, cluster: FlinkCluster): string => {
  const used = new Set(cluster.tasks.map(({ address }) => address));
  const all = Array.from({ length: cluster.tasks.length + SPARE }, (_, index) => `10.0.${cluster.n}.${index + 1}`);
  const free = all.filter((address) => !used.has(address)).slice(0, SPARE);
  return anyOf(stage, free) ?? '';
};

const SPARE = 3;

/** Whose address this is now. */
export const taskAt = (
  { clusters }: Stage,
  url: string,
): { readonly cluster: FlinkCluster; readonly task: Task } | undefined => {
  for (const cluster of clusters) {
    const task = cluster.tasks.find(({ address }) => address !== undefined && url === `http://${address}:8081`);
    if (task !== undefined) return { cluster, task };
  }
  return undefined;
};
