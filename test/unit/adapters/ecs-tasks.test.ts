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

  test.each([
    ['of one service', ['one'], [undefined, 'one']],
    ['of a cluster', ['one', 'two'], [undefined]],
  ])(
    'asks %s for the stopped tasks after the running ones: what stops in between is in one list at least',
    async (_, services, names) => {
      const { ecs, requests } = await ecsWith();
      await ecs.look(ecsCluster(...services), [], soon());
      const lists = requests.filter(({ action }) => action === 'ListTasks').map((request) => request.json());
      for (const name of names) {
        const order = lists.filter(({ serviceName }) => serviceName === name).map(({ desiredStatus }) => desiredStatus);
        expect(order).toEqual(services.length === 1 && name === undefined ? [] : ['RUNNING', 'STOPPED']);
      }
    },
  );

  const many = (services: number) => Array.from({ length: services }, (_, n) => `jm-${n}`);
  const sizesOf = (requests: Awaited<ReturnType<typeof ecsWith>>['requests'], action: string, field: string) =>
    requests
      .filter((request) => request.action === action)
      .map((request) => request.json()[field])
      .map((list) => (Array.isArray(list) ? list.length : 0));

  test('of many services lists the cluster once for each desired status, and holds their tasks only (F98)', async () => {
    const { ecs, requests } = await ecsWith({
      ListTasks: ({ desiredStatus }) => ({
        json: { taskArns: desiredStatus === 'RUNNING' ? many(100).map((name) => taskArn(name)) : [] },
      }),
      DescribeTasks: ({ tasks }) => ({
        json: { tasks: tasks.map((arn) => ecsTask(arn, { group: `service:${arn.split('/').pop()}` })), failures: [] },
      }),
    });
    const view = await ecs.look(ecsCluster(...many(50)), [], soon());
    expect(view.tasks.map(({ service }) => service)).toEqual(many(50));
    expect(sizesOf(requests, 'ListTasks', '')).toHaveLength(2);
    expect(sizesOf(requests, 'DescribeTasks', 'tasks')).toEqual([100]);
    expect(sizesOf(requests, 'DescribeServices', 'services')).toEqual([10, 10, 10, 10, 10]);
  });

  test('holds a task that was asked for, whatever its group', async () => {
    const { ecs } = await ecsWith({
      DescribeTasks: ({ tasks }) => ({ json: { tasks: tasks.map((arn) => ecsTask(arn, { group: 'family:x' })) } }),
    });
    const view = await ecs.look(ecsCluster('one', 'two'), [taskArn('old')], soon());
    expect(view.tasks.map((task) => task.taskArn)).toEqual([taskArn('old')]);
  });

  test.each(['RUNNING', 'STOPPED'])(
    'of a cluster with more %s tasks than a page holds asks service by service',
    async (full) => {
      const { ecs, requests } = await ecsWith({
        ListTasks: ({ serviceName, desiredStatus }) =>
          serviceName === undefined && desiredStatus === full
            ? { json: { taskArns: [taskArn('x')], nextToken: 'more' } }
            : { json: { taskArns: serviceName === undefined ? [] : [taskArn(`${serviceName}-${desiredStatus}`)] } },
        DescribeTasks: ({ tasks }) => ({
          json: { tasks: tasks.map((arn) => ecsTask(arn, { group: 'service:one' })), failures: [] },
        }),
      });
      const view = await ecs.look(ecsCluster('one', 'two'), [], soon());
      expect(view.tasks).toHaveLength(4);
      expect(sizesOf(requests, 'ListTasks', '')).toHaveLength(full === 'RUNNING' ? 5 : 6);
    },
  );

  test('reads all pages and keeps to the limits of each call', async () => {
    const { ecs, requests } = await ecsWith({
      ListTasks: ({ desiredStatus, nextToken }) => {
        if (desiredStatus === 'STOPPED') return { json: { taskArns: [] } };
        const page = Number(nextToken ?? 0);
        const taskArns = Array.from({ length: 100 }, (_, n) => taskArn(`${page}-${n}`));
        return { json: { taskArns, ...(page < 2 ? { nextToken: String(page + 1) } : {}) } };
      },
    });
    const view = await ecs.look(ecsCluster('jobmanager'), [], soon());
    expect(view.tasks).toHaveLength(300);
    expect(sizesOf(requests, 'DescribeTasks', 'tasks')).toEqual([100, 100, 100]);
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

describe('a task without an address', () => {
  test.each([
    ['and without an interface of its own never has one: bridge or host networking', { containers: [{}] }, false],
    ['and without containers yet, too', {}, false],
    [
      'whose interface has no address yet may get one',
      { attachments: [{ type: 'ElasticNetworkInterface', details: [] }] },
      undefined,
    ],
    [
      'whose interface is gone had one',
      { attachments: [{ type: 'ElasticNetworkInterface', status: 'DELETED' }] },
      undefined,
    ],
    ['that does not run yet may get one', { lastStatus: 'PENDING' }, undefined],
  ])('%s', async (_, more, awsvpc) => {
    const { ecs } = await ecsWith({
      ListTasks: () => ({ json: { taskArns: [taskArn('a')] } }),
      DescribeTasks: () => ({ json: { tasks: [ecsTask(taskArn('a'), { containers: [], ...more })], failures: [] } }),
    });
    expect((await ecs.look(ecsCluster('jobmanager'), [], soon())).tasks[0]?.awsvpc).toBe(awsvpc);
  });
});
