import type { Container, Task } from '@aws-sdk/client-ecs';
import { cut } from '../../core/cut.ts';
import { defaults } from '../../core/defaults.ts';
import { Fault } from '../../core/errors.ts';
import type { Cluster, ContainerExit, JobManagerTask, TaskStop } from '../../core/model.ts';
import type { Redaction } from '../redaction.ts';

/** A task as ECS describes it, in our own words. Throws `invalid` ECS_UNREADABLE. */
export const jobManagerTask = (task: Task, cluster: Cluster, redact: Redaction['redact']): JobManagerTask => {
  const { taskArn, group = '', desiredStatus, lastStatus, startedAt, taskDefinitionArn } = task;
  if (!taskArn || !desiredStatus || !lastStatus || !taskDefinitionArn) {
    throw new Fault('invalid', 'ECS_UNREADABLE', `cluster ${cluster.ecsCluster}: a task without ARN or status`);
  }
  const address = addressOf(task);
  const stop = stopOf(task, redact);
  return {
    taskArn,
    service: group.replace(/^service:/, ''),
    ...(address === undefined ? noAddressOf(task) : { address }),
    desiredStatus,
    lastStatus,
    ...(startedAt === undefined ? {} : { startedMs: startedAt.getTime() }),
    taskDefinitionArn,
    ...(stop === undefined ? {} : { stop }),
  };
};

/** Of a task that ECS calls stopping or stopped. */
export const stopOf = (task: Task, redact: Redaction['redact']): TaskStop | undefined => {
  const { stopCode, stoppedReason, createdAt, stoppingAt, stoppedAt, containers = [] } = task;
  const at = stoppingAt ?? stoppedAt;
  if (stopCode === undefined && stoppedReason === undefined && at === undefined) return undefined;
  const shown = (text: string) => cut(redact(text), defaults.textMax);
  return {
    ...(stopCode === undefined ? {} : { code: stopCode }),
    ...(stoppedReason === undefined ? {} : { reason: shown(stoppedReason) }),
    ...(createdAt === undefined ? {} : { createdMs: createdAt.getTime() }),
    ...(at === undefined ? {} : { atMs: at.getTime() }),
    exits: containers.flatMap((container) => exitOf(container, shown)).slice(0, defaults.tasks.exitsMax),
  };
};

const exitOf = (
  { name = 'unnamed', exitCode, reason }: Container,
  shown: (text: string) => string,
): readonly ContainerExit[] =>
  exitCode === undefined && reason === undefined
    ? []
    : [
        {
          container: name,
          ...(exitCode === undefined ? {} : { exitCode }),
          ...(reason === undefined ? {} : { reason: shown(reason) }),
        },
      ];

/** A task of awsvpc has its interface before it runs. */
const noAddressOf = ({ lastStatus, attachments = [], containers = [] }: Task): Pick<JobManagerTask, 'awsvpc'> => {
  const hasOwn =
    attachments.some(({ type }) => type === 'ElasticNetworkInterface') ||
    containers.some(({ networkInterfaces = [] }) => networkInterfaces.length > 0);
  return lastStatus === 'RUNNING' && !hasOwn ? { awsvpc: false } : {};
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
