import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  ECSClient,
  type Failure,
  ListTasksCommand,
  type ListTasksCommandInput,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { asFault, Fault } from '../core/errors.ts';
import type { Cluster, EcsView } from '../core/model.ts';
import type { EcsTasks } from '../ports.ts';
import { type AwsCodes, awsClientOptions, callAws, type Timing } from './aws.ts';
import { jobManagerTask } from './ecs-task.ts';
import { frozen } from './frozen.ts';
import type { Redaction } from './redaction.ts';

/** The JobManager services of a cluster as ECS describes them. */
export const createEcsTasks = (options: EcsTasksOptions): EcsTasks => ({
  look: async (cluster, alsoTasks, deadlineMs) => {
    const look: Look = { ...options, cluster: cluster.ecsCluster, deadlineMs };
    const [services, listed] = await Promise.all([
      describeServices(look, cluster.jobManagers),
      listTasks(look, cluster.jobManagers),
    ]);
    return frozen(await view(look, cluster, services, listed, alsoTasks));
  },
});

/** Made here, so that a bundle holds no more of the client than this file uses. */
export const createEcsClient = (): ECSClient => new ECSClient(awsClientOptions);

/** What ECS repeats of a container holds no secret: `redact` takes them out. */
export type EcsTasksOptions = Timing & { readonly client: ECSClient; readonly redact: Redaction['redact'] };

type Look = EcsTasksOptions & { readonly cluster: string; readonly deadlineMs: number };

const CODES: AwsCodes = {
  denied: 'ECS_DENIED',
  unavailable: 'ECS_UNAVAILABLE',
  rejected: { ClusterNotFoundException: 'ECS_CLUSTER_MISSING', ServiceNotFoundException: 'ECS_SERVICE_MISSING' },
  advice: {
    ECS_CLUSTER_MISSING: 'check `ecsCluster` in the manifest, and the region that the functions run in',
    ECS_SERVICE_MISSING: 'check `jobManagers` in the manifest',
    ECS_DENIED: 'deploy again: the roles follow from the manifest',
  },
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
    throw new Fault(
      'rejected',
      'ECS_SERVICE_MISSING',
      `there is no ECS service ${name} in cluster ${look.cluster}: check \`jobManagers\` in the manifest`,
    );
  }
  return { name, desiredCount: service.desiredCount ?? 0 };
};

/** Of one service by its name; of several by the whole cluster, where that fits into one page and so into fewer calls. */
const listTasks = async (look: Look, services: readonly string[]): Promise<readonly string[]> => {
  const all = services.length < 2 ? undefined : await bothLists((status) => onlyPage(look, status));
  if (all !== undefined) return all;
  const lists = await Promise.all(services.map((service) => bothLists((status) => allPages(look, service, status))));
  return lists.flatMap((list) => list ?? []);
};

/** In this order: a task that is told to stop between the two calls is in both lists, never in none. */
const bothLists = async (list: (status: DesiredStatus) => Promise<Tasks>): Promise<Tasks> => {
  const running = await list('RUNNING');
  const stopped = running === undefined ? undefined : await list('STOPPED');
  return running === undefined || stopped === undefined ? undefined : [...running, ...stopped];
};

/** undefined: there are more than one page of them. */
type Tasks = readonly string[] | undefined;

const onlyPage = async (look: Look, desiredStatus: DesiredStatus): Promise<Tasks> => {
  const { taskArns, nextToken } = await page(look, { desiredStatus });
  return nextToken ? undefined : taskArns;
};

const allPages = async (look: Look, serviceName: string, desiredStatus: DesiredStatus): Promise<Tasks> => {
  const found: string[] = [];
  let nextToken: string | undefined;
  for (let count = 0; count < PAGES_MAX; count += 1) {
    const answer = await page(look, { serviceName, desiredStatus, ...(nextToken ? { nextToken } : {}) });
    found.push(...answer.taskArns);
    nextToken = answer.nextToken;
    if (!nextToken) return found;
  }
  throw new Fault('invalid', 'ECS_UNREADABLE', `over ${PAGES_MAX} pages of tasks of service ${serviceName}`);
};

const page = async (look: Look, which: Omit<ListTasksCommandInput, 'cluster'>) => {
  const command = new ListTasksCommand({ cluster: look.cluster, ...which });
  const { taskArns = [], nextToken } = await call(look, 'ecs:ListTasks', (abort) => look.client.send(command, abort));
  return { taskArns, nextToken };
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
  const ours = tasks.filter(({ taskArn, group }) => isOurs(cluster, group) || alsoTasks.includes(taskArn ?? ''));
  return { services, tasks: ours.map((task) => jobManagerTask(task, cluster, look.redact)), missing };
};

/** A list of the whole cluster holds TaskManagers and all else, too. */
const isOurs = ({ jobManagers }: Cluster, group = ''): boolean =>
  jobManagers.some((service) => group === `service:${service}`);

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

const call = async <T>(
  look: Look,
  action: string,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> => {
  try {
    return await callAws(look, { action, codes: CODES }, look.deadlineMs, send);
  } catch (thrown) {
    const { kind, code, message, context } = asFault(thrown);
    throw new Fault(kind, code, `ECS cluster ${look.cluster}: ${message}`, { cause: thrown, context });
  }
};

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
