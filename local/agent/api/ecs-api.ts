import { AwsError } from '../emulator.ts';
import type { Launcher } from '../task/launch.ts';
import { toApi } from '../task/render.ts';
import type { Task } from '../task/task.ts';
import { stopTask } from '../task/task-life.ts';
import type { TaskTable } from '../task/task-table.ts';
import { correctService } from './correct-service.ts';
import type { Directory } from './directory.ts';
import { page } from './page.ts';
import {
  type ListTasks,
  readDescribeServices,
  readDescribeTasks,
  readListServices,
  readListTasks,
  readStopTask,
  readUpdateService,
} from './requests.ts';
import { runTask } from './run-task.ts';

/** ECS's answers about tasks and services, with its own errors (thrown as AwsError). */
export const createEcsApi = (parts: EcsApiParts): EcsApi => ({
  ...taskOperations(parts),
  ...serviceOperations(parts),
  RunTask: runTask(parts),
});

type EcsApiParts = {
  readonly directory: Directory;
  readonly table: TaskTable;
  readonly launch: Launcher;
  /** The desired state is another now. */
  readonly nudge: () => void;
};

const taskOperations = ({ directory, table }: EcsApiParts): EcsApi => ({
  ListTasks: async (input) => {
    const request = readListTasks(input);
    const cluster = await directory.cluster(request.cluster);
    if (request.serviceName !== undefined) await directory.requireService(cluster, lastPart(request.serviceName));
    const found = table.answered(cluster).filter(({ task }) => matches(task, request));
    const arns = found.map(({ task }) => task.arn);
    const { items, nextToken } = page(arns, request.maxResults, request.nextToken);
    return { taskArns: items, ...(nextToken === undefined ? {} : { nextToken }) };
  },
  DescribeTasks: async (input) => {
    const request = readDescribeTasks(input);
    const cluster = await directory.cluster(request.cluster);
    const looks = request.tasks.map((reference) => ({ reference, life: find(table, cluster, reference) }));
    return {
      tasks: looks.flatMap(({ life }) => (life === undefined ? [] : [toApi(life.task)])),
      failures: looks.flatMap(({ life, reference }) =>
        life === undefined ? [{ arn: directory.taskArn(cluster, reference), reason: 'MISSING' }] : [],
      ),
    };
  },
  StopTask: async (input) => {
    const request = readStopTask(input);
    const life = find(table, await directory.cluster(request.cluster), request.task);
    if (life === undefined) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
    stopTask(life, 'UserInitiated', request.reason ?? 'Task stopped by user');
    return { task: toApi(life.task) };
  },
});

/** The operations answered here, by name. */
export type EcsApi = Readonly<Record<string, (input: unknown) => Promise<object>>>;

const serviceOperations = ({ directory, table, nudge }: EcsApiParts): EcsApi => {
  const tasks = () => table.all().map(({ task }) => task);
  return {
    ListServices: async (input) => {
      const { maxResults, nextToken: token, ...request } = readListServices(input);
      await directory.cluster(request.cluster);
      const { items, nextToken } = page(await directory.listServices(request), maxResults, token);
      return { serviceArns: items, ...(nextToken === undefined ? {} : { nextToken }) };
    },
    DescribeServices: async (input) => {
      const answer = await directory.describeServices(readDescribeServices(input));
      return { ...answer, services: answer.services.map((service) => correctService(service, tasks())) };
    },
    UpdateService: async (input) => {
      const request = readUpdateService(input);
      const cluster = await directory.cluster(request.cluster);
      await directory.requireService(cluster, lastPart(request.service));
      if (request.taskDefinition !== undefined) await directory.taskDefinition(request.taskDefinition);
      const answer = await directory.updateService(request);
      nudge();
      return { ...answer, service: correctService(answer.service, tasks()) };
    },
  };
};

const lastPart = (reference: string): string => reference.split('/').at(-1) ?? reference;

const matches = (task: Task, request: ListTasks): boolean =>
  task.desiredStatus === request.desiredStatus &&
  (request.serviceName === undefined || task.service?.name === lastPart(request.serviceName)) &&
  (request.family === undefined || task.definition.family === request.family) &&
  (request.startedBy === undefined || task.startedBy === request.startedBy) &&
  (request.launchType === undefined || task.launchType === request.launchType) &&
  request.containerInstance === undefined; // these tasks run on none

/** A task of the cluster by its ARN or id. Naming a task of another cluster is a mistake of its own in ECS. */
const find = (table: TaskTable, cluster: string, reference: string) => {
  const ofCluster = reference.startsWith('arn:') ? reference.split('/').at(-2) : cluster;
  if (ofCluster !== cluster)
    throw new AwsError(
      'InvalidParameterException',
      `Identifier is for cluster ${ofCluster}. Your cluster is ${cluster}`,
    );
  return table.answered(cluster).find(({ task }) => task.arn === reference || task.id === reference);
};
