import type { Container, Task } from './task.ts';

/** A task as DescribeTasks answers it: dates in seconds, the address below an "ElasticNetworkInterface". */
export const toApi = (task: Task): object => ({
  ...common(task, (ms) => ms / 1_000),
  attachments: [attachment(task, 'ElasticNetworkInterface')],
  containers: task.containers.map((container) => ({
    ...containerOf(task, container),
    networkBindings: [],
    healthStatus: 'UNKNOWN',
  })),
  healthStatus: 'UNKNOWN',
  tags: [],
});

/** A task as the detail of an "ECS Task State Change" event: ISO dates, the address below an "eni". */
export const toEventDetail = (task: Task): object => ({
  ...common(task, (ms) => new Date(ms).toISOString()),
  attachments: [attachment(task, 'eni')],
  containers: task.containers.map((container) => containerOf(task, container)),
});

const common = (task: Task, date: (ms: number) => number | string) => {
  const dates = {
    createdAt: task.createdAtMs,
    updatedAt: task.updatedAtMs,
    connectivityAt: task.connectivityAtMs,
    pullStartedAt: task.pullStartedAtMs,
    pullStoppedAt: task.pullStoppedAtMs,
    startedAt: task.startedAtMs,
    stoppingAt: task.stoppingAtMs,
    executionStoppedAt: task.executionStoppedAtMs,
    stoppedAt: task.stoppedAtMs,
  };
  return {
    taskArn: task.arn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.definition.taskDefinitionArn,
    group: task.group,
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    launchType: task.launchType,
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    availabilityZone: `${task.region}a`,
    attributes: [{ name: 'ecs.cpu-architecture', value: process.arch === 'arm64' ? 'arm64' : 'x86_64' }],
    cpu: task.definition.cpu,
    memory: task.definition.memory,
    ephemeralStorage: { sizeInGiB: 20 },
    enableExecuteCommand: false,
    overrides: { containerOverrides: task.containerOverrides, inferenceAcceleratorOverrides: [] },
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    version: task.version,
    ...(task.connectivityAtMs === undefined ? {} : { connectivity: 'CONNECTED' }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    ...Object.fromEntries(Object.entries(dates).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, date(ms)]]))),
  };
};

const attachment = (task: Task, type: string) => {
  const { id, status, subnetId, interfaceId, mac } = task.attachment;
  const details = [{ name: 'subnetId', value: subnetId }];
  // The interface exists from PENDING on, and is still listed after the stop.
  if (status !== 'PRECREATED')
    details.push(
      { name: 'networkInterfaceId', value: interfaceId },
      { name: 'macAddress', value: mac },
      { name: 'privateDnsName', value: privateDnsName(task) },
      { name: 'privateIPv4Address', value: task.address },
    );
  return { id, type, status, details: shuffled(details) };
};

const containerOf = (task: Task, container: Container) => ({
  containerArn: container.arn,
  taskArn: task.arn,
  name: container.definition.name,
  image: container.definition.image,
  lastStatus: container.lastStatus,
  cpu: String(container.definition.cpu),
  ...(container.definition.memory === undefined ? {} : { memory: String(container.definition.memory) }),
  ...(container.definition.memoryReservation === undefined
    ? {}
    : { memoryReservation: String(container.definition.memoryReservation) }),
  ...(container.lastStatus === 'PENDING' ? {} : { runtimeId: container.runtimeId }),
  ...(container.imageDigest === undefined ? {} : { imageDigest: container.imageDigest }),
  ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
  ...(container.reason === undefined ? {} : { reason: container.reason }),
  networkInterfaces:
    task.attachment.status === 'PRECREATED'
      ? []
      : [{ attachmentId: task.attachment.id, privateIpv4Address: task.address }],
});

/** The name that EC2 gives to the task's interface. */
export const privateDnsName = (task: { address: string; region: string }): string =>
  `ip-${task.address.replaceAll('.', '-')}.${task.region}.compute.internal`;

/** ECS promises no order of the details, so nobody may come to rely on one. */
const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
