import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  ListTasksCommand,
  type ListTasksCommandInput,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { asFault, Fault } from '../../core/errors.ts';
import { type AwsCodes, callAws, type Timing } from '../aws.ts';
import type { Redaction } from '../redaction.ts';

/** What ECS repeats of a container holds no secret: `redact` takes them out. */
export type EcsTasksOptions = Timing & { readonly client: ECSClient; readonly redact: Redaction['redact'] };

/** One look at an ECS cluster. */
export type Look = EcsTasksOptions & { readonly cluster: string; readonly deadlineMs: number };

export const CODES: AwsCodes = {
  denied: 'ECS_DENIED',
  unavailable: 'ECS_UNAVAILABLE',
  rejected: { ClusterNotFoundException: 'ECS_CLUSTER_MISSING', ServiceNotFoundException: 'ECS_SERVICE_MISSING' },
  advice: {
    ECS_CLUSTER_MISSING: 'check `ecsCluster` in the manifest, and the region that the functions run in',
    ECS_SERVICE_MISSING: 'check `jobManagers` and `taskManagers` in the manifest',
    ECS_DENIED: 'deploy again: the roles follow from the manifest',
  },
};

/** Limits of ECS: services of one DescribeServices, tasks of one DescribeTasks. */
const SERVICES_A_CALL = 10;
const TASKS_A_CALL = 100;

/** The services of these names, which are the manifest's `key`, in their order. A deleted one is still described for a while, as INACTIVE. */
export const describeServices = async (
  look: Look,
  names: readonly string[],
  key: 'jobManagers' | 'taskManagers',
): Promise<readonly Service[]> => {
  const answers = await Promise.all(
    chunks(names, SERVICES_A_CALL).map((services) => {
      const command = new DescribeServicesCommand({ cluster: look.cluster, services });
      return call(look, 'ecs:DescribeServices', (abort) => look.client.send(command, abort));
    }),
  );
  for (const { failures } of answers) refuse(look, failures, 'ECS_SERVICE_MISSING');
  const described = answers.flatMap(({ services }) => services ?? []);
  return names.map((name) => {
    const service = described.find(({ serviceName, status }) => serviceName === name && status !== 'INACTIVE');
    if (service !== undefined) return service;
    throw new Fault(
      'rejected',
      'ECS_SERVICE_MISSING',
      `there is no ECS service ${name} in cluster ${look.cluster}: check \`${key}\` in the manifest`,
    );
  });
};

/** One page of a list, of at most 100 tasks. */
export const page = async (look: Look, which: Omit<ListTasksCommandInput, 'cluster'>) => {
  const command = new ListTasksCommand({ cluster: look.cluster, ...which });
  const { taskArns = [], nextToken } = await call(look, 'ecs:ListTasks', (abort) => look.client.send(command, abort));
  return { taskArns, nextToken };
};

/** All or nothing; `missing` are those that ECS does not know (any more). */
export const describeTasks = async (
  look: Look,
  arns: readonly string[],
): Promise<{ tasks: Task[]; missing: string[] }> => {
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
