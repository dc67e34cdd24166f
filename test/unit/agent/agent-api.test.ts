import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
  StopTaskCommand,
  UpdateClusterCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fixture, shell, startFixture } from './fixture.ts';

let world: Fixture;
let ecs: ECSClient;
const cluster = 'flink';
beforeEach(async () => {
  world = await startFixture({ stoppedKeptMs: 3_600_000 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ecs = new ECSClient({ region: 'eu-west-1', endpoint: world.agent.url, credentials, maxAttempts: 1 });
});
afterEach(async () => {
  ecs.destroy();
  await world.close();
});

const start = async (desiredCount = 1) => {
  world.emulator.services.set('app', { containers: [shell('exec sleep 60')], desiredCount });
  world.agent.startTasks();
  await world.until(
    'tasks',
    () => world.agent.tasks().filter((task) => task.lastStatus === 'RUNNING').length === desiredCount,
  );
  return world.agent.tasks().map((task) => task.taskArn);
};
const list = async (more: object = {}) => (await ecs.send(new ListTasksCommand({ cluster, ...more }))).taskArns;
const refusal = async (
  command: ListTasksCommand | DescribeTasksCommand | StopTaskCommand | DescribeServicesCommand,
) => {
  const error: unknown = await ecs.send(command as ListTasksCommand).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? `${error.name}: ${error.message}` : 'no error';
};

test('ListTasks tells the tasks by desired status, service, family and starter', async () => {
  const [taskArn = ''] = await start();
  expect(await list()).toEqual([taskArn]);
  expect(await list({ serviceName: 'app' })).toEqual([taskArn]);
  expect(await list({ family: 'app', launchType: 'FARGATE' })).toEqual([taskArn]);
  expect(await list({ startedBy: 'ecs-svc/1' })).toEqual([taskArn]);
  expect(await list({ family: 'other' })).toEqual([]);
  expect(await list({ desiredStatus: 'PENDING' })).toEqual([]);
  expect(await list({ desiredStatus: 'STOPPED' })).toEqual([]);
  world.emulator.services.clear();
  await ecs.send(new StopTaskCommand({ cluster, task: taskArn }));
  expect(await list()).toEqual([]);
  expect(await list({ desiredStatus: 'STOPPED' })).toEqual([taskArn]);
});

test('ListTasks gives pages that meet without gap or repetition', async () => {
  const arns = await start(3);
  const first = await ecs.send(new ListTasksCommand({ cluster, maxResults: 2 }));
  const second = await ecs.send(new ListTasksCommand({ cluster, maxResults: 2, nextToken: first.nextToken }));
  expect([...(first.taskArns ?? []), ...(second.taskArns ?? [])]).toEqual(arns);
  expect(second.nextToken).toBeUndefined();
});

test('DescribeTasks shows the address, dates as dates, and what is missing', async () => {
  const [taskArn = ''] = await start();
  const answer = await ecs.send(
    new DescribeTasksCommand({ cluster, tasks: [taskArn.split('/').at(-1) ?? '', 'gone'] }),
  );
  const [task] = answer.tasks ?? [];
  expect(task?.startedAt).toBeInstanceOf(Date);
  expect(task?.attachments?.[0]?.type).toBe('ElasticNetworkInterface');
  expect(task?.attachments?.[0]?.details).toContainEqual({ name: 'privateIPv4Address', value: '127.9.9.2' });
  expect(task?.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address).toBe('127.9.9.2');
  expect(answer.failures).toEqual([{ arn: 'arn:aws:ecs:eu-west-1:000000000000:task/flink/gone', reason: 'MISSING' }]);
});

test('StopTask answers the task on its way out', async () => {
  const [task = ''] = await start();
  const answer = await ecs.send(new StopTaskCommand({ cluster, task, reason: 'because' }));
  expect(answer.task).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'because' });
  const again = await ecs.send(new StopTaskCommand({ cluster, task, reason: 'other' }));
  expect(again.task?.stoppedReason).toBe('because');
});

test('DescribeServices counts what really runs', async () => {
  await start(2);
  const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: ['app'] }));
  const [service] = answer.services ?? [];
  expect(service).toMatchObject({ desiredCount: 2, runningCount: 2, pendingCount: 0 });
  const messages = service?.events?.map(({ message }) => message);
  expect(messages).toHaveLength(2);
  expect(messages?.[0]).toMatch(/^\(service app\) has started 1 tasks: \(task [0-9a-f]+\)\.$/);
  expect(service?.deployments).toMatchObject([{ status: 'PRIMARY', runningCount: 2, rolloutState: 'COMPLETED' }]);
});

test('DescribeServices shows the older deployment until its last task is gone', async () => {
  const deaf = shell('trap "" TERM; echo up; while :; do sleep 0.01; done', { stopTimeout: 60 });
  world.emulator.services.set('app', { containers: [deaf] });
  world.agent.startTasks();
  await world.until('the trap', () => world.logs().includes('up'));
  world.emulator.services.set('app', { containers: [shell('exec sleep 60')], deploymentId: '2' });
  await world.until('the old one to drain', () => world.agent.tasks()[0]?.desiredStatus === 'STOPPED');
  const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: ['app'] }));
  expect(answer.services?.[0]?.deployments).toMatchObject([
    { id: 'ecs-svc/2', status: 'PRIMARY', runningCount: 0, rolloutState: 'IN_PROGRESS' },
    { id: 'ecs-svc/1', status: 'ACTIVE' },
  ]);
  await world.agent.kill({}, 'SIGKILL');
});

test.each([
  [
    'a cluster that is not there',
    () => new ListTasksCommand({ cluster: 'nope' }),
    'ClusterNotFoundException: Cluster not found.',
  ],
  [
    'no cluster named',
    () => new DescribeTasksCommand({ tasks: ['x'] }),
    'ClusterNotFoundException: Cluster not found.',
  ],
  [
    'a service that is not there',
    () => new ListTasksCommand({ cluster, serviceName: 'nope' }),
    'ServiceNotFoundException: Service not found.',
  ],
  [
    'no tasks',
    () => new DescribeTasksCommand({ cluster, tasks: [] }),
    'InvalidParameterException: Tasks cannot be empty.',
  ],
  [
    '101 tasks',
    () => new DescribeTasksCommand({ cluster, tasks: Array(101).fill('x') }),
    'InvalidParameterException: Tasks cannot have more than 100 elements.',
  ],
  [
    '11 services',
    () => new DescribeServicesCommand({ cluster, services: Array(11).fill('x') }),
    'InvalidParameterException: Services cannot have more than 10 elements.',
  ],
  [
    'a task of another cluster',
    () => new DescribeTasksCommand({ cluster, tasks: ['arn:aws:ecs:eu-west-1:000000000000:task/other/1'] }),
    'InvalidParameterException: Identifier is for cluster other. Your cluster is flink',
  ],
  [
    'a task that never was',
    () => new StopTaskCommand({ cluster, task: 'x' }),
    'InvalidParameterException: The referenced task was not found.',
  ],
  [
    'a token of nowhere',
    () => new ListTasksCommand({ cluster, nextToken: 'x' }),
    'InvalidParameterException: Invalid token.',
  ],
  [
    'too large a page',
    () => new ListTasksCommand({ cluster, maxResults: 101 }),
    'InvalidParameterException: maxResults must be a whole number from 1 to 100',
  ],
])('refuses %s in ECS’s words', async (_, command, words) => {
  expect(await refusal(command())).toBe(words);
});

test('101 tasks are too many, 100 are not', async () => {
  const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: Array(100).fill('x') }));
  expect(answer.failures).toHaveLength(100);
});

test('hands on what it does not answer itself', async () => {
  await ecs.send(new ListClustersCommand({}));
  await ecs.send(new UpdateClusterCommand({ cluster }));
  expect(world.emulator.calls).toEqual(['ListClusters', 'UpdateCluster']);
});

test('sendEvent puts the task’s last event on the bus once more, unchanged', async () => {
  const [taskArn = ''] = await start();
  await world.until('all events', () => world.eventsOf(taskArn).length === 4);
  await world.agent.sendEvent(taskArn);
  expect(world.eventsOf(taskArn).at(-1)).toEqual(world.eventsOf(taskArn).at(-2));
  await expect(world.agent.sendEvent('x')).rejects.toThrow('There was never a task x.');
});
