import { ECSClient } from '@aws-sdk/client-ecs';
import { createEcsTasks } from '../../lib/adapters/ecs/ecs-tasks.ts';
import type { Cluster } from '../../lib/core/model.ts';
import type { EcsTasks } from '../../lib/ports.ts';
import { type AwsAnswer, type AwsStub, awsError, quickTiming, startAwsStub } from './aws-stub.ts';

/** A manifest cluster on the ECS cluster `flink`, with these JobManager services. */
export const ecsCluster = (...jobManagers: string[]): Cluster => ({
  name: 'realtime',
  ecsCluster: 'flink',
  jobManagers,
  taskManagers: ['taskmanager'],
  restPort: 8081,
  jobs: [],
});

export const taskArn = (id: string | number): string => `arn:aws:ecs:eu-west-1:000000000000:task/flink/${id}`;

/** A task as DescribeTasks tells it. */
export const ecsTask = (arn: string, more: object = {}): object => ({
  taskArn: arn,
  group: 'service:jobmanager',
  desiredStatus: 'RUNNING',
  lastStatus: 'RUNNING',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/jobmanager:1',
  containers: [{ networkInterfaces: [{ privateIpv4Address: '10.0.1.23' }] }],
  ...more,
});

/** The fields of the requests that the adapter makes. */
export type EcsRequest = {
  readonly cluster: string;
  readonly services: readonly string[];
  /** Absent: of the whole cluster. */
  readonly serviceName?: string;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly nextToken?: string;
  readonly tasks: readonly string[];
};

export type EcsHandlers = Readonly<Record<string, (request: EcsRequest) => AwsAnswer>>;

/**
 * The real adapter on an ECS whose cluster `flink` has any service but `absent-…`, each with the RUNNING task `a` and the
 * STOPPED task `b`; it knows any task but those of only `f`s. `handlers` replace actions.
 */
export const startFakeEcs = async (handlers: EcsHandlers = {}): Promise<FakeEcs> => {
  const all = { ...wellBehaved, ...handlers };
  const stub = await startAwsStub(({ action, body }) => {
    const request: EcsRequest = JSON.parse(body);
    if (request.cluster !== 'flink') return awsError('ClusterNotFoundException');
    return all[action]?.(request) ?? awsError('InvalidAction');
  });
  const client = new ECSClient(stub.clientOptions);
  const close = async () => {
    client.destroy();
    await stub.close();
  };
  return {
    ecs: createEcsTasks({ ...quickTiming, client, redact: (text) => text.replaceAll(SECRET, '<secret>') }),
    requests: stub.requests,
    close,
  };
};

/** What was read from a secret store. */
export const SECRET = 'c4n4ry-s3cr3t';

export type FakeEcs = {
  readonly ecs: EcsTasks;
  readonly requests: AwsStub['requests'];
  readonly close: () => Promise<void>;
};

const wellBehaved: EcsHandlers = {
  DescribeServices: ({ services }) => {
    const isAbsent = (name: string) => name.startsWith('absent-');
    const found = services.filter((name) => !isAbsent(name));
    const failures = services.filter(isAbsent).map((arn) => ({ arn, reason: 'MISSING' }));
    const describe = (serviceName: string) => ({ serviceName, status: 'ACTIVE', desiredCount: 1, runningCount: 1 });
    return { json: { services: found.map(describe), failures } };
  },
  ListTasks: ({ serviceName, desiredStatus }) =>
    serviceName?.startsWith('absent-')
      ? awsError('ServiceNotFoundException', 400, { message: `${serviceName} is not there` })
      : { json: { taskArns: [taskArn(desiredStatus === 'RUNNING' ? 'a' : 'b')] } },
  DescribeTasks: ({ tasks }) => {
    const isUnknown = (arn: string) => /\/f+$/.test(arn);
    const failures = tasks.filter(isUnknown).map((arn) => ({ arn, reason: 'MISSING' }));
    return { json: { tasks: tasks.filter((arn) => !isUnknown(arn)).map((arn) => ecsTask(arn)), failures } };
  },
};
