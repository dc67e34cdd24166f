import { describe, expect, it } from 'vitest';
import { absence, isSameMemory, unseenTask } from '../../../lib/core/absence.ts';
import { leaderPath, noLeader, placeIn, standbysOf } from '../../../lib/core/leadership.ts';
import type { Attempt, Incarnation, JobManagerTask, Observation } from '../../../lib/core/model.ts';
import { missingSince } from '../../../lib/core/rest-absence.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  memoryOf,
  ranOn,
  unknown,
} from '../../support/builders.ts';
import { beside, leading, led, ledView, observedLed, observedOverRest, overRest } from '../../support/led.ts';

const FOREIGN = 'f'.repeat(32);
const absent = [idOf()];
const [leader, standby] = [ledView(1, { absent }), ledView(2, { absent })];
const unseen = (options: Parameters<typeof observedLed>[0]) => unseenTask(observedLed(options))?.taskArn;

describe('may a JobManager beside the leader run something', () => {
  const lists = aFlinkJob(FOREIGN);

  it.each<[string, Parameters<typeof observedLed>[0], string | undefined]>([
    ['not where it lists nothing', {}, undefined],
    [
      'not where it lists what its leader does',
      { views: [ledView(1, { jobs: [lists] }), ledView(2, { jobs: [lists] })] },
      undefined,
    ],
    [
      'not where it lists what its leader brings back',
      { views: [ledView(1), ledView(2, { jobs: [lists] })], recovers: [FOREIGN] },
      undefined,
    ],
    ['where it lists another one', { views: [ledView(1), ledView(2, { jobs: [lists] })] }, jm(2).taskArn],
    ['not where it cannot list its jobs', { views: [ledView(1), ledView(2, { jobs: unknown() })] }, undefined],
    [
      'only where it leads, as nobody lists any',
      { views: [ledView(1, { jobs: unknown() }), ledView(2, { jobs: [lists] })], tasks: [aTask(jm(2)), aTask(jm(1))] },
      jm(1).taskArn,
    ],
    [
      'where it has no high availability, and cannot list its jobs',
      { views: [ledView(1), aView(jm(2), { jobs: unknown() })] },
      jm(2).taskArn,
    ],
    ['not where it is silent, and made as the leader is', { views: [leader], unseen: [jm(2)] }, undefined],
    [
      'where it is silent, and made otherwise',
      {
        leader: 2,
        views: [standby],
        unseen: [jm(1)],
        tasks: [aTask(jm(1), { taskDefinitionArn: 'other' }), aTask(jm(2))],
      },
      jm(1).taskArn,
    ],
    [
      'where it is silent, and ECS does not list the leader',
      { views: [leader], unseen: [jm(2)], tasks: [aTask(jm(2))] },
      jm(2).taskArn,
    ],
    [
      'where it was not asked, and was made otherwise',
      { views: [leader], tasks: [aTask(jm(1)), aTask(jm(3), { taskDefinitionArn: 'other' })] },
      jm(3).taskArn,
    ],
  ])('%s', (_, options, taskArn) => {
    expect(unseen(options)).toBe(taskArn);
  });

  it('as one may that has no high availability', () => {
    const observation = observedLed({ views: [leader, aView(jm(2))] });
    expect(absence(ranOn(leading(1)), aCluster(undefined, led), observation).proven).toBe(false);
  });
});

describe('a job is nowhere', () => {
  const proven = (attempt: Attempt, observation: Observation, how = led) =>
    absence(attempt, aCluster(undefined, how), observation).proven;
  const [unheard, refused] = [aPost({ to: leading(1) }), aPost({ id: 2, answer: 'refused' })];

  it('where it was on one that stands by now, and not where that leads with the same memory', () => {
    const observation = observedLed({ views: [leader, standby] });
    expect(proven(ranOn(leading(2)), observation)).toBe(true);
    expect(proven(ranOn(leading(1)), observation)).toBe(false);
    expect(proven(ranOn(leading(1, 'session-0', 'memory-0')), observation)).toBe(true);
    expect(isSameMemory(leading(1), jm(1))).toBe(false);
  });

  it('not where it was on one that ECS does not list, and that answers', () => {
    const observation = observedLed({ views: [leader, standby, ledView(3)] });
    expect(proven(ranOn(leading(3)), observation)).toBe(false);
  });

  it('although a call to the one that led before was not heard: with it went its main()', () => {
    const observation = observedLed({ leader: 2, views: [leader, standby] });
    expect(proven(anAttempt(1, { posts: [unheard] }), observation)).toBe(true);
  });

  it.each<[string, Attempt, boolean]>([
    [
      'a call was not heard, whose main() may be at work',
      anAttempt(1, { posts: [aPost({ to: beside(1, 2) })] }),
      false,
    ],
    ['the same, and the job was seen since', ranOn(beside(1, 2), 1, { posts: [aPost({ to: beside(1, 2) })] }), true],
    ['a call was answered', anAttempt(1, { posts: [{ ...refused, to: beside(1, 2) }] }), true],
    ['its process has ended', anAttempt(1, { posts: [aPost({ to: beside(7), processEnded: true })] }), true],
  ])('over REST: %s', (_, attempt, is) => {
    expect(proven(attempt, observedOverRest({ views: [leader, standby] }), overRest)).toBe(is);
  });

  it('over REST is not asked of one that is not to run anyway', () => {
    const off = aJob({ enabled: false });
    expect(missingSince(memoryOf(), off, aCluster([off], overRest), observedOverRest(), 0)).toBeUndefined();
  });
});

describe('the JobManagers that stand by', () => {
  it('over REST are known by those that have high availability, and to these alone', () => {
    const { flink } = observedOverRest({ views: [ledView(1), aView(jm(2))] });
    const peersOf = (on: Incarnation) => {
      const view = flink[on.taskArn];
      return view?.known ? view.value.incarnation.peers : 'unseen';
    };
    expect([peersOf(jm(1)), peersOf(jm(2))]).toEqual([[jm(1).process], undefined]);
  });

  const of = (options: Parameters<typeof observedLed>[0]) =>
    standbysOf(observedLed(options)).map(({ taskArn }) => taskArn);

  it.each<[string, JobManagerTask, number]>([
    ['runs', aTask(jm(2)), 1],
    ['is asked to stop', draining(jm(2)), 0],
    ['does not run yet', aTask(jm(2), { lastStatus: 'PENDING' }), 0],
  ])('beside the leader: one that %s', (_, task, count) => {
    expect(of({ tasks: [aTask(jm(1)), task] })).toHaveLength(count);
  });

  it('are none where nobody leads, or nobody sees the tasks', () => {
    expect(of({ zookeeper: unknown() })).toEqual([]);
    expect(standbysOf({ ...observedLed(), ecs: unknown() })).toEqual([]);
  });
});

describe('where a cluster is in ZooKeeper', () => {
  it('is as Flink makes it of root and id, or of its own defaults', () => {
    expect(leaderPath({})).toBe('/flink/default');
    expect(leaderPath({ root: '/a/', clusterId: 'b' })).toBe('/a/b');
  });

  it('is nowhere for a JobManager without high availability', () => {
    expect(placeIn(aView().identity)).not.toBe(placeIn(ledView(1).identity));
    expect(placeIn(ledView(2).identity)).toBe(placeIn(ledView(1).identity));
  });

  it('names what there is to recover, as many as a person reads', () => {
    const named = (count: number) =>
      noLeader(aCluster(), { jobs: Array.from({ length: count }, (_, n) => idOf(n + 1)) }, {});
    expect(named(5)).toMatch(new RegExp(`orders \\(${idOf(5)}\\)$`));
    expect(named(6)).toMatch(/ and 1 more$/);
  });
});
