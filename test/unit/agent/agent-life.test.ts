import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fixture, shell, startFixture } from './fixture.ts';

let world: Fixture;
beforeEach(async () => {
  world = await startFixture();
});
afterEach(() => world.close());

const start = (containers: object[], more: object = {}) => {
  world.emulator.services.set('app', { containers, ...more });
  world.agent.startTasks();
};
const task = (at = -1) => world.agent.tasks().at(at);
const running = (what = 'a running task') =>
  world.until(what, () => {
    const last = task();
    return last?.lastStatus === 'RUNNING' && last.desiredStatus === 'RUNNING' ? last : undefined;
  });
const stopped = (taskArn: string) =>
  world.until('STOPPED', () => world.eventsOf(taskArn).find((event) => event.lastStatus === 'STOPPED'));
const path = (taskArn: string) => world.eventsOf(taskArn).map((event) => `${event.lastStatus}/${event.desiredStatus}`);

test('nothing starts before startTasks', async () => {
  world.emulator.services.set('app', { containers: [shell('exec sleep 60')] });
  const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };
  await fetch(world.agent.url, { method: 'POST', headers, body: '{}' });
  expect(world.emulator.calls).toEqual(['ListClusters']);
  expect(world.agent.tasks()).toEqual([]);
});

test('a service gets a task, told step by step with growing versions, RUNNING more than once', async () => {
  start([shell('exec sleep 60')], { named: true });
  const { taskArn, address, pid } = await running();
  await world.until(
    'a second RUNNING event',
    () => path(taskArn).filter((step) => step === 'RUNNING/RUNNING').length === 2,
  );
  const events = world.eventsOf(taskArn);
  expect(path(taskArn).join(' ')).toBe(
    'PROVISIONING/RUNNING PENDING/RUNNING ACTIVATING/RUNNING RUNNING/RUNNING RUNNING/RUNNING',
  );
  expect(events.map((event) => event.version)).toEqual([1, 2, 3, 4, 5]);
  expect(events.at(-1)?.group).toBe('service:app');
  expect(address).toBe('127.9.9.2');
  expect(process.kill(pid, 0)).toBe(true);
});

test('a stopped task drains: SIGTERM first, ECS’s way down, its exit code, and another task on another address', async () => {
  start([shell('trap "exit 7" TERM; echo up; while :; do sleep 0.01; done')], { named: true });
  const first = await running();
  await world.until('the trap', () => world.logs().includes('up'));
  await world.agent.stopTask(first.taskArn, 'enough');
  const end = await stopped(first.taskArn);
  expect(path(first.taskArn).slice(-5)).toEqual(
    ['RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'].map((status) => `${status}/STOPPED`),
  );
  expect(end).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough', containers: [{ exitCode: 7 }] });
  expect(end.attachments[0]).toMatchObject({ type: 'eni', status: 'DELETED' });
  expect(end.attachments[0]?.details).toContainEqual({ name: 'privateIPv4Address', value: first.address });
  const second = await running('the replacement');
  expect(second.address).not.toBe(first.address);
});

test('who ignores SIGTERM is killed after stopTimeout: 137', async () => {
  start([shell('trap "" TERM; echo up; while :; do sleep 0.01; done', { stopTimeout: 0 })]);
  const { taskArn } = await running();
  await world.until('the trap', () => world.logs().includes('up'));
  await world.agent.stopTask(taskArn, 'enough');
  expect((await stopped(taskArn)).containers[0]?.exitCode).toBe(137);
});

test('a crash is replaced, with EssentialContainerExited and 128 + signal', async () => {
  start([shell('exec sleep 60')]);
  const { taskArn } = await running();
  expect(await world.agent.kill({ role: 'other' }, 'SIGKILL')).toEqual([taskArn]);
  expect(await stopped(taskArn)).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 137 }],
  });
  await world.until('the replacement', () => task()?.taskArn !== taskArn && task()?.alive);
  expect(await world.agent.kill({ role: 'jobmanager' }, 'SIGKILL')).toEqual([]);
});

test('an essential container takes the others with it, another one does not', async () => {
  start([
    shell('exec sleep 60'),
    shell('exec sleep 60', { name: 'beside' }),
    shell('exit 3', { name: 'init', essential: false }),
  ]);
  const { taskArn, pid } = await running();
  const containers = () =>
    world
      .eventsOf(taskArn)
      .at(-1)
      ?.containers.map(({ name, lastStatus }) => `${name} ${lastStatus}`);
  await world.until('init to end', () => containers()?.includes('init STOPPED'));
  expect(containers()).toEqual(['main RUNNING', 'beside RUNNING', 'init STOPPED']);
  process.kill(pid, 'SIGKILL');
  const end = await stopped(taskArn);
  expect(end.containers.map(({ name, exitCode }) => [name, exitCode])).toEqual([
    ['main', 137],
    ['beside', 143],
    ['init', 3],
  ]);
});

test('a container with a restart policy starts again in place: same task, same address, another process', async () => {
  start([
    shell('exec sleep 60', { restartPolicy: { enabled: true, restartAttemptPeriod: 0, ignoredExitCodes: [143] } }),
  ]);
  const before = await running();
  process.kill(before.pid, 'SIGKILL');
  const after = await world.until('another process', () => (task()?.pid === before.pid ? undefined : task()));
  expect(after).toMatchObject({ taskArn: before.taskArn, address: before.address, lastStatus: 'RUNNING', alive: true });
  const told = world.eventsOf(before.taskArn).map(({ lastStatus, desiredStatus }) => `${lastStatus}/${desiredStatus}`);
  expect(told.filter((words) => words.includes('STOPPED'))).toEqual([]);
  expect(world.agent.tasks()).toHaveLength(1);
  process.kill(after.pid, 'SIGTERM');
  expect(await stopped(before.taskArn)).toMatchObject({ containers: [{ exitCode: 143 }] });
});

test('a container that ends before its restartAttemptPeriod is not started again', async () => {
  start([shell('exec sleep 60', { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } })]);
  const { taskArn, pid } = await running();
  process.kill(pid, 'SIGKILL');
  expect(await stopped(taskArn)).toMatchObject({
    stopCode: 'EssentialContainerExited',
    containers: [{ exitCode: 137 }],
  });
});

test('an image that is not here fails to start in ECS’s words, and is not tried again at once', async () => {
  start([{ name: 'main', image: 'acme/thing:1', command: ['thing'] }]);
  const first = await world.until('a task', () => task());
  const end = await stopped(first.taskArn);
  expect(end.stopCode).toBe('TaskFailedToStart');
  expect(end.stoppedReason).toMatch(/^CannotPullContainerError: failed to resolve ref acme\/thing:1: /);
  expect(end.containers[0]?.exitCode).toBeUndefined();
  const second = await world.until('a second task', () => (world.agent.tasks().length > 1 ? task() : undefined));
  await stopped(second.taskArn);
  const looks = () => world.emulator.calls.filter((call) => call === 'ListServices').length;
  const before = looks();
  await world.until('ten more looks at the services', () => looks() > before + 10);
  expect(world.agent.tasks()).toHaveLength(2);
});
