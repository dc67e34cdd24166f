import { describe, expect, test } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Observation } from '../../../lib/core/model.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import {
  aCluster,
  aFlinkJob,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  startedBy,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';
import { beside, ledView, observedOverRest, overRest } from '../../support/led.ts';
import { looking, looks, WINDOW_MS } from '../../support/over-rest.ts';

const rungOf = (observation: Observation): string => {
  const state = readiness(aCluster([], overRest), observation);
  return state.ready ? `ready: ${state.view.incarnation.address}` : `${state.rung}: ${state.text}`;
};

/** As Flink answers where nobody leads. */
const leaderless = (number: number) => ledView(number, { jobs: unknown('RecipientUnreachableException') });

describe('a cluster whose ZooKeeper cannot be asked', () => {
  test.each<[string, Observation, string]>([
    ['any that lists jobs is as good as the leader', observedOverRest(), 'ready: 10.0.0.1'],
    [
      'another one speaks where the first does not list',
      observedOverRest({ views: [leaderless(1), ledView(2)] }),
      'ready: 10.0.0.2',
    ],
    [
      'one that does not answer is passed over',
      observedOverRest({ views: [ledView(2)], unseen: [jm(1)] }),
      'ready: 10.0.0.2',
    ],
    [
      'none lists jobs: nobody leads (F12)',
      observedOverRest({ views: [leaderless(1), leaderless(2)] }),
      'leader: no JobManager answers for a leader: RecipientUnreachableException',
    ],
    ['none answers', observedOverRest({ views: [], unseen: [jm(1), jm(2)] }), 'rest: no answer'],
    [
      'one has no high availability (F128)',
      observedOverRest({ views: [ledView(1), aView(jm(2))] }),
      "ha: the manifest has a `leader`, and the cluster's high-availability.type is none",
    ],
    [
      'they are of two clusters',
      observedOverRest({
        views: [ledView(1), ledView(2, { identity: { zookeeper: { quorum: 'zk:2181', path: '/b', rpc: 'x:1' } } })],
      }),
      'ha: its JobManagers are of several clusters: /flink/led at zk:2181, /b at zk:2181',
    ],
  ])('%s', (_, observation, rung) => {
    expect(rungOf(observation)).toBe(rung);
  });

  test('is waited for at a JobManager while nobody leads, and told after its session may have ended', () => {
    const observation = observedOverRest({ views: [leaderless(1), leaderless(2)] });
    expect(look({ cluster: overRest, observation }).decision).toMatchObject({
      blind: true,
      waitFor: { kind: 'jobs', address: '10.0.0.1' },
    });
    const situation = { cluster: aCluster(undefined, overRest), memories: {}, observation, nowMs: t0, dice: {} };
    expect(decide(situation).problems).toMatchObject([{ code: 'LEADER_UNKNOWN', graceMs: defaults.leaderWithinMs }]);
  });
});

describe('a job over REST alone is submitted', () => {
  test.each([
    [WINDOW_MS - 1, 'wait'],
    [WINDOW_MS, 'act'],
  ])('for the first time when nobody listed it for a session and a margin: after %i ms it says %s', (ms, verdict) => {
    expect(looking(memoryOf(), observedOverRest(), ms).decision.verdict).toBe(verdict);
  });

  test('and while it waits nobody is told before a cluster may take so long beside that', () => {
    const told = (observation: Observation) => looks(memoryOf(), [0, observation]).decision.problem;
    const patience = { code: 'ABSENCE_UNPROVEN', graceMs: WINDOW_MS + defaults.readyWithinMs };
    expect(told(observedOverRest())).toMatchObject(patience);
    expect(told(observedOverRest({ views: [ledView(1)], unseen: [jm(2)] }))).toMatchObject(patience);
  });

  test('to one process, with all that answered beside it', () => {
    const { decision } = looking(memoryOf(), observedOverRest(), WINDOW_MS);
    expect(startedBy(decision)?.posts[0]?.to).toEqual(beside(1, 2));
  });

  test('later where Flink says that a session lasts longer', () => {
    const zookeeper = { quorum: 'zk:2181', path: '/flink/led', rpc: 'x:1', sessionMs: 90_000 };
    const observation = observedOverRest({ views: [ledView(1, { identity: { zookeeper } }), ledView(2)] });
    expect(looking(memoryOf(), observation, 149_999).decision.because).toBe(
      'absent from the list of every JobManager for 149 of 150 s',
    );
    expect(looking(memoryOf(), observation, 150_000).decision.verdict).toBe('act');
  });

  test.each<[string, Observation]>([
    ['it was listed', observedOverRest({ views: [ledView(1), ledView(2, { jobs: [aFlinkJob(idOf())] })] })],
    ['one could not list its jobs', observedOverRest({ views: [ledView(1), leaderless(2)] })],
    ['one could not tell its slots (F100)', observedOverRest({ views: [ledView(1), ledView(2, { free: unknown() })] })],
    ['a process began anew', observedOverRest({ views: [ledView(1), { ...ledView(2), incarnation: jm(2, 1) }] })],
  ])('only when this time began anew since %s', (_, broken) => {
    const whole = observedOverRest();
    const memory = looks(memoryOf(), [0, whole], [60_000, broken], [61_000, whole], [WINDOW_MS, whole]);
    expect(memory.decision).toMatchObject({ verdict: expect.stringMatching(/^(wait|steady)$/) });
  });

  test.each<[string, Observation]>([
    ['one did not answer', observedOverRest({ views: [ledView(1)], unseen: [jm(2)] })],
    ['one drains and is not heard', observedOverRest({ tasks: [aTask(jm(1)), aTask(jm(2)), draining(jm(3))] })],
    ['ECS could not be asked', { ...observedOverRest(), ecs: unknown() }],
  ])('not at a look in which %s, which counts as none', (_, partial) => {
    const whole = observedOverRest();
    const verdicts = (ms: number) =>
      [partial, whole].map(
        (last) => looks(memoryOf(), [0, whole], [60_000, whole], [61_000, partial], [ms, last]).decision.verdict,
      );
    expect(verdicts(WINDOW_MS)).toEqual(['wait', 'act']);
    expect(verdicts(60_000 + defaults.restGapMs + 1)).toEqual(['wait', 'wait']);
  });

  test('and one that is stopped, or has not begun, is waited for by nobody', () => {
    const tasks = [aTask(jm(1)), aTask(jm(2)), stopped(jm(3)), aTask(jm(4), { lastStatus: 'PENDING' })];
    expect(looking(memoryOf(), observedOverRest({ tasks }), WINDOW_MS).decision.verdict).toBe('act');
  });

  test('nor for the time in which nobody looked, which takes as many looks as ever', () => {
    const late = (...lookMs: readonly number[]) =>
      looks(memoryOf(), [0, observedOverRest()], ...lookMs.map((ms) => [ms, observedOverRest()] as const)).decision;
    const { restGapMs: gap, restStaleMs: stale } = defaults;
    expect(late(stale).because).toBe('absent from the list of every JobManager for 90 of 120 s');
    expect(late(120_000, 240_000).verdict).toBe('act');
    expect(late(stale, stale + WINDOW_MS - gap - 1).verdict).toBe('wait');
    expect(late(stale, stale + WINDOW_MS - gap).verdict).toBe('act');
    expect(late(60_000, 60_001 + stale).verdict).toBe('wait');
  });

  test('later where a foreign job vanished from all lists without an end', () => {
    const foreign = (state: string) => ({ jobs: [aFlinkJob('f'.repeat(32), state, { name: 'other' })] });
    const held = observedOverRest({ views: [ledView(1, foreign('RUNNING')), ledView(2, foreign('RUNNING'))] });
    const verdictAfter = (next: Observation) =>
      looks(memoryOf(), [0, held], [60_000, held], [WINDOW_MS, held], [WINDOW_MS + 1, next]).decision.verdict;
    expect(verdictAfter(held)).toBe('hold');
    expect(verdictAfter(observedOverRest())).toBe('wait');
    expect(verdictAfter(observedOverRest({ views: [ledView(1, foreign('FINISHED')), ledView(2)] }))).toBe('act');
  });

  test('writes nothing for looks that follow each other', () => {
    const first = looks(memoryOf(), [0, observedOverRest()]).memory;
    expect(looks(first, [5_000, observedOverRest()]).memory.missing).toEqual(first.missing);
  });
});
