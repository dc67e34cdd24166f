import type { Emulator } from '../emulator.ts';
import { createRegistries } from '../names.ts';
import type { Launcher } from '../task/launch.ts';
import type { TaskOrder } from '../task/task.ts';
import { stopTask } from '../task/task-life.ts';
import type { TaskTable } from '../task/task-table.ts';
import { createTaskDefinitions, readServices, type Service, type TaskDefinition } from './desired-state.ts';
import { type Standing, type Step, schedule, type Wish } from './schedule.ts';
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
    if (parts.launch(orderOf(service, deployment.id, definition), names) === undefined)
      parts.log(`service ${service.serviceName}: no address is free for a task`);
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
    for (const step of schedule(services.map(wishOf), parts.table.all().flatMap(standingOf)))
      await take(step, services);
  };
};

/** One pass over all services. */
export type ServiceScheduler = () => Promise<void>;

type SchedulerParts = {
  readonly emulator: Emulator;
  readonly table: TaskTable;
  readonly launch: Launcher;
  readonly throttle: Throttle;
  readonly log: (line: string) => void;
};

/** The deployment whose tasks a service should have. */
const primaryOf = (service: Service): { id: string; taskDefinition: string } =>
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

/** Nothing for a task of RunTask: no service decides about it. */
const standingOf = ({ task }: ReturnType<TaskTable['all']>[number]): Standing[] => {
  const { service, arn: taskArn, desiredStatus, lastStatus } = task;
  if (service === undefined) return [];
  return [{ taskArn, service: service.arn, deploymentId: service.deploymentId, desiredStatus, lastStatus }];
};

const orderOf = (service: Service, deploymentId: string, definition: TaskDefinition): TaskOrder => ({
  clusterArn: service.clusterArn,
  group: `service:${service.serviceName}`,
  startedBy: deploymentId,
  service: { name: service.serviceName, arn: service.serviceArn, deploymentId },
  launchType: service.launchType ?? 'FARGATE',
  definition,
  containerOverrides: definition.containerDefinitions.map(({ name }) => ({ name })),
  subnetId: service.networkConfiguration?.awsvpcConfiguration?.subnets?.[0],
});
