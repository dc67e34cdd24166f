import { afterEach, describe, expect, test } from 'vitest';
import { type EcsHandlers, ecsCluster, ecsTask, startFakeEcs, taskArn } from '../../support/fake-ecs.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const ecsWith = async (handlers: EcsHandlers = {}) => {
  const fake = await startFakeEcs(handlers);
  cleanups.push(fake.close);
  return fake;
};

const soon = () => Date.now() + 5_000;

describe('a look at ECS', () => {
  test('holds services and the tasks of both desired statuses', async () => {
    const { ecs } = await ecsWith();
    const view = await ecs.look(ecsCluster('jobmanager'), [], soon());
    expect(view.services).toEqual([{ name: 'jobmanager', desiredCount: 1 }]);
    expect(view.tasks.map(({ taskArn }) => taskArn)).toEqual([taskArn('a'), taskArn('b')]);
    expect(view.missing).toEqual([]);
  });

  test('asks for the stopped tasks after the running ones: what stops in between is in one list at least', async () => {
    const { ecs, requests } = await ecsWith();
    await ecs.look(ecsCluster('one', 'two'), [], soon());
    const lists = requests.filter(({ action }) => action === 'ListTasks').map((request) => request.json());
    for (const serviceName of ['one', 'two']) {
      const order = lists.filter((list) => list.serviceName === serviceName).map((list) => list.desiredStatus);
      expect(order).toEqual(['RUNNING', 'STOPPED']);
    }
  });

  test('reads all pages and keeps to the limits of each call', async () => {
    const { ecs, requests } = await ecsWith({
      ListTasks: ({ desiredStatus, nextToken }) => {
        if (desiredStatus === 'STOPPED') return { json: { taskArns: [] } };
        const page = Number(nextToken ?? 0);
        const taskArns = Array.from({ length: 100 }, (_, n) => taskArn(`${page}-${n}`));
        return { json: { taskArns, ...(page < 2 ? { nextToken: String(page + 1) } : {}) } };
      },
    });
    const services = Array.from({ length: 11 }, (_, n) => `jm-${n}`);
    const view = await ecs.look(ecsCluster(...services), [], soon());
    expect(view.services).toHaveLength(11);
    expect(view.tasks).toHaveLength(300);
    const sizes = (action: string, field: string) =>
      requests.filter((request) => request.action === action).map((request) => request.json()[field]);
    expect(sizes('DescribeServices', 'services').flat()).toHaveLength(11);
    expect(sizes('DescribeServices', 'services')).toHaveLength(2);
    expect(sizes('DescribeTasks', 'tasks').map((tasks) => Array.isArray(tasks) && tasks.length)).toEqual([
      100, 100, 100,
    ]);
  });

  test('does not ask for tasks when there are none', async () => {
    const { ecs, requests } = await ecsWith({ ListTasks: () => ({ json: { taskArns: [] } }) });
    expect((await ecs.look(ecsCluster('jobmanager'), [], soon())).tasks).toEqual([]);
    expect(requests.some(({ action }) => action === 'DescribeTasks')).toBe(false);
  });

  test('names the asked-for tasks that ECS no longer knows', async () => {
    const { ecs } = await ecsWith({
      DescribeTasks: () => ({
        json: {
          tasks: [ecsTask(taskArn('a')), ecsTask(taskArn('b'))],
          failures: [{ arn: taskArn('old'), reason: 'MISSING' }],
        },
      }),
    });
    expect((await ecs.look(ecsCluster('jobmanager'), [taskArn('old'), taskArn('a')], soon())).missing).toEqual([
      taskArn('old'),
    ]);
  });
});

describe('an address', () => {
  const details = [
    { name: 'subnetId', value: 'subnet-1' },
    { name: 'privateIPv4Address', value: '10.0.1.23' },
  ];
  const eni = (more: object) => ({ type: 'ElasticNetworkInterface', status: 'ATTACHED', details, ...more });
  const container = { networkInterfaces: [{ privateIpv4Address: '10.0.1.24' }] };

  test.each([
    ['of the network interface', { attachments: [eni({})] }, '10.0.1.23'],
    ['whatever the order of its details', { attachments: [eni({ details: details.toReversed() })] }, '10.0.1.23'],
    ['beside other attachments', { attachments: [{ type: 'Service Connect', details: [] }, eni({})] }, '10.0.1.23'],
    ['of a container', { attachments: [], containers: [{}, container] }, '10.0.1.24'],
    [
      'of a container while the interface has none',
      { attachments: [eni({ details: [] })], containers: [container] },
      '10.0.1.24',
    ],
    ['no longer', { attachments: [eni({ status: 'DELETED' })], containers: [container] }, undefined],
    ['not yet', { attachments: [eni({ status: 'PRECREATED', details: [] })], containers: [] }, undefined],
    ['not at all', { containers: [] }, undefined],
  ])('%s', async (_, more, address) => {
    const { ecs } = await ecsWith({
      ListTasks: () => ({ json: { taskArns: [taskArn('a')] } }),
      DescribeTasks: () => ({ json: { tasks: [ecsTask(taskArn('a'), more)], failures: [] } }),
    });
    expect((await ecs.look(ecsCluster('jobmanager'), [], soon())).tasks[0]?.address).toBe(address);
  });
});
