import { describe, expect, it } from 'vitest';
import type { JobManagerIdentity, JobManagerTask, Observation } from '../../../lib/core/model.ts';
import { isHopeless, type Rung, readiness } from '../../../lib/core/readiness.ts';
import {
  aCluster,
  aJob,
  aTask,
  aView,
  draining,
  jm,
  known,
  observed,
  stopped,
  unknown,
} from '../../support/builders.ts';
import { led, observedLed, observedOverRest, overRest } from '../../support/led.ts';

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
      'ha: high availability is on in the cluster (zookeeper), and the manifest has no `leader`',
    ],
    [
      'HA is of a kind not known (F128)',
      withIdentity({ ha: 'etcd' }),
      'ha: high availability is on in the cluster (etcd), and the manifest has no `leader`',
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
    ['0.20.0', false],
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

describe('a missing rung', () => {
  it('has neither a task nor a code where there is none', () => {
    expect(readiness(aCluster(), observed({ desiredCount: 0 }))).toStrictEqual({
      ready: false,
      rung: 'asleep',
      text: 'all JobManager services have desiredCount 0',
    });
    expect(readiness(aCluster(), { ...observed(), ecs: unknown('x', 'ECS_DENIED') })).toStrictEqual({
      ready: false,
      rung: 'ecs',
      text: 'ECS cannot be seen: x',
      code: 'ECS_DENIED',
    });
    expect(readiness(aCluster(), observed({ views: [], unseen: [jm()] }))).toStrictEqual({
      ready: false,
      rung: 'rest',
      text: 'no answer',
      task: aTask(),
      code: 'UNREACHABLE',
    });
    const jobs = observed({ views: [aView(jm(), { jobs: unknown('503', 'FLINK_ERROR') })] });
    expect(readiness(aCluster(), jobs)).toMatchObject({ rung: 'jobs', task: aTask(), code: 'FLINK_ERROR' });
  });

  it.each<[Rung, string, boolean]>([
    ['ecs', 'ECS_DENIED', true],
    ['ecs', 'ECS_CLUSTER_MISSING', true],
    ['ecs', 'ECS_SERVICE_MISSING', true],
    ['ecs', 'ECS_THROTTLED', false],
    ['asleep', '', true],
    ['task', '', false],
    ['one-jobmanager', '', false],
    ['address', '', false],
    ['rest', 'FLINK_DENIED', true],
    ['rest', 'UNREACHABLE', false],
    ['jobs', 'FLINK_TLS', true],
    ['jobs', 'UNREACHABLE', false],
    ['submission', '', true],
    ['version', '', true],
    ['ha', '', true],
    ['leader', 'LEADER_UNREACHABLE', false],
    ['leader', 'LEADER_DENIED', true],
    ['leader', 'LEADER_UNPARSABLE', true],
  ])('%s (%s) is ended by a person alone: %s', (rung, code, hopeless) => {
    expect(isHopeless({ ready: false, rung, text: 'x', code })).toBe(hopeless);
  });

  it('is hopeless without an address where the task will never have one', () => {
    const of = (task: JobManagerTask) => isHopeless({ ready: false, rung: 'address', text: 'x', task });
    expect(of(noAddress(aTask()))).toBe(false);
    expect(of({ ...noAddress(aTask()), awsvpc: false })).toBe(true);
  });

  it('names the services, and counts what still drains', () => {
    const cluster = aCluster([], { jobManagers: ['jm-a', 'jm-b'] });
    const tasks = [draining(jm(1)), stopped(jm(2)), stopped(jm(3))];
    expect(readiness(cluster, observed({ tasks }))).toMatchObject({
      text: 'no JobManager task of jm-a, jm-b is wanted and running (1 draining); the last one: Scaling activity initiated by (deployment ecs-svc/1) (jobmanager: exit code 143, asked to end)',
    });
  });

  it('names the version that is too old', () => {
    expect(rungOf(withIdentity({ version: '1.17.2' }))).toBe('version: Flink 1.17.2; 1.18 or newer is needed');
  });
});

describe('a cluster that takes no submission', () => {
  it.each([
    ['none', [], 'submission'],
    ['watched', [aJob({ mode: 'watch' })], 'ready'],
    ['to be run', [aJob({ mode: 'watch' }), aJob({ name: 'b' })], 'submission'],
  ])('with jobs that are %s', (_, jobs, rung) => {
    const state = readiness(aCluster(jobs), withIdentity({ submission: false }));
    expect(state.ready ? 'ready' : state.rung).toBe(rung);
  });
});

describe('of several JobManagers', () => {
  const addressOf = (tasks: readonly JobManagerTask[]) => {
    const state = readiness(aCluster(undefined, overRest), observedOverRest({ tasks }));
    return state.ready && state.view.incarnation.address;
  };

  it('the same one is asked, in whichever order ECS lists their tasks', () => {
    const tasks = [aTask(jm(1)), aTask(jm(2))];
    expect([addressOf(tasks), addressOf(tasks.toReversed())]).toEqual([jm(1).address, jm(1).address]);
  });

  it('all of which answer and none leads, what lies above the leader is seen', () => {
    const observation = observedLed({ zookeeper: known({ jobs: [] }) });
    expect(readiness(aCluster(undefined, led), observation)).not.toHaveProperty('unseenFrom');
  });
});
