import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../lib/events.ts';
import { aCluster } from '../../support/builders.ts';

const clusters = [
  aCluster([], { name: 'one', ecsCluster: 'flink', jobManagers: ['jm-a', 'jm-b'] }),
  aCluster([], { name: 'two', ecsCluster: 'flink-2', jobManagers: ['jm-a'] }),
];
const arn = (cluster: string): string => `arn:aws:ecs:eu-west-1:000000000000:cluster/${cluster}`;
const event = (detail: object = {}, changes: object = {}): unknown => ({
  id: 'event-1',
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  detail: { clusterArn: arn('flink'), taskArn: 'task', lastStatus: 'RUNNING', group: 'service:jm-a', ...detail },
  ...changes,
});

describe('an ECS event', () => {
  it.each([
    ['of a JobManager', event(), 'one'],
    ['of its second service', event({ group: 'service:jm-b' }), 'one'],
    ['of the same service name in another cluster', event({ clusterArn: arn('flink-2') }), 'two'],
    ['of a stopped task: it is a doorbell, no fact (F02)', event({ lastStatus: 'STOPPED' }), 'one'],
    ['with fields of tomorrow (F06)', event({ news: { a: 1 } }, { 'replay-name': 'x' }), 'one'],
    ['of a TaskManager (F05)', event({ group: 'service:taskmanager' }), undefined],
    ['of a service with a longer name (F37)', event({ group: 'service:jm-a-1' }), undefined],
    ['of a task without a service (F05)', event({ group: 'family:jm-a' }), undefined],
    ['of a task without a group', event({ group: undefined }), undefined],
    ['of another ECS cluster (F05)', event({ clusterArn: arn('flink-3') }), undefined],
    ['of an ECS cluster with a longer name (F37)', event({ clusterArn: arn('my-flink') }), undefined],
    ['of another kind', event({}, { 'detail-type': 'ECS Deployment State Change' }), undefined],
    ['of another service of AWS', event({}, { source: 'aws.ec2' }), undefined],
    ['that is none', 'hello', undefined],
    ['that is null', null, undefined],
  ])('%s belongs to cluster: %s', (_, input, name) => {
    expect(clusterOf(clusters, input)?.name).toBe(name);
  });

  it.each([
    ['a field', event({ taskArn: undefined }), 'taskArn'],
    ['all of them', event({ taskArn: 1, clusterArn: null, lastStatus: {} }), 'clusterArn, taskArn, lastStatus'],
    ['its detail', event({}, { detail: null }), 'clusterArn, taskArn, lastStatus'],
  ])('that lacks %s is an error that names what is missing (F06)', (_, input, fields) => {
    expect(() => clusterOf(clusters, input)).toThrow(`the ECS event event-1 has no text in detail: ${fields}`);
  });
});
