import { describe, expect, test } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { JobMemory, Observation } from '../../../lib/core/model.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import {
  aCluster,
  aFlinkJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  ranOn,
  startedBy,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';
import { beside, ledView, observedOverRest, overRest } from '../../support/led.ts';

const WINDOW_MS = defaults.sessionMs + defaults.restMarginMs;

/** What comes of looks at these times after `t0`, each at what it then sees. */
const looks = (memory: JobMemory, ...[first, ...each]: readonly [At, ...At[]]) => {
  const lookAt = (before: JobMemory, [afterMs, observation]: At) =>
    look({ cluster: overRest, memory: before, observation, nowMs: t0 + afterMs });
  const last = each.reduce((before, at) => lookAt(before.memory, at), lookAt(memory, first));
  return { ...last, attempt: last.memory.attempts.at(-1) };
};

type At = readonly [afterMs: number, observation: Observation];

/** The same of one that stays as it is, a minute apart, until `untilMs`. */
const looking = (memory: JobMemory, observation: Observation, untilMs: number) => {
  const minutes = Array.from({ length: Math.floor(untilMs / 60_000) }, (_, n): At => [(n + 1) * 60_000, observation]);
  return looks(memory, [0, observation], ...minutes, [untilMs, observation]);
};

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
      observedOverRest({ views: [ledView(1), ledView(2, { identity: { zookeeper: { path: '/b', rpc: 'x:1' } } })] }),
      'ha: its JobManagers are of several clusters: /flink/led, /b',
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

  test('to one process, with all that answered beside it', () => {
    const { decision } = looking(memoryOf(), observedOverRest(), WINDOW_MS);
    expect(startedBy(decision)?.posts[0]?.to).toEqual(beside(1, 2));
  });

  test('later where Flink says that a session lasts longer', () => {
    const zookeeper = { path: '/flink/led', rpc: 'x:1', sessionMs: 90_000 };
    const observation = observedOverRest({ views: [ledView(1, { identity: { zookeeper } }), ledView(2)] });
    expect(looking(memoryOf(), observation, 149_999).decision.because).toBe(
      'absent from the list of every JobManager for 149 of 150 s',
    );
    expect(looking(memoryOf(), observation, 150_000).decision.verdict).toBe('act');
  });

  test.each<[string, Observation]>([
    ['it was listed', observedOverRest({ views: [ledView(1), ledView(2, { jobs: [aFlinkJob(idOf())] })] })],
    ['one did not answer', observedOverRest({ views: [ledView(1)], unseen: [jm(2)] })],
    ['one could not list its jobs', observedOverRest({ views: [ledView(1), leaderless(2)] })],
    ['one could not tell its slots (F100)', observedOverRest({ views: [ledView(1), ledView(2, { free: unknown() })] })],
    ['a process began anew', observedOverRest({ views: [ledView(1), { ...ledView(2), incarnation: jm(2, 1) }] })],
    ['one drains and is not heard', observedOverRest({ tasks: [aTask(jm(1)), aTask(jm(2)), draining(jm(3))] })],
  ])('only when this time began anew since %s', (_, broken) => {
    const whole = observedOverRest();
    const memory = looks(memoryOf(), [0, whole], [60_000, broken], [61_000, whole], [WINDOW_MS, whole]);
    expect(memory.decision).toMatchObject({ verdict: expect.stringMatching(/^(wait|steady)$/) });
  });

  test('and one that is stopped, or has not begun, is waited for by nobody', () => {
    const tasks = [aTask(jm(1)), aTask(jm(2)), stopped(jm(3)), aTask(jm(4), { lastStatus: 'PENDING' })];
    expect(looking(memoryOf(), observedOverRest({ tasks }), WINDOW_MS).decision.verdict).toBe('act');
  });

  test('nor does it count when nobody looked for long', () => {
    const gap = 60_000 + defaults.restGapMs;
    const verdictAt = (ms: number) =>
      looks(memoryOf(), [0, observedOverRest()], [60_000, observedOverRest()], [ms, observedOverRest()]).decision
        .verdict;
    expect([verdictAt(gap), verdictAt(gap + 1)]).toEqual(['act', 'wait']);
  });

  test('writes nothing for looks that follow each other', () => {
    const first = looks(memoryOf(), [0, observedOverRest()]).memory;
    expect(looks(first, [5_000, observedOverRest()]).memory.missing).toEqual(first.missing);
  });
});

describe('a job that ran, over REST alone', () => {
  const ran = memoryOf(ranOn(beside(1, 2)));
  const absent = [idOf()];
  const without = (...numbers: readonly number[]) =>
    observedOverRest({
      views: numbers.map((number) => ledView(number, { absent })),
      tasks: [...numbers.map((number) => aTask(jm(number))), stopped(jm(1)), stopped(jm(2))].filter(
        ({ taskArn }, index, all) => all.findIndex((task) => task.taskArn === taskArn) === index,
      ),
    });

  test('is lost when every process is another one and nobody lists it for long: a new attempt (S4, I1)', () => {
    expect(looking(ran, without(3, 4), WINDOW_MS - 1).attempt).not.toHaveProperty('end');
    const { attempt, decision } = looking(ran, without(3, 4), WINDOW_MS);
    expect(attempt?.end?.state).toBe('LOST');
    expect(startedBy(decision)?.n).toBe(2);
  });

  test('has ended unseen where one of the processes still answers: held', () => {
    const { attempt, decision } = looking(ran, without(2, 3), WINDOW_MS);
    expect(attempt?.end?.state).toBe('GONE');
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'JOB_GONE' } });
  });

  test('is live again when one lists it (F100)', () => {
    const back = observedOverRest({ views: [ledView(2, { jobs: [aFlinkJob(idOf())] }), ledView(3)] });
    const { attempt, decision, memory } = looks(ran, [0, without(2, 3)], [60_000, back]);
    expect(decision.verdict).toBe('steady');
    expect(attempt?.sightedOn?.taskArn).toBe(jm(2).taskArn);
    expect(memory).not.toHaveProperty('missing');
  });

  test('is asked for by id of each of them', () => {
    const byId = observedOverRest({ views: [ledView(3, { absent }), ledView(4)], tasks: [aTask(jm(3)), aTask(jm(4))] });
    expect(looking(ran, byId, WINDOW_MS).attempt).not.toHaveProperty('end');
  });

  test('is not lost before the JobManager that ran it is known to have ended', () => {
    const unlisted = observedOverRest({
      views: [ledView(3, { absent }), ledView(4, { absent })],
      tasks: [aTask(jm(3)), aTask(jm(4))],
    });
    const { attempt, decision } = looking(ran, unlisted, WINDOW_MS);
    expect(attempt).not.toHaveProperty('end');
    expect(decision.because).toMatch(/^its JobManager is not known to have ended/);
  });

  test('starts again at once after an end that all of them list', () => {
    const views = [1, 2].map((number) => ledView(number, { jobs: [aFlinkJob(idOf(), 'FAILED')] }));
    const failed = ranOn(beside(1, 2), 1, { acknowledged: true });
    expect(startedBy(looks(memoryOf(failed), [0, observedOverRest({ views })]).decision)?.n).toBe(2);
    const forgets = [ledView(1, { jobs: [aFlinkJob(idOf(), 'FAILED')] }), ledView(2)];
    expect(looks(memoryOf(failed), [0, observedOverRest({ views: forgets })]).decision.verdict).toBe('wait');
  });
});

describe('a submission over REST alone that nobody heard of', () => {
  const sent = anAttempt(1, { posts: [aPost({ to: beside(1, 2), sentMs: t0 + WINDOW_MS })] });
  const observation = observedOverRest({ views: [1, 2].map((number) => ledView(number, { absent: [idOf()] })) });

  test.each([
    [2 * WINDOW_MS - 1, 'wait'],
    [2 * WINDOW_MS, 'act'],
  ])('is repeated when nobody listed it for as long since: after %i ms it says %s', (ms, verdict) => {
    const { decision } = looking(memoryOf(sent), observation, ms);
    expect(decision.verdict).toBe(verdict);
    expect(startedBy(decision)?.jobId).toBe(verdict === 'act' ? idOf() : undefined);
  });

  test('is not lost before main() has had its time', () => {
    expect(looking(memoryOf(sent), observation, WINDOW_MS + defaults.mainWithinMs).attempt).not.toHaveProperty('end');
  });
});
