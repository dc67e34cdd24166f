import { afterEach, describe, expect, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import {
  type EcsHandlers,
  ecsCluster,
  ecsTask,
  type FakeEcs,
  SECRET,
  startFakeEcs,
  taskArn,
} from '../../support/fake-ecs.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const lookWith = async (handlers: EcsHandlers, names: readonly string[] = ['tm']) => {
  const fake: FakeEcs = await startFakeEcs(handlers);
  cleanups.push(fake.close);
  const view = await fake.ecs.taskManagers({ ...ecsCluster('jm'), taskManagers: names }, Date.now() + 5_000);
  return { view, actions: fake.requests.map(({ action }) => action), requests: fake.requests };
};

const secondsAgo = (seconds: number) => Date.now() / 1_000 - seconds;
const services = (more: object): EcsHandlers => ({
  DescribeServices: ({ services: names }) => ({
    json: {
      services: names.map((serviceName) => ({
        serviceName,
        status: 'ACTIVE',
        desiredCount: 2,
        runningCount: 2,
        ...more,
      })),
      failures: [],
    },
  }),
});
const event = (createdAt: number, message = '(service tm) has started 1 tasks') => ({ id: 'x', createdAt, message });
const windowS = defaults.tasks.crashesWithinMs / 1_000;

describe('a look at the TaskManager services', () => {
  test('of a quiet one costs one call', async () => {
    const { view, actions } = await lookWith(
      services({ events: [event(secondsAgo(windowS + 60)), event(secondsAgo(1e6))] }),
    );
    expect(actions).toEqual(['DescribeServices']);
    expect(view).toMatchObject({ services: [{ name: 'tm', desiredCount: 2, runningCount: 2 }], stopped: [] });
  });

  test.each([
    ['to which something happened lately', { events: [event(secondsAgo(windowS - 60))] }],
    ['that says nothing of what happened', {}],
  ])('of one %s lists its stopped tasks with their reasons', async (_, more) => {
    const stop = { stopCode: 'EssentialContainerExited', stoppedAt: 1_767_323_045 };
    const { view, actions, requests } = await lookWith({
      ...services(more),
      ListTasks: () => ({ json: { taskArns: [taskArn('a'), taskArn('b')] } }),
      DescribeTasks: ({ tasks }) => ({
        json: {
          tasks: [ecsTask(taskArn('a'), { group: 'service:tm', ...stop })],
          failures: tasks.includes(taskArn('b')) ? [{ arn: taskArn('b'), reason: 'MISSING' }] : [],
        },
      }),
    });
    expect(actions).toEqual(['DescribeServices', 'ListTasks', 'DescribeTasks']);
    expect(requests[1]?.json()).toMatchObject({ serviceName: 'tm', desiredStatus: 'STOPPED' });
    expect(view.stopped).toEqual([
      { service: 'tm', stop: { code: 'EssentialContainerExited', atMs: 1_767_323_045_000, exits: [] } },
    ]);
  });

  test('lists one page for each service, and says where there are more', async () => {
    const { view, actions } = await lookWith(
      {
        ...services({}),
        ListTasks: ({ serviceName }) => ({
          json: { taskArns: [], ...(serviceName === 'tm-1' ? { nextToken: 'more' } : {}) },
        }),
      },
      ['tm-1', 'tm-2'],
    );
    expect(actions).toEqual(['DescribeServices', 'ListTasks', 'ListTasks']);
    expect(view.services.map(({ isPartial }) => isPartial)).toEqual([true, undefined]);
  });

  test('of many asks for ten at once', async () => {
    const names = Array.from({ length: 21 }, (_, n) => `tm-${n}`);
    const { view, actions } = await lookWith(services({ events: [event(0)] }), names);
    expect(actions).toEqual(Array(3).fill('DescribeServices'));
    expect(view.services.map(({ name }) => name)).toEqual(names);
  });

  test('tells the newest event, bounded and without secrets', async () => {
    const message = `could not pull with ${SECRET} ${'x'.repeat(2_000)}`;
    const { view } = await lookWith(services({ events: [event(secondsAgo(2_000), message), event(0)] }));
    expect(view.services[0]?.event?.text).toHaveLength(defaults.textMax);
    expect(view.services[0]?.event?.text).not.toContain(SECRET);
  });
});
