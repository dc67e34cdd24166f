import type { Cluster, EcsView } from './core/model.ts';
import type { Ports } from './ports.ts';

/** The JobManager tasks of a cluster: those of its ECS services, or, of a cluster by `url`, one that is always wanted and running. */
export const lookAtTasks = (
  { ecs }: Pick<Ports, 'ecs'>,
  cluster: Cluster,
  alsoTasks: readonly string[],
  deadlineMs: number,
): Promise<EcsView> =>
  cluster.url === undefined ? ecs.look(cluster, alsoTasks, deadlineMs) : Promise.resolve(taskAt(cluster.url));

const taskAt = (url: string): EcsView => {
  const task = {
    taskArn: `url:${url}`,
    service: 'url',
    address: new URL(url).hostname,
    desiredStatus: 'RUNNING',
    lastStatus: 'RUNNING',
    taskDefinitionArn: 'none',
  };
  return { services: [{ name: 'url', desiredCount: 1 }], tasks: [task], missing: [] };
};
