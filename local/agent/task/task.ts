import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { ContainerDefinition, Service, TaskDefinition } from '../services/desired-state.ts';

/** A new task of a service: PROVISIONING, version 0 until its first change is told. */
export const createTask = (from: {
  service: Service;
  deploymentId: string;
  definition: TaskDefinition;
  address: string;
  nowMs: number;
}): Task => {
  const { service, definition, address } = from;
  const [prefix = '', cluster = ''] = service.clusterArn.split(':cluster/');
  const id = randomBytes(16).toString('hex');
  const subnetId = service.networkConfiguration?.awsvpcConfiguration?.subnets?.[0] ?? 'subnet-local';
  return {
    id,
    arn: `${prefix}:task/${cluster}/${id}`,
    cluster,
    clusterArn: service.clusterArn,
    region: prefix.split(':')[3] ?? '',
    serviceName: service.serviceName,
    serviceArn: service.serviceArn,
    registryArns: (service.serviceRegistries ?? []).map((registry) => registry.registryArn),
    deploymentId: from.deploymentId,
    launchType: service.launchType ?? 'FARGATE',
    definition,
    address,
    attachment: {
      id: randomUUID(),
      interfaceId: `eni-${randomBytes(8).toString('hex')}1`,
      mac: mac(),
      subnetId,
      status: 'PRECREATED',
    },
    containers: definition.containerDefinitions.map((container) => ({
      arn: `${prefix}:container/${cluster}/${id}/${randomUUID()}`,
      definition: container,
      runtimeId: `${id}-${randomInt(1e9, 1e10)}`,
      lastStatus: 'PENDING',
    })),
    version: 0,
    desiredStatus: 'RUNNING',
    lastStatus: 'PROVISIONING',
    createdAtMs: from.nowMs,
  };
};

/** One task: what ECS knows of it and what the agent needs to run it. It changes only through `life.ts`. */
export type Task = {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly clusterArn: string;
  readonly region: string;
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly registryArns: readonly string[];
  readonly deploymentId: string;
  readonly launchType: string;
  readonly definition: TaskDefinition;
  readonly address: string;
  readonly attachment: { id: string; interfaceId: string; mac: string; subnetId: string; status: string };
  readonly containers: readonly Container[];
  version: number;
  desiredStatus: 'RUNNING' | 'STOPPED';
  lastStatus: TaskStatus;
  stopCode?: StopCode;
  stoppedReason?: string;
  createdAtMs: number;
  updatedAtMs?: number;
  connectivityAtMs?: number;
  pullStartedAtMs?: number;
  pullStoppedAtMs?: number;
  startedAtMs?: number;
  stoppingAtMs?: number;
  executionStoppedAtMs?: number;
  stoppedAtMs?: number;
};

/** One container of a task; started again in place it keeps its ARN. */
export type Container = {
  readonly arn: string;
  readonly definition: ContainerDefinition;
  readonly runtimeId: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  imageDigest?: string;
  exitCode?: number;
  reason?: string;
};

/** The life of a task in ECS's words and order. */
export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/** Why a task stopped. */
export type StopCode = 'TaskFailedToStart' | 'EssentialContainerExited' | 'UserInitiated' | 'ServiceSchedulerInitiated';

const mac = () => `02:${(randomBytes(5).toString('hex').match(/../g) ?? []).join(':')}`;
