import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  ECSClient,
  type Failure,
  ListTasksCommand,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { Fault } from '../core/errors.ts';
import type { Cluster, EcsView, JobManagerTask } from '../core/model.ts';
import type { EcsTasks } from '../ports.ts';
import { type AwsCodes, awsClientOptions, callAws, type Timing } from './aws.ts';
import { frozen } from './frozen.ts';

/** The JobManager services of a cluster as ECS describes them. */
export const createEcsTasks = (options: EcsTasksOptions): EcsTasks => ({
  look: async (cluster, alsoTasks, deadlineMs) => {
    const look: Look = { ...options, cluster: cluster.ecsCluster, deadlineMs };
    const [services, listed] = await Promise.all([
      describeServices(look, cluster.jobManagers),
      listAll(look, cluster.jobManagers),
    ]);
    return frozen(await view(look, cluster, services, listed, alsoTasks));
  },
});

/** Made here, so that a bundle holds no more of the client than this file uses. */
export const createEcsClient = (): ECSClient => new ECSClient(awsClientOptions);

export type EcsTasksOptions = Timing & { readonly client: ECSClient };

type Look = EcsTasksOptions & { readonly cluster: string; readonly deadlineMs: number };

const CODES: AwsCodes = {
  denied: 'ECS_DENIED',
  unavailable: 'ECS_UNAVAILABLE',
  rejected: { ClusterNotFoundException: 'ECS_CLUSTER_MISSING', ServiceNotFoundException: 'ECS_SERVICE_MISSING' },
};

/** Limits of ECS: services of one DescribeServices, tasks of one DescribeTasks, pages of ListTasks (100 tasks each). */
const SERVICES_A_CALL = 10;
const TASKS_A_CALL = 100;
const PAGES_MAX = 50;

const describeServices = async (look: Look, names: readonly string[]): Promise<EcsView['services']> => {
  const answers = await Promise.all(
    chunks(names, SERVICES_A_CALL).map((services) => {
      const command = new DescribeServicesCommand({ cluster: look.cluster, services });
      return call(look, 'ecs:DescribeServices', (abort) => look.client.send(command, abort));
    }),
  );
  for (const { failures } of answers) refuse(look, failures, 'ECS_SERVICE_MISSING');
  const described = answers.flatMap(({ services }) => services ?? []);
  return names.map((name) => serviceOf(look, name, described));
};

/** A deleted service is still described for a while, as INACTIVE. */
const serviceOf = (look: Look, name: string, described: readonly Service[]): EcsView['services'][number] => {
  const service = described.find(({ serviceName, status }) => serviceName === name && status !== 'INACTIVE');
  if (service === undefined) {
    throw new Fault('rejected', 'ECS_SERVICE_MISSING', `there is no ECS service ${name} in cluster ${look.cluster}`);
  }
  return { name, desiredCount: service.desiredCount ?? 0 };
};

const listAll = async (look: Look, services: readonly string[]): Promise<readonly string[]> => {
  const lists = await Promise.all(
    services.map(async (service) => {
      // In this order: a task that is told to stop between the two calls is in both lists, never in none.
      const running = await list(look, service, 'RUNNING');
      return [...running, ...(await list(look, service, 'STOPPED'))];
    }),
  );
  return lists.flat();
};

const list = async (look: Look, serviceName: string, desiredStatus: DesiredStatus): Promise<readonly string[]> => {
  const found: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const more = nextToken === undefined ? {} : { nextToken };
    const command = new ListTasksCommand({ cluster: look.cluster, serviceName, desiredStatus, ...more });
    const answer = await call(look, 'ecs:ListTasks', (abort) => look.client.send(command, abort));
    found.push(...(answer.taskArns ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined || nextToken === '') return found;
  }
  throw new Fault('invalid', 'ECS_UNREADABLE', `over ${PAGES_MAX} pages of tasks of service ${serviceName}`);
};

const view = async (
  look: Look,
  cluster: Cluster,
  services: EcsView['services'],
  listed: readonly string[],
  alsoTasks: readonly string[],
): Promise<EcsView> => {
  const asked = [...new Set([...listed, ...alsoTasks])];
  const { tasks, missing } = await describeTasks(look, asked);
  const vanished = missing.filter((arn) => listed.includes(arn));
  if (vanished.length > 0) {
    throw new Fault('transient', CODES.unavailable, `listed but not described by ECS: ${vanished.join(', ')}`);
  }
  return { services, tasks: tasks.map((task) => jobManagerTask(task, cluster)), missing };
};

const describeTasks = async (look: Look, arns: readonly string[]): Promise<{ tasks: Task[]; missing: string[] }> => {
  const answers = await Promise.all(
    chunks(arns, TASKS_A_CALL).map((tasks) => {
      const command = new DescribeTasksCommand({ cluster: look.cluster, tasks });
      return call(look, 'ecs:DescribeTasks', (abort) => look.client.send(command, abort));
    }),
  );
  const failures = answers.flatMap((answer) => answer.failures ?? []);
  refuse(
    look,
    failures.filter(({ reason }) => reason !== 'MISSING'),
    'ECS_UNREADABLE',
  );
  const tasks = answers.flatMap((answer) => answer.tasks ?? []);
  const described = new Set(tasks.map(({ taskArn }) => taskArn));
  const missing = failures.flatMap(({ arn }) => arn ?? []);
  const unanswered = arns.filter((arn) => !described.has(arn) && !missing.includes(arn));
  if (unanswered.length > 0) {
    throw new Fault('transient', CODES.unavailable, `no word of ECS on ${unanswered.join(', ')}`);
  }
  return { tasks, missing };
};

/** All or nothing: a partial answer is none. */
const refuse = (look: Look, failures: readonly Failure[] | undefined, code: string): void => {
  const [failure] = failures ?? [];
  if (failure === undefined) return;
  const what = `${failure.arn ?? 'unnamed'}: ${failure.reason ?? 'no reason'} ${failure.detail ?? ''}`.trim();
  throw new Fault('rejected', code, `ECS cluster ${look.cluster}: ${what}`);
};

const jobManagerTask = (task: Task, cluster: Cluster): JobManagerTask => {
  const { taskArn, group = '', desiredStatus, lastStatus, taskDefinitionArn } = task;
  if (!taskArn || !desiredStatus || !lastStatus || !taskDefinitionArn) {
    throw new Fault('invalid', 'ECS_UNREADABLE', `cluster ${cluster.ecsCluster}: a task without ARN or status`);
  }
  const address = addressOf(task);
  return {
    taskArn,
    service: group.replace(/^service:/, ''),
    ...(address === undefined ? {} : { address }),
    desiredStatus,
    lastStatus,
    taskDefinitionArn,
  };
};

/** The private IPv4 address of the task's network interface, once it has one and while it has one. */
const addressOf = ({ attachments = [], containers = [] }: Task): string | undefined => {
  const interfaces = attachments.filter(({ type }) => type === 'ElasticNetworkInterface');
  const attached = interfaces.filter(({ status }) => status !== 'DELETED' && status !== 'DETACHED');
  // After a stop the containers still list the address, which may be another task's by now.
  if (interfaces.length > 0 && attached.length === 0) return undefined;
  const details = attached.flatMap((attachment) => attachment.details ?? []);
  const ofContainers = containers.flatMap(({ networkInterfaces }) => networkInterfaces ?? []);
  const candidates = [
    ...details.filter(({ name }) => name === 'privateIPv4Address').map(({ value }) => value),
    ...ofContainers.map(({ privateIpv4Address }) => privateIpv4Address),
  ];
  return candidates.find((address) => address !== undefined && address !== '');
};

const call = <T>(look: Look, action: string, send: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> =>
  callAws(look, { action, codes: CODES }, look.deadlineMs, send);

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
