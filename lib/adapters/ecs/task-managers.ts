import type { Service, ServiceEvent } from '@aws-sdk/client-ecs';
import { cut } from '../../core/cut.ts';
import { defaults } from '../../core/defaults.ts';
import type { StoppedTask, TaskManagerService, TaskManagersView } from '../../core/model.ts';
import { describeServices, describeTasks, type Look, page } from './calls.ts';
import { stopOf } from './ecs-task.ts';

/**
 * The TaskManager services: one DescribeServices for ten of them; the stopped tasks only of those to which something
 * happened lately, a page of each.
 */
export const taskManagers = async (look: Look, names: readonly string[]): Promise<TaskManagersView> => {
  const services = await describeServices(look, names, 'taskManagers');
  const sinceMs = look.clock.nowMs() - defaults.tasks.crashesWithinMs;
  const busy = services.filter((service) => (newestOf(service)?.atMs ?? sinceMs) >= sinceMs);
  const lists = await Promise.all(
    busy.map(({ serviceName = '' }) => page(look, { serviceName, desiredStatus: 'STOPPED' })),
  );
  const partial = busy
    .filter((_, index) => lists[index]?.nextToken !== undefined)
    .map(({ serviceName }) => serviceName);
  const { tasks } = await describeTasks(
    look,
    lists.flatMap(({ taskArns }) => taskArns),
  );
  return {
    services: services.map((service) => serviceOf(service, partial.includes(service.serviceName), look)),
    stopped: tasks.flatMap(({ group = '', ...task }): readonly StoppedTask[] => {
      const stop = stopOf(task, look.redact);
      return stop === undefined ? [] : [{ service: group.replace(/^service:/, ''), stop }];
    }),
  };
};

const serviceOf = (service: Service, isPartial: boolean, { redact }: Look): TaskManagerService => {
  const event = newestOf(service);
  return {
    name: service.serviceName ?? '',
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    ...(event === undefined ? {} : { event: { ...event, text: cut(redact(event.text), defaults.textMax) } }),
    ...(isPartial ? { isPartial } : {}),
  };
};

/** ECS keeps a hundred, the newest first. */
const newestOf = ({ events = [] }: Service): TaskManagerService['event'] =>
  events.flatMap(({ createdAt, message = '' }: ServiceEvent) =>
    createdAt === undefined ? [] : [{ atMs: createdAt.getTime(), text: message }],
  )[0];
