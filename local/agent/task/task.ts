import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { ContainerDefinition, TaskDefinition } from '../services/desired-state.ts';

/** A new task: PROVISIONING, version 0 until its first change is told. */
export const createTask = (order: TaskOrder, address: string, nowMs: number): Task => {
  const { subnetId, ...facts } = order;
  const [prefix = '', cluster = ''] = order.clusterArn.split(':cluster/');
  const id = randomBytes(16).toString('hex');
  return {
    ...facts,
    id,
    arn: `${prefix}:task/${cluster}/${id}`,
    cluster,
    region: prefix.split(':')[3] ?? '',
    address,
    attachment: {
      id: randomUUID(),
      interfaceId: `eni-${randomBytes(8).toString('hex')}1`,
      mac: mac(),
      subnetId: subnetId ?? 'subnet-local',
      status: 'PRECREATED',
    },
    containers: order.definition.containerDefinitions.map((container) => ({
      arn: `${prefix}:container/${cluster}/${id}/${randomUUID()}`,
      definition: container,
      runtimeId: `${id}-${randomInt(1e9, 1e10)}`,
      lastStatus: 'PENDING',
    })),
    version: 0,
    desiredStatus: 'RUNNING',
    lastStatus: 'PROVISIONING',
    createdAtMs: nowMs,
  };
};

/** What somebody, a service or a RunTask, wants a task for. */
export type TaskOrder = TaskFacts & { readonly subnetId?: string | undefined };

type TaskFacts = {
  readonly clusterArn: string;
  /** `service:NAME`, `family:NAME`, or what RunTask was told. */
  readonly group: string;
  /** The service's deployment, or what RunTask was told. */
  readonly startedBy?: string | undefined;
  /** None for a task of RunTask. */
  readonly service?: { readonly name: string; readonly arn: string; readonly deploymentId: string };
  readonly launchType: string;
  /** With its overrides in place. */
  readonly definition: TaskDefinition;
  readonly containerOverrides: readonly { readonly name: string }[];
};

/** One task: what ECS knows of it and what the agent needs to run it. It changes only through `life.ts`. */
export type Task = TaskFacts & {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly region: string;
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
