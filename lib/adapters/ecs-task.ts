import type { Task } from '@aws-sdk/client-ecs';
import { Fault } from '../core/errors.ts';
import type { Cluster, JobManagerTask } from '../core/model.ts';

/** A task as ECS describes it, in our own words. Throws `invalid` ECS_UNREADABLE. */
export const jobManagerTask = (task: Task, cluster: Cluster): JobManagerTask => {
  const { taskArn, group = '', desiredStatus, lastStatus, startedAt, taskDefinitionArn } = task;
  if (!taskArn || !desiredStatus || !lastStatus || !taskDefinitionArn) {
    throw new Fault('invalid', 'ECS_UNREADABLE', `cluster ${cluster.ecsCluster}: a task without ARN or status`);
  }
  const address = addressOf(task);
  return {
    taskArn,
    service: group.replace(/^service:/, ''),
    ...(address === undefined ? noAddressOf(task) : { address }),
    desiredStatus,
    lastStatus,
    ...(startedAt === undefined ? {} : { startedMs: startedAt.getTime() }),
    taskDefinitionArn,
  };
};

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
