import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fixture, shell, startFixture } from './fixture.ts';

let world: Fixture;
beforeEach(async () => {
  world = await startFixture();
});
afterEach(() => world.close());

const sleep = [shell('exec sleep 60')];
const living = () => world.agent.tasks().filter((task) => task.alive && task.desiredStatus === 'RUNNING');
const start = async (count: number, more: object = {}) => {
  world.emulator.services.set('app', { containers: sleep, desiredCount: count, ...more });
  world.agent.startTasks();
  await world.until(`${count} tasks`, () => living().length === count);
};
const reasons = () => world.agent.tasks().map((task) => task.stoppedReason);

test('follows desiredCount up and down, a string as CloudFormation leaves it', async () => {
  await start(2);
  expect(new Set(living().map((task) => task.address)).size).toBe(2);
  world.emulator.services.set('app', { containers: sleep, desiredCount: 1 });
  await world.until('one task', () => living().length === 1);
  expect(reasons()).toContain('Scaling activity initiated by (deployment ecs-svc/1)');
});

test('a service that is gone has no tasks', async () => {
  await start(1);
  world.emulator.services.clear();
  await world.until('STOPPED', () => world.agent.tasks().every((task) => task.lastStatus === 'STOPPED'));
});

test('an emulator that does not answer stops nothing, and is written down once', async () => {
  await start(1);
  world.emulator.breakDown(true);
  const before = world.emulator.calls.length;
  await world.until('failing looks', () => world.emulator.calls.length > before + 5);
  expect(living()).toHaveLength(1);
  expect(world.logs().match(/desired state: /g)).toHaveLength(1);
});

test('0/100: a new deployment starts only after the old task is gone', async () => {
  await start(1);
  const overlaps: string[] = [];
  world.agent.onTask((changed) => {
    const others = world.agent.tasks().filter((task) => task.taskArn !== changed.taskArn && task.alive);
    if (changed.lastStatus === 'PROVISIONING') overlaps.push(...others.map((task) => task.taskArn));
  });
  const [old] = living();
  world.emulator.services.set('app', { containers: sleep, deploymentId: '2' });
  const fresh = await world.until('the new task', () => living().find((task) => task.taskArn !== old?.taskArn));
  expect(fresh).toBeDefined();
  expect(overlaps).toEqual([]);
});

test('100/200: the old task goes when the new one runs', async () => {
  const deploymentConfiguration = { minimumHealthyPercent: 100, maximumPercent: 200 };
  await start(1, { deploymentConfiguration });
  const [old] = living();
  const runningAtStop: number[] = [];
  world.agent.onTask((changed) => {
    // A running task is told again and again: only the moment counts at which it is told to stop.
    if (changed.taskArn !== old?.taskArn || changed.desiredStatus !== 'STOPPED') return;
    if (changed.lastStatus !== 'RUNNING') return;
    runningAtStop.push(world.agent.tasks().filter((task) => task.lastStatus === 'RUNNING').length);
  });
  world.emulator.services.set('app', { containers: sleep, deploymentId: '2', deploymentConfiguration });
  await world.until('the old task to stop', () => world.agent.tasks()[0]?.lastStatus === 'STOPPED');
  expect(runningAtStop).toEqual([2]);
});

test('discovery names reach a task’s hosts file when a task runs, and leave it when it stops', async () => {
  await start(1, { named: true });
  const id = living()[0]?.taskArn.split('/').at(-1) ?? '';
  const hosts = () => readFileSync(join(world.dir, 'agent', 'tasks', id, 'hosts'), 'utf8').split('\n');
  expect(hosts()[0]).toMatch(/^127\.9\.9\.2 ip-127-9-9-2\.eu-west-1\.compute\.internal localhost /);
  await world.until('the name', () => hosts().includes('127.9.9.2 jobmanager.flink.local'));
  world.emulator.services.set('app', { containers: sleep, desiredCount: 2, named: true });
  await world.until('two addresses', () => hosts().includes('127.9.9.3 jobmanager.flink.local'));
  await world.agent.stopTask(living()[1]?.taskArn ?? '', 'test');
  await world.until('only the living', () => !hosts().includes('127.9.9.3 jobmanager.flink.local'));
});

test('containers get ECS’s variables, their own and their secrets', async () => {
  const container = shell('echo "$AWS_REGION $OWN $WORD $TASK_ADDRESS"; exec sleep 60', {
    environment: [{ name: 'OWN', value: 'own' }],
    secrets: [{ name: 'WORD', valueFrom: 'arn:aws:ssm:eu-west-1:000000000000:parameter/word' }],
  });
  await start(1, { containers: [container] });
  await world.until('its log', () => world.logs().includes('eu-west-1 own from ssm 127.9.9.2\n'));
});

test('a secret that is missing fails the start in ECS’s words', async () => {
  world.emulator.services.set('app', { containers: [shell('true', { secrets: [{ name: 'X', valueFrom: '/none' }] })] });
  world.agent.startTasks();
  await world.until('STOPPED', () => world.agent.tasks()[0]?.lastStatus === 'STOPPED');
  expect(reasons()[0]).toBe(
    'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret /none: ParameterNotFound: ParameterNotFound',
  );
});

test('stop ends every process, also a frozen one', async () => {
  await start(2, { containers: [shell('exec sleep 60', { stopTimeout: 0 })] });
  const pids = living().map((task) => task.pid);
  await world.agent.kill({ taskArn: living()[0]?.taskArn ?? '' }, 'SIGSTOP');
  await world.agent.stop();
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
