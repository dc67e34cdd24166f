import { frozen } from '../../../../lib/adapters/frozen.ts';
import { Fault } from '../../../../lib/core/errors.ts';
import type { EcsView } from '../../../../lib/core/model.ts';
import type { EcsTasks } from '../../../../lib/ports.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import type { Stage } from '../stage.ts';
import { describe, type Task } from './task.ts';
import { taskManagerService, taskManagersOf } from './task-managers.ts';

/** ECS as its adapter tells it: tasks of both desired statuses, stopped ones for an hour. */
export const createEcs = ({ sim, clusters }: Stage): EcsTasks => ({
  look: async ({ name, jobManagers }, asked) => {
    const cluster = clusters.find((each) => each.name === name);
    const absent = jobManagers.find((wanted) => !cluster?.services.some((service) => service.name === wanted));
    if (cluster === undefined || absent !== undefined)
      throw new Fault('rejected', 'ECS_SERVICE_MISSING', `there is no ECS service ${absent}`);
    const view = viewOf(cluster, sim.time.nowMs());
    const missing = asked.filter((arn) => !view.tasks.some(({ taskArn }) => taskArn === arn));
    return missing.length === 0 ? view : frozen({ ...view, missing });
  },
  taskManagers: async ({ name, taskManagers }) => {
    const cluster = clusters.find((each) => each.name === name);
    const absent = taskManagers.find((wanted) => cluster === undefined || wanted !== taskManagerService(cluster.n));
    if (cluster === undefined || absent !== undefined)
      throw new Fault('rejected', 'ECS_SERVICE_MISSING', `there is no ECS service ${absent}`);
    return frozen(taskManagersOf(cluster, sim.time.nowMs()));
  },
});

/** The same frozen data until something changes. */
const viewOf = (cluster: FlinkCluster, nowMs: number): EcsView => {
  const { shown, tasks, services, changes } = cluster;
  if (shown?.changes === changes && nowMs < shown.untilMs) return shown.view;
  const listed = tasks.filter((task) => forgottenMs(task) > nowMs);
  const view = frozen({
    services: services.map(({ name, desiredCount }) => ({ name, desiredCount })),
    tasks: listed.map(describe),
    missing: [],
  });
  cluster.shown = { changes, untilMs: Math.min(...listed.map(forgottenMs), Number.POSITIVE_INFINITY), view };
  return view;
};

/** ECS forgets a stopped task after an hour. */
const TASK_KEPT_MS = 3_600_000;

const forgottenMs = ({ stoppedMs = Number.POSITIVE_INFINITY }: Task): number => stoppedMs + TASK_KEPT_MS;
