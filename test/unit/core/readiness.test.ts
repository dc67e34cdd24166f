import { describe, expect, it } from 'vitest';
import type { JobManagerIdentity, JobManagerTask, Observation } from '../../../lib/core/model.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import { aCluster, aTask, aView, draining, jm, observed, stopped, unknown } from '../../support/builders.ts';

const rungOf = (observation: Observation): string => {
  const state = readiness(aCluster(), observation);
  return state.ready ? 'ready' : `${state.rung}: ${state.text}`;
};
const withTasks = (...tasks: readonly JobManagerTask[]): Observation => observed({ tasks });
const withIdentity = (identity: Partial<JobManagerIdentity>): Observation =>
  observed({ views: [aView(jm(), { identity })] });
const noAddress = ({ address: _, ...task }: JobManagerTask): JobManagerTask => task;

describe('the missing rung of a cluster', () => {
  it.each<[string, Observation, string]>([
    ['ECS gives no answer', { ...observed(), ecs: unknown('throttled') }, 'ecs: ECS cannot be seen: throttled'],
    [
      'all services are at 0 (F129)',
      observed({ desiredCount: 0 }),
      'asleep: all JobManager services have desiredCount 0',
    ],
    ['there is no task', withTasks(), 'task: no JobManager task of jobmanager is wanted and running (0 draining)'],
    [
      'the only task drains (F126)',
      withTasks(draining(jm())),
      'task: no JobManager task of jobmanager is wanted and running (1 draining)',
    ],
    ['the task is starting', withTasks(aTask(jm(), { lastStatus: 'PENDING' })), 'task: the JobManager task is PENDING'],
    [
      'two are wanted and running',
      withTasks(aTask(jm(1)), aTask(jm(2))),
      'one-jobmanager: 2 JobManager tasks are wanted and running without HA',
    ],
    ['it has no address', withTasks(noAddress(aTask())), 'address: the JobManager task has no address yet'],
    [
      'it will never have one',
      withTasks({ ...noAddress(aTask()), awsvpc: false }),
      'address: bridge networking: the autopilot needs awsvpc, so that the JobManager task has an address of its own (`networkMode: awsvpc` in its task definition)',
    ],
    ['it was not asked', observed({ views: [] }), 'rest: the JobManager was not asked yet'],
    ['it gives no answer (F07, F18)', observed({ views: [], unseen: [jm()] }), 'rest: no answer'],
    ['submission is disabled', withIdentity({ submission: false }), 'submission: web.submit.enable is false'],
    [
      'HA is on in the cluster (F128)',
      withIdentity({ ha: 'zookeeper' }),
      'ha: high availability is on in the cluster (zookeeper)',
    ],
    [
      'HA is of a kind not known (F128)',
      withIdentity({ ha: 'etcd' }),
      'ha: high availability is on in the cluster (etcd)',
    ],
    ['it does not list its jobs', observed({ views: [aView(jm(), { jobs: unknown('503') })] }), 'jobs: 503'],
    ['nothing is missing', observed(), 'ready'],
    ['its slots are not known: they are no rung', observed({ views: [aView(jm(), { free: unknown() })] }), 'ready'],
  ])('where %s', (_, observation, rung) => {
    expect(rungOf(observation)).toBe(rung);
  });

  it('is not asleep while one of several services is wanted', () => {
    const services = [
      { name: 'jm-a', desiredCount: 0 },
      { name: 'jm-b', desiredCount: 1 },
    ];
    expect(rungOf({ ...observed(), ecs: { known: true, value: { services, tasks: [aTask()], missing: [] } } })).toBe(
      'ready',
    );
  });

  it('does not count tasks that drain or have stopped as a second JobManager (F126)', () => {
    expect(rungOf(withTasks(draining(jm(2)), stopped(jm(3)), aTask(jm(1))))).toBe('ready');
  });

  it.each([
    ['0.9.0', false],
    ['1.17.2', false],
    ['1.18.0', true],
    ['1.18', true],
    ['1.19.1', true],
    ['1.20-SNAPSHOT', true],
    ['1.20.0-vendor-1', true],
    ['2.0.0', true],
    ['10.1.0', true],
    ['', false],
    ['unknown', false],
  ])('Flink %s is new enough: %s (F31)', (version, isReady) => {
    expect(readiness(aCluster(), withIdentity({ version })).ready).toBe(isReady);
  });
});
