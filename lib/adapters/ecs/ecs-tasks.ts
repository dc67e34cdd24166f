import { type DesiredStatus, ECSClient } from '@aws-sdk/client-ecs';
import { Fault } from '../../core/errors.ts';
import type { Cluster, EcsView } from '../../core/model.ts';
import type { EcsTasks } from '../../ports.ts';
import { awsClientOptions } from '../aws.ts';
import { frozen } from '../frozen.ts';
import { CODES, describeServices, describeTasks, type EcsTasksOptions, type Look, page } from './calls.ts';
import { jobManagerTask } from './ecs-task.ts';
import { taskManagers } from './task-managers.ts';

/** The services of a cluster and their tasks as ECS describes them. */
export const createEcsTasks = (options: EcsTasksOptions): EcsTasks => ({
  look: async (cluster, alsoTasks, deadlineMs) => {
    const look: Look = { ...options, cluster: cluster.ecsCluster, deadlineMs };
    const [services, listed] = await Promise.all([
      describeServices(look, cluster.jobManagers, 'jobManagers'),
      listTasks(look, cluster.jobManagers),
    ]);
    const wanted = services.map(({ serviceName = '', desiredCount = 0 }) => ({ name: serviceName, desiredCount }));
    return frozen(await view(look, cluster, wanted, listed, alsoTasks));
  },
  taskManagers: async (cluster, deadlineMs) =>
    frozen(await taskManagers({ ...options, cluster: cluster.ecsCluster, deadlineMs }, cluster.taskManagers)),
});

/** Made here, so that a bundle holds no more of the client than this file uses. */
export const createEcsClient = (): ECSClient => new ECSClient(awsClientOptions);

/** Pages of ListTasks (100 tasks each). */
const PAGES_MAX = 50;

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
