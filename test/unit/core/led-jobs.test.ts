import { describe, expect, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, JobMemory, Observation } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
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
import { beside, leading, led, ledView, observedLed } from '../../support/led.ts';

/** What comes of these looks, one `goneAfterMs` after the other. */
const looks = (memory: JobMemory, ...observations: readonly Observation[]) => {
  let last = look({ cluster: led, memory, observation: observations[0] ?? observedLed() });
  observations.slice(1).forEach((observation, index) => {
    const nowMs = t0 + (index + 1) * defaults.goneAfterMs;
    last = look({ cluster: led, memory: last.memory, observation, nowMs });
  });
  return { ...last, attempt: last.memory.attempts.at(-1) };
};

describe('a job that Flink recovers', () => {
  const ran = memoryOf(ranOn(leading(1)));
  const recovering = observedLed({ leader: 2, session: 'session-2', recovers: [idOf()] });

  test('is live although the new leader lists nothing, keeps id and attempt, and is followed there (F100, I1, I6)', () => {
    const { decision, attempt } = looks(ran, recovering, recovering, recovering);
    expect(decision).toMatchObject({ saw: 'RECOVERING 0/0', verdict: 'steady' });
    expect(attempt).toMatchObject({ n: 1, sightedOn: leading(2, 'session-2') });
    expect(attempt).not.toHaveProperty('end');
    expect(attempt).not.toHaveProperty('absentSinceMs');
  });

  test('and is never listed is told as that, and not by tasks that nobody runs', () => {
    const problems = looks(ran, recovering, recovering).decision.problem;
    expect(problems).toMatchObject({ code: 'ABSENCE_UNPROVEN', what: expect.stringContaining('about to bring back') });
  });

  test('is known by its id where the table was lost (F125)', () => {
    const observation = observedLed({ recovers: [idOf(3)] });
    const { decision, attempt } = looks(memoryOf(), observation);
    expect(decision.saw).toBe('RECOVERING 0/0');
    expect(attempt).toMatchObject({ n: 3, jobId: idOf(3), sightedOn: leading(1) });
  });

  test('and is not known here may be this one: nothing is submitted, and nobody asked about it yet', () => {
    const observation = observedLed({ recovers: ['f'.repeat(32)] });
    expect(look({ cluster: led, observation }).decision).toMatchObject({
      verdict: 'wait',
      because: `Flink is about to bring back ${'f'.repeat(32)}, which its leader has in ZooKeeper and does not list`,
      problem: { code: 'ABSENCE_UNPROVEN' },
      waitFor: { kind: 'job', address: jm(1).address, jobId: 'f'.repeat(32) },
    });
  });

  test('and is switched off is told of by nothing, and nothing of it is over', () => {
    expect(looks(ran, recovering, recovering).decision.blind).toBe(true);
    const off = look({ job: aJob({ enabled: false }), cluster: led, memory: ran, observation: recovering }).decision;
    expect(off).toMatchObject({ saw: 'RECOVERING 0/0', blind: true });
    expect(off.problem).toBeUndefined();
  });

  test('although its POST was refused is not said to be none', () => {
    const refusal = { code: 'MAIN_THREW', text: 'x' };
    const memory = memoryOf(anAttempt(1, { posts: [aPost({ to: leading(1), answer: 'refused', refusal })] }));
    const views = [ledView(1, { absent: [idOf()] }), ledView(2)];
    const posts = (recovers: readonly string[]) => looks(memory, observedLed({ views, recovers })).attempt?.posts;
    expect(posts([])).toMatchObject([{ nothingRuns: true }]);
    expect(posts([idOf()])?.[0]).not.toHaveProperty('nothingRuns');
  });

  test('and was ordered to end is not asked to again before the leader lists it (I6)', () => {
    const sentMs = t0 - defaults.cancelAgainMs;
    const stop = { how: 'cancel', order: 'restart', because: 'anna: x', atMs: sentMs, sentMs, to: leading(1) } as const;
    const ordered = memoryOf(ranOn(leading(1), 1, { stop }));
    const verdictOf = (observation: Observation) =>
      look({ cluster: led, memory: ordered, observation }).decision.verdict;
    expect(verdictOf(recovering)).toBe('wait');
    expect(verdictOf(observedLed({ views: [ledView(1, { jobs: [aFlinkJob(idOf())] }), ledView(2)] }))).toBe('act');
  });

  test('and has ended stays ended', () => {
    const ended = memoryOf(ranOn(leading(1), 1, { end: { state: 'CANCELED', atMs: t0 } }));
    expect(looks(ended, recovering).attempt?.end?.state).toBe('CANCELED');
  });
});

describe('a job that is nowhere', () => {
  const ran = (changes: Partial<Attempt> = {}): JobMemory => memoryOf(ranOn(leading(1), 1, changes));
  const without = (number: number, options: Parameters<typeof ledView>[1] = {}) =>
    ledView(number, { absent: [idOf()], ...options });
  const views = [without(1), without(2)];
  const second = { leader: 2, session: 'session-2', views } as const;
  const wiped = { ...second, memory: 'memory-2' } as const;

  test('under the memory that had it has ended unseen, once that lasts (F124)', () => {
    expect(looks(ran(), observedLed(second)).attempt?.end).toBeUndefined();
    const { decision, attempt } = looks(ran(), observedLed(second), observedLed(second));
    expect(attempt?.end?.state).toBe('GONE');
    expect(decision.problem?.code).toBe('JOB_GONE');
  });

  test('under a memory that began anew is lost, once that lasts, and starts again (F14)', () => {
    const tasks = [stopped(jm(1)), aTask(jm(2))];
    const observation = observedLed({ ...wiped, tasks });
    expect(looks(ran(), observation).attempt?.end).toBeUndefined();
    const { decision, memory } = looks(ran(), observation, observation);
    expect(memory.attempts[0]?.end?.state).toBe('LOST');
    expect(startedBy(decision)).toMatchObject({ n: 2, posts: [{ to: leading(2, 'session-2', 'memory-2') }] });
  });

  test('is lost, too, where the one that ran it leads on, or stands by', () => {
    for (const leader of [1, 2]) {
      const observation = observedLed({ ...wiped, leader });
      expect(looks(ran(), observation, observation).memory.attempts[0]?.end?.state, `${leader} leads`).toBe('LOST');
    }
  });

  test('is not lost while the one that ran it is silent (F116)', () => {
    const observation = observedLed({ ...wiped, views: [without(2)], unseen: [jm(1)] });
    const { decision, attempt } = looks(ran(), observation, observation, observation);
    expect(attempt?.end).toBeUndefined();
    expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'ABSENCE_UNPROVEN' } });
  });

  test.each<[string, Partial<Parameters<typeof observedLed>[0]>]>([
    ['another leader answers', { session: 'session-3' }],
    ['Flink has it to recover again', { recovers: [idOf()] }],
    ['/overview does not answer', { views: [without(1), without(2, { free: unknown() })] }],
    [
      'it is live by its id',
      { views: [without(1), ledView(2, { byId: { [idOf()]: { known: true, value: 'RUNNING' } } })] },
    ],
    ['the list does not answer', { views: [without(1), without(2, { jobs: unknown() })] }],
    ['ZooKeeper does not answer', { zookeeper: unknown() }],
  ])('is not gone yet when at the second look %s (F100)', (_, change) => {
    for (const base of [second, wiped]) {
      const { attempt, decision } = looks(ran(), observedLed(base), observedLed({ ...base, ...change }));
      expect(attempt?.end).toBeUndefined();
      expect(decision.verdict).not.toBe('act');
    }
  });

  test('may still come to life by a submission to who led before: nothing else is submitted (F14)', () => {
    const open = memoryOf(anAttempt(1, { posts: [aPost({ to: leading(1), answer: 'unanswered' })] }));
    for (const base of [second, wiped]) {
      const { decision, attempt } = looks(open, observedLed(base), observedLed(base));
      expect(decision).toMatchObject({ verdict: 'wait', saw: 'unsettled' });
      expect(attempt?.end).toBeUndefined();
    }
  });

  test('may yet be what a slow main() submits to whoever leads then: its id is sent again, never another (I1)', () => {
    const sent = (sentMs: number) =>
      memoryOf(anAttempt(1, { posts: [aPost({ to: leading(1), answer: 'broken', sentMs })] }));
    const settledMs = defaults.uploadCallMs + defaults.mainWithinMs;
    for (const agoMs of [defaults.repeatAfterMs, settledMs]) {
      const given = {
        cluster: led,
        memory: sent(t0 - agoMs),
        observation: observedLed({ session: 'session-2', views }),
      };
      expect(startedBy(look(given).decision)).toMatchObject({ n: 1, jobId: idOf() });
    }
  });

  test('has ended unseen where it was seen before ZooKeeper told who leads, by a process that answers', () => {
    for (const led of [1, 2]) {
      const memory = memoryOf(ranOn(beside(1, 2)));
      const observation = observedLed({ leader: led, session: 'session-2', views });
      expect(looks(memory, observation, observation).attempt?.end?.state, `${led} leads`).toBe('GONE');
    }
  });

  test('is live where a JobManager without high availability runs it', () => {
    const views = [without(1), without(2), aView(jm(3), { jobs: [aFlinkJob(idOf())] })];
    const tasks = [aTask(jm(1)), aTask(jm(2)), draining(jm(3))];
    expect(look({ cluster: led, memory: ran(), observation: observedLed({ views, tasks }) }).decision.verdict).toBe(
      'steady',
    );
  });
});
