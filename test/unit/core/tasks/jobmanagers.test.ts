import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/core/decide.ts';
import { defaults } from '../../../../lib/core/defaults.ts';
import type { Cluster, JobManagerTask, Observation } from '../../../../lib/core/model.ts';
import { blindTo } from '../../../../lib/core/over.ts';
import { textOf } from '../../../../lib/core/tasks/loops.ts';
import { crashesIn } from '../../../../lib/core/tasks/stops.ts';
import { aCluster, aTask, aView, jm, known, observed, t0, unknown } from '../../../support/builders.ts';
import { led, observedLed } from '../../../support/led.ts';
import { crashed, ended, exited, minute } from './ends.ts';

const decided = (observation: Observation, changes: Partial<Cluster> = {}) =>
  decide({ cluster: aCluster([], changes), memories: {}, observation, nowMs: t0, dice: {} });
const told = (observation: Observation, changes: Partial<Cluster> = {}) =>
  decided(observation, changes)
    .problems.filter(({ code }) => code === 'JOBMANAGER_CRASHES')
    .map(({ graceMs }) => graceMs);
/** A JobManager that runs and answers, beside tasks that ended. */
const running = (tasks: readonly JobManagerTask[]) => observed({ tasks: [aTask(), ...tasks] });
/** None that runs. */
const down = (tasks: readonly JobManagerTask[]) => observed({ tasks, views: [] });
const stays = (observation: Observation, state: 'open' | 'pending' = 'open') => {
  const { tasks, readiness, decisions } = decided(observation);
  const incident = { code: 'JOBMANAGER_CRASHES', state };
  return tasks.stays(incident) || blindTo(readiness, decisions)(incident);
};

describe('a JobManager that ends by itself again and again (F08)', () => {
  it.each([
    ['once less than the limit', crashed(1, 2), []],
    ['as often as the limit', crashed(1, 2, 3), [0]],
    ['as often, to the end of the window', crashed(1, 2, 15 - 1 / minute), [0]],
    ['as often, one of them before the window', crashed(1, 2, 15), []],
  ])('is told at once, also while it runs: %s', (_, tasks, graces) => {
    expect(told(running(tasks))).toEqual(graces);
  });

  it.each([
    ['together', [1, 1, 1, 2, 2, 2], []],
    ['a moment before they would count apart', [1, 2, 2 + (defaults.tasks.apartMs - 1) / minute], []],
    ['as soon as they count apart', [1, 2, 2 + defaults.tasks.apartMs / minute], [0]],
  ])('counts those once that end together, with their host or by one cause: %s', (_, minutesAgo, graces) => {
    expect(told(running(crashed(...minutesAgo)))).toEqual(graces);
  });

  it('is told service by service', () => {
    const two = (service: string) => crashed(1, 2, 3).map((task) => ({ ...task, service }));
    const crashes = crashesIn([...two('jm'), ...two('other')], t0);
    const each = (service: string) => `3 tasks of ${service} ended by themselves within 15 min`;
    expect(textOf(crashes).split('; ')).toEqual([
      expect.stringContaining(each('jm')),
      expect.stringContaining(each('other')),
    ]);
  });

  it('counts those once of which one was made in the very moment in which another one ended', () => {
    const inTurn = [0, 1, 2].map((n) => exited(t0 - n * 1_000, { createdMs: t0 - (n + 1) * 1_000 }));
    expect(told(running(ended(...inTurn)))).toEqual([]);
  });

  it('counts those apart that follow each other, however fast', () => {
    const second = 1_000;
    const inTurn = [0, 1, 2].map((n) => exited(t0 - n * second, { createdMs: t0 - (n + 0.5) * second }));
    expect(told(running(ended(...inTurn)))).toEqual([0]);
    const together = inTurn.map((stop) => ({ ...stop, createdMs: t0 - minute }));
    expect(told(running(ended(...together)))).toEqual([]);
  });

  it('is told with its number, ECS’s reason and the exit code', () => {
    const [problem] = decided(running(crashed(3, 1, 2))).problems;
    expect(problem?.what).toBe(
      '3 tasks of jobmanager ended by themselves within 15 min, the last one at 2026-01-02 03:03:05 UTC: Essential container in task exited (jobmanager: exit code 137, killed: as a rule out of memory)',
    );
  });

  it.each([
    ['deployments', { code: 'ServiceSchedulerInitiated', reason: 'Scaling activity initiated by (deployment 1)' }],
    ['Spot', { code: 'SpotInterruption' }],
    ['a person', { code: 'UserInitiated' }],
  ])('is none where that was %s', (_, stop) => {
    expect(told(running(ended(...[1, 2, 3].map((ago) => exited(t0 - ago * minute, stop)))))).toEqual([]);
  });

  it('is none where its ends took long because of a trigger that nobody polled, exit code 239 (F111)', () => {
    const asked = { code: 'ServiceSchedulerInitiated', exits: [{ container: 'jobmanager', exitCode: 239 }] };
    expect(told(running(ended(...[1, 2, 3].map((ago) => exited(t0 - ago * minute, asked)))))).toEqual([]);
    expect(told(running(ended(exited(t0 - minute, { exits: asked.exits }))))).toEqual([]);
  });

  it('is counted service by service, and not of those that are wanted no more', () => {
    const of = (service: string, tasks: readonly JobManagerTask[]) => tasks.map((task) => ({ ...task, service }));
    const services = (desired: number) => [
      { name: 'jobmanager', desiredCount: 1 },
      { name: 'other', desiredCount: desired },
    ];
    const seen = (desired: number, tasks: readonly JobManagerTask[]): Observation => {
      const { ecs, ...rest } = running(tasks);
      return ecs.known
        ? { ...rest, ecs: { known: true, value: { ...ecs.value, services: services(desired) } } }
        : (rest as never);
    };
    expect(told(seen(1, [...crashed(1, 2), ...of('other', crashed(3, 4))]))).toEqual([]);
    expect(told(seen(1, of('other', crashed(1, 2, 3))))).toEqual([0]);
    expect(told(seen(0, of('other', crashed(1, 2, 3))))).toEqual([]);
  });

  it('is nothing that a cluster behind a URL, or one that sleeps, could have (F129)', () => {
    expect(told(running(crashed(1, 2, 3)), { url: 'http://flink:8081' })).toEqual([]);
    expect(told(observed({ tasks: crashed(1, 2, 3), views: [], desiredCount: 0 }))).toEqual([]);
  });
});

describe('a JobManager that ended by itself once', () => {
  it('is told when its cluster is not ready after that for as long as any cluster may take', () => {
    const observation = down(crashed(1));
    expect(told(observation)).toEqual([defaults.readyWithinMs]);
    expect(decided(observation).problems.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(
        /^1 task of jobmanager ended by itself .* task: no JobManager task .* the last one: Essential/,
      ),
    );
  });

  it.each([
    ['while it is ready', running(crashed(1))],
    ['after a calm third of the window', down(crashed(5))],
    ['where we are refused', observed({ tasks: [aTask(), ...crashed(1)], views: [], unseen: [] })],
  ])('is not told %s', (_, observation) => {
    const refused: Observation = { ...observation, flink: { [jm().taskArn]: unknown('HTTP 401', 'FLINK_DENIED') } };
    expect(told(_ === 'where we are refused' ? refused : observation)).toEqual([]);
  });

  it('is not told while nobody leads, which names the jobs that wait for it (F117)', () => {
    const zookeeper = known({ jobs: ['a job'] });
    const observation = observedLed({ tasks: crashed(1, 2, 3), views: [], zookeeper });
    expect(told(observation, led)).toEqual([]);
    expect(decided(observation, led).tasks.stays({ code: 'JOBMANAGER_CRASHES', state: 'pending' })).toBe(true);
  });
});

describe('a crash loop is over', () => {
  it.each<[string, Observation, boolean]>([
    ['when none ended for a third of the window, and one runs', running(crashed(5, 6)), false],
    ['not when one ended within that', running(crashed(5 - 1 / minute)), true],
    ['not while none runs', down(crashed(6)), true],
    ['not while ECS cannot be seen (F80, I6)', { ...observed(), ecs: unknown() }, true],
    ['when its services are scaled to 0 (F129)', observed({ tasks: crashed(1), views: [], desiredCount: 0 }), false],
  ])('%s', (_, observation, is) => {
    expect(stays(observation)).toBe(is);
  });

  it('and was not told before it is forgotten as soon as the cluster is ready, and kept while nobody can say', () => {
    expect(stays(running(crashed(1)), 'pending')).toBe(false);
    expect(stays({ ...observed(), ecs: unknown() }, 'pending')).toBe(true);
  });

  it('says nothing of other incidents', () => {
    expect(
      decided({ ...observed({ views: [aView()] }), ecs: unknown() }).tasks.stays({
        code: 'JAR_MISSING',
        state: 'open',
      }),
    ).toBe(false);
  });
});
