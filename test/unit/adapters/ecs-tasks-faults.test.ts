import { afterEach, describe, expect, test } from 'vitest';
import { type AwsAnswer, awsError } from '../../support/aws-stub.ts';
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

describe('no look at all, rather than a part of one (I6)', () => {
  const failing = (action: string, answer: AwsAnswer) => ({ [action]: () => answer });
  const failure = (one: string, reason: string) => ({ arn: one, reason, detail: 'x' });

  test.each([
    [
      'a cluster is missing',
      failing('ListTasks', awsError('ClusterNotFoundException')),
      'rejected',
      'ECS_CLUSTER_MISSING',
    ],
    [
      'a service is missing',
      failing('ListTasks', awsError('ServiceNotFoundException')),
      'rejected',
      'ECS_SERVICE_MISSING',
    ],
    [
      'a service is reported missing',
      failing('DescribeServices', { json: { services: [], failures: [failure('x', 'MISSING')] } }),
      'rejected',
      'ECS_SERVICE_MISSING',
    ],
    [
      'a service was deleted',
      failing('DescribeServices', { json: { services: [{ serviceName: 'jobmanager', status: 'INACTIVE' }] } }),
      'rejected',
      'ECS_SERVICE_MISSING',
    ],
    [
      'a service is not mentioned',
      failing('DescribeServices', { json: { services: [], failures: [] } }),
      'rejected',
      'ECS_SERVICE_MISSING',
    ],
    [
      'a listed task is not described',
      failing('DescribeTasks', {
        json: { tasks: [ecsTask(taskArn('a'))], failures: [failure(taskArn('b'), 'MISSING')] },
      }),
      'transient',
      'ECS_UNAVAILABLE',
    ],
    [
      'a task is not mentioned',
      failing('DescribeTasks', { json: { tasks: [ecsTask(taskArn('a'))], failures: [] } }),
      'transient',
      'ECS_UNAVAILABLE',
    ],
    [
      'a task fails otherwise',
      failing('DescribeTasks', { json: { tasks: [], failures: [failure(taskArn('a'), 'ACCESS')] } }),
      'rejected',
      'ECS_UNREADABLE',
    ],
    [
      'a task has no status',
      failing('DescribeTasks', {
        json: { tasks: [ecsTask(taskArn('a'), { lastStatus: undefined }), ecsTask(taskArn('b'))] },
      }),
      'invalid',
      'ECS_UNREADABLE',
    ],
    [
      'ECS is throttled for too long',
      failing('DescribeTasks', awsError('ThrottlingException')),
      'transient',
      'ECS_UNAVAILABLE',
    ],
    ['ECS fails', failing('ListTasks', awsError('ServerException', 500)), 'transient', 'ECS_UNAVAILABLE'],
    ['the connection breaks', failing('ListTasks', 'break'), 'transient', 'ECS_UNAVAILABLE'],
    ['our request is wrong', failing('ListTasks', awsError('InvalidParameterException')), 'bug', 'AWS_REQUEST'],
  ] as const)('when %s', async (_, handlers, kind, code) => {
    const { ecs } = await ecsWith(handlers);
    await expect(ecs.look(ecsCluster('jobmanager'), [], soon())).rejects.toMatchObject({ kind, code });
  });

  test.each(['ListTasks', 'DescribeTasks', 'DescribeServices'])(
    'when %s is not allowed, naming it (F96)',
    async (action) => {
      const { ecs } = await ecsWith(failing(action, awsError('AccessDeniedException')));
      const look = ecs.look(ecsCluster('jobmanager'), [], soon());
      await expect(look).rejects.toMatchObject({ kind: 'rejected', code: 'ECS_DENIED' });
      await expect(look).rejects.toThrow(`ecs:${action} is not allowed`);
    },
  );

  test.each([
    [
      'ListTasks',
      'ClusterNotFoundException',
      /^ECS cluster flink: .*check `ecsCluster` in the manifest, and the region/,
    ],
    [
      'ListTasks',
      'ServiceNotFoundException',
      /^ECS cluster flink: .*check `jobManagers` and `taskManagers` in the manifest/,
    ],
    ['DescribeServices', 'AccessDeniedException', /^ECS cluster flink: ecs:DescribeServices .*deploy again/],
  ])('when %s answers %s, saying where and what to do', async (action, error, message) => {
    const { ecs } = await ecsWith(failing(action, awsError(error)));
    await expect(ecs.look(ecsCluster('jobmanager'), [], soon())).rejects.toThrow(message);
  });

  test('when a service is not there, saying where and what to do', async () => {
    const { ecs } = await ecsWith(failing('DescribeServices', { json: { services: [], failures: [] } }));
    const look = ecs.look(ecsCluster('jobmanager'), [], soon());
    await expect(look).rejects.toThrow('no ECS service jobmanager in cluster flink: check `jobManagers`');
  });

  test('when ECS hangs, at the deadline (F19)', async () => {
    const { ecs } = await ecsWith(failing('DescribeServices', 'hang'));
    const look = ecs.look(ecsCluster('jobmanager'), [], Date.now() + 100);
    await expect(look).rejects.toMatchObject({ kind: 'transient', code: 'ECS_UNAVAILABLE' });
  });

  test('while a throttled call that passes when tried again is one look', async () => {
    let calls = 0;
    const { ecs } = await ecsWith({
      DescribeTasks: ({ tasks }) => {
        calls += 1;
        return calls === 1 ? awsError('ThrottlingException') : { json: { tasks: tasks.map((one) => ecsTask(one)) } };
      },
    });
    expect((await ecs.look(ecsCluster('jobmanager'), [], soon())).tasks).toHaveLength(2);
    expect(calls).toBe(2);
  });
});
