import * as z from 'zod/mini';
import type { Task } from '../task/task.ts';

/** The emulator's service with what really runs: counts, and the older deployments that still drain. */
export const correctService = (service: EmulatedService, allTasks: readonly Task[]): object => {
  const tasks = allTasks.filter((task) => task.service?.arn === service.serviceArn);
  const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
  const older = new Map(
    tasks
      .filter((task) => task.service?.deploymentId !== primary?.id && isLeft(task))
      .map((task) => [task.service?.deploymentId, task]),
  );
  const desiredCount = Number(service.desiredCount);
  return {
    ...service,
    desiredCount,
    ...countsOf(tasks),
    events: eventsOf(service.serviceName, tasks),
    deployments: [
      ...(primary === undefined
        ? []
        : [{ ...primary, desiredCount, ...progressOf(primary.id, desiredCount, tasks, older.size) }]),
      ...[...older.values()].map((task) => olderDeployment(task, tasks)),
    ],
  };
};

/** A service in the emulator's answer. */
export const emulatedService = z.looseObject({
  serviceArn: z.string(),
  serviceName: z.string(),
  status: z.string(),
  desiredCount: z.union([z.number(), z.string()]),
  deployments: z.array(z.looseObject({ id: z.string(), status: z.string() })),
});

type EmulatedService = z.infer<typeof emulatedService>;

const isLeft = (task: Task): boolean => task.lastStatus !== 'STOPPED';

const pending: readonly Task['lastStatus'][] = ['PROVISIONING', 'PENDING', 'ACTIVATING'];

const countsOf = (tasks: readonly Task[]) => ({
  runningCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
  pendingCount: tasks.filter((task) => pending.includes(task.lastStatus)).length,
});

/** What the service did, the newest first; ECS keeps a hundred. */
const eventsOf = (name: string, tasks: readonly Task[]) =>
  tasks
    .flatMap((task) => {
      const words = `(task ${task.arn.split('/').at(-1)})`;
      return [
        { ms: task.createdAtMs, message: `(service ${name}) has started 1 tasks: ${words}.` },
        ...(task.stoppingAtMs === undefined
          ? []
          : [{ ms: task.stoppingAtMs, message: `(service ${name}) has stopped 1 running tasks: ${words}.` }]),
      ];
    })
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, EVENTS_MAX)
    .map(({ ms, message }) => ({ id: `${name}-${ms}`, createdAt: ms / 1_000, message }));

const EVENTS_MAX = 100;

const progressOf = (id: string, desiredCount: number, tasks: readonly Task[], olderLeft: number) => {
  const own = tasks.filter((task) => task.service?.deploymentId === id);
  // Completed once is completed: a task that dies later is replaced without a new rollout.
  const cameUp = own.filter((task) => task.startedAtMs !== undefined).length >= desiredCount;
  const completed = cameUp && olderLeft === 0;
  return {
    ...countsOf(own),
    failedTasks: own.filter((task) => task.stopCode === 'TaskFailedToStart').length,
    rolloutState: completed ? 'COMPLETED' : 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} ${completed ? 'completed' : 'in progress'}.`,
  };
};

const olderDeployment = (task: Task, tasks: readonly Task[]) => {
  const id = task.service?.deploymentId;
  const own = tasks.filter((one) => one.service?.deploymentId === id);
  const createdAt = Math.min(...own.map((one) => one.createdAtMs)) / 1_000;
  return {
    id,
    status: 'ACTIVE',
    taskDefinition: task.definition.taskDefinitionArn,
    desiredCount: 0,
    ...countsOf(own),
    failedTasks: 0,
    launchType: task.launchType,
    createdAt,
    updatedAt: createdAt,
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${id} completed.`,
  };
};
