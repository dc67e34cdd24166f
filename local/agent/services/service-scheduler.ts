import type { Addresses } from '../addresses.ts';
import type { Emulator } from '../emulator.ts';
import { createRegistries } from '../names.ts';
import { createTask } from '../task/task.ts';
import { liveTask, stopTask, type TaskHost } from '../task/task-life.ts';
import type { TaskTable } from '../task/task-table.ts';
import { createTaskDefinitions, readServices, type Service } from './desired-state.ts';
import { type Step, schedule, type Wish } from './schedule.ts';
import type { Throttle } from './throttle.ts';

/** Makes the tasks be what the emulator's services ask for, again and again. What it cannot read changes nothing. */
export const createServiceScheduler = (parts: SchedulerParts): ServiceScheduler => {
  const definitionOf = createTaskDefinitions(parts.emulator);
  const namesOf = createRegistries(parts.emulator);
  const start = async (service: Service) => {
    const deployment = primaryOf(service);
    if (!parts.throttle.mayStart(service.serviceArn, deployment.id)) return;
    const definition = await definitionOf(deployment.taskDefinition);
    const names = await namesOf((service.serviceRegistries ?? []).map((registry) => registry.registryArn));
    const address = parts.addresses.take();
    if (address === undefined) return parts.log(`service ${service.serviceName}: no address is free for a task`);
    const task = createTask({ service, deploymentId: deployment.id, definition, address, nowMs: Date.now() });
    parts.table.add(liveTask(task, names, parts.host));
  };
  const take = async (step: Step, services: readonly Service[]) => {
    if (step.kind === 'stop') {
      const life = parts.table.find(step.taskArn);
      return life && stopTask(life, 'ServiceSchedulerInitiated', step.reason);
    }
    const service = services.find((one) => one.serviceArn === step.service);
    return service && start(service);
  };
  return async () => {
    const services = await readServices(parts.emulator);
    for (const step of schedule(services.map(wishOf), parts.table.all().map(standingOf))) await take(step, services);
  };
};

/** One pass over all services. */
export type ServiceScheduler = () => Promise<void>;

type SchedulerParts = {
  readonly emulator: Emulator;
  readonly table: TaskTable;
  readonly host: TaskHost;
  readonly addresses: Addresses;
  readonly throttle: Throttle;
  readonly log: (line: string) => void;
};

/** The deployment whose tasks a service should have. */
export const primaryOf = (service: Service): { id: string; taskDefinition: string } =>
  service.deployments.find((deployment) => deployment.status === 'PRIMARY') ?? {
    id: 'ecs-svc/0',
    taskDefinition: service.taskDefinition,
  };

const wishOf = (service: Service): Wish => ({
  service: service.serviceArn,
  deploymentId: primaryOf(service).id,
  desiredCount: service.desiredCount,
  minimumHealthyPercent: service.deploymentConfiguration?.minimumHealthyPercent ?? 100,
  maximumPercent: service.deploymentConfiguration?.maximumPercent ?? 200,
});

const standingOf = ({ task }: ReturnType<TaskTable['all']>[number]) => ({
  taskArn: task.arn,
  service: task.serviceArn,
  deploymentId: task.deploymentId,
  desiredStatus: task.desiredStatus,
  lastStatus: task.lastStatus,
});
