import {
  DescribeServicesCommand,
  ECSClient,
  ListServicesCommand,
  ListTasksCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fixture, shell, startFixture } from './fixture.ts';

// What an operator does to services and tasks, as the console and `aws ecs` do it.
let world: Fixture;
let ecs: ECSClient;
const cluster = 'flink';
const open = async (options: Parameters<typeof startFixture>[0] = {}) => {
  world = await startFixture(options);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ecs = new ECSClient({ region: 'eu-west-1', endpoint: world.agent.url, credentials, maxAttempts: 1 });
};
const close = async () => {
  ecs.destroy();
  await world.close();
};
beforeEach(() => open());
afterEach(close);

const definition = (family: string, line = 'exec sleep 60') =>
  world.emulator.definitions.set(`arn:aws:ecs:eu-west-1:000000000000:task-definition/${family}:3`, [shell(line)]);
const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const run = (more: Partial<RunTaskCommandInput> = {}) =>
  ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: 'once',
      launchType: 'FARGATE',
      networkConfiguration: network,
      ...more,
    }),
  );
const update = (more: Partial<UpdateServiceCommandInput> = {}) =>
  ecs.send(new UpdateServiceCommand({ cluster, service: 'app', ...more }));
const refusal = async (answer: Promise<unknown>) =>
  answer.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
const running = () => world.agent.tasks().filter(({ lastStatus }) => lastStatus === 'RUNNING');
const start = async (desiredCount = 1) => {
  const deploymentConfiguration = { minimumHealthyPercent: 100, maximumPercent: 200 };
  world.emulator.services.set('app', { containers: [shell('exec sleep 60')], desiredCount, deploymentConfiguration });
  world.agent.startTasks();
  // Tasks of RunTask run beside it.
  const own = () => running().filter(({ service }) => service === 'app');
  await world.until('the service', () => own().length === desiredCount);
};

test('RunTask starts tasks of the group family:NAME, which no service replaces or stops', async () => {
  definition('once', 'echo "$WORD"; exec sleep 60');
  const containerOverrides = [{ name: 'main', environment: [{ name: 'WORD', value: 'overridden' }] }];
  const answer = await run({ count: 2, startedBy: 'me', overrides: { containerOverrides } });
  expect(answer.failures).toEqual([]);
  expect(answer.tasks).toHaveLength(2);
  expect(answer.tasks?.[0]).toMatchObject({ group: 'family:once', startedBy: 'me', overrides: { containerOverrides } });
  await start();
  await world.until('all three', () => running().length === 3);
  await world.until('the override', () => world.logs().includes('overridden\n'));
  const own = await ecs.send(new ListTasksCommand({ cluster, startedBy: 'me' }));
  expect(own.taskArns).toHaveLength(2);
  const [task = ''] = own.taskArns ?? [];
  expect(world.eventsOf(task).at(-1)?.group).toBe('family:once');
  await ecs.send(new StopTaskCommand({ cluster, task }));
  await world.until('its end', () => world.eventsOf(task).at(-1)?.lastStatus === 'STOPPED');
  const looks = () => world.emulator.calls.filter((call) => call === 'ListServices').length;
  const before = looks();
  await world.until('five more looks at the services', () => looks() > before + 5);
  expect(running().map(({ service }) => service)).toEqual(['family:once', 'app']);
});

test('a task of RunTask whose container ends is over', async () => {
  definition('once', 'exit 7');
  const { tasks } = await run();
  const arn = tasks?.[0]?.taskArn ?? '';
  const last = () => world.eventsOf(arn).at(-1);
  await world.until('its end', () => last()?.lastStatus === 'STOPPED');
  expect(last()).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 7 }] });
  expect(world.agent.tasks()).toHaveLength(1);
});

test.each([
  ['an unknown task definition', { taskDefinition: 'nope' }, 'ClientException: TaskDefinition not found.'],
  ['an unknown cluster', { cluster: 'nope' }, 'ClusterNotFoundException: Cluster not found.'],
  [
    'no network',
    { networkConfiguration: undefined },
    "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  ],
  [
    'no launch type, which is EC2',
    { launchType: undefined },
    'InvalidParameterException: No Container Instances were found in your cluster.',
  ],
  [
    'an override of nothing',
    { overrides: { containerOverrides: [{ name: 'other' }] } },
    'InvalidParameterException: Override for container named other is not a container in the TaskDefinition.',
  ],
  ['eleven', { count: 11 }, 'InvalidParameterException: count must be a whole number from 1 to 10'],
])('RunTask refuses %s in ECS’s words', async (_, change, words) => {
  definition('once');
  expect(await refusal(run(change))).toBe(words);
  expect(world.agent.tasks()).toEqual([]);
});

test('UpdateService with forceNewDeployment rolls 100/200: the new task runs before the old one goes', async () => {
  await start();
  const [old] = running();
  const { service } = await update({ forceNewDeployment: true });
  expect(service?.deployments).toMatchObject([
    { id: 'ecs-svc/2', status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 0 },
    { id: 'ecs-svc/1', status: 'ACTIVE', runningCount: 1 },
  ]);
  const both = await world.until('both', () => running().length === 2 && running());
  expect(both.map(({ taskArn }) => taskArn)).toContain(old?.taskArn);
  await world.until('the new one alone', () => running().length === 1 && running()[0]?.taskArn !== old?.taskArn);
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: ['app'] }));
  await world.until('the old task to be gone', () => world.agent.tasks()[0]?.lastStatus === 'STOPPED');
  expect(services?.[0]?.deployments?.[0]).toMatchObject({ id: 'ecs-svc/2', runningCount: 1 });
});

test('UpdateService with another desiredCount is followed at once, and answered with what runs', async () => {
  await close();
  await open({ pollMs: 3_600_000 });
  await start();
  const { service } = await update({ desiredCount: 2 });
  expect(service).toMatchObject({ desiredCount: 2, runningCount: 1 });
  await world.until('two', () => running().length === 2);
  await update({ desiredCount: 0 });
  await world.until('none', () => running().length === 0);
});

test.each([
  ['an unknown service', { service: 'nope' }, 'ServiceNotFoundException: Service not found.'],
  ['an unknown cluster', { cluster: 'nope' }, 'ClusterNotFoundException: Cluster not found.'],
  ['an unknown task definition', { taskDefinition: 'nope:7' }, 'ClientException: TaskDefinition not found.'],
  [
    'less than nothing',
    { desiredCount: -1 },
    'InvalidParameterException: desiredCount must be a whole number from 0 to 5000',
  ],
])('UpdateService refuses %s in ECS’s words, and changes nothing', async (_, change, words) => {
  await start();
  expect(await refusal(update(change))).toBe(words);
  expect(world.emulator.calls).not.toContain('UpdateService');
});

test('ListServices gives ten a page unless asked for more, without gap or repetition', async () => {
  for (let n = 1; n <= 12; n++) world.emulator.services.set(`app-${n}`, { containers: [], desiredCount: 0 });
  const first = await ecs.send(new ListServicesCommand({ cluster }));
  const second = await ecs.send(new ListServicesCommand({ cluster, nextToken: first.nextToken }));
  expect([first, second].map(({ serviceArns }) => serviceArns?.length)).toEqual([10, 2]);
  expect(new Set([...(first.serviceArns ?? []), ...(second.serviceArns ?? [])]).size).toBe(12);
  expect(second.nextToken).toBeUndefined();
  const all = await ecs.send(new ListServicesCommand({ cluster, maxResults: 100 }));
  expect(all.serviceArns).toHaveLength(12);
  expect(await refusal(ecs.send(new ListServicesCommand({ cluster: 'nope' })))).toMatch(/^ClusterNotFoundException/);
});
