import { describe, expect, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Job, JobMemory } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  anOrder,
  aPost,
  aTask,
  idOf,
  jm,
  look,
  memoryOf,
  ranOn,
  startedBy,
  stopped,
  t0,
} from '../../support/builders.ts';
import { beside, leading, ledView, observedOverRest, overRest } from '../../support/led.ts';
import { looking, looks, WINDOW_MS } from '../../support/over-rest.ts';

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
    const byId = observedOverRest({
      views: [ledView(3, { absent }), ledView(4)],
      tasks: [aTask(jm(3)), aTask(jm(4)), stopped(jm(1)), stopped(jm(2))],
    });
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

const unreadable = aPost({ id: 2, answer: 'refused', refusal: { code: 'SNAPSHOT_UNREADABLE', text: '' } });
const aStop = { how: 'cancel', order: 'restart', because: 'anna: looked at it', sentMs: t0 } as const;

describe('how long nobody lists a job is written', () => {
  const ended = (state: 'CANCELED' | 'LOST', changes: Partial<Attempt> = {}) =>
    memoryOf(ranOn(beside(1, 2), 1, { end: { state, atMs: t0 }, ...changes }));
  const off = aJob({ enabled: false });
  test.each<[string, Job, JobMemory, boolean]>([
    ['that may be started', aJob(), memoryOf(), true],
    ['that may be lost, and is switched off', off, memoryOf(ranOn(beside(1, 2))), true],
    ['that is lost', aJob(), ended('LOST'), true],
    ['that was cancelled and is released', aJob(), ended('CANCELED', { acknowledged: true }), true],
    ['that was cancelled and is another one now', aJob({ revision: 'rev-2' }), ended('CANCELED'), true],
    ['that was cancelled by order', aJob(), ended('CANCELED', { stop: aStop }), true],
    ['whose snapshot Flink refused', aJob(), ended('CANCELED', { posts: [aPost(), unreadable] }), true],
    ['but not of one that was cancelled', aJob(), ended('CANCELED'), false],
    ['nor of one that ended and is switched off', off, ended('LOST'), false],
    ['nor of one that never ran and is switched off', off, memoryOf(), false],
    ['nor of one that is only watched', aJob({ mode: 'watch' }), memoryOf(), false],
  ])('of one %s', (_, job, memory, isWritten) => {
    const seen = look({ job, cluster: overRest, memory, observation: observedOverRest() }).memory;
    expect('missing' in seen).toBe(isWritten);
  });

  test('nor of one that ends in the same look', () => {
    const jobs = [aFlinkJob(idOf(), 'FINISHED')];
    const observation = observedOverRest({ views: [ledView(1, { jobs }), ledView(2, { jobs })] });
    const { memory } = look({ cluster: overRest, memory: memoryOf(ranOn(beside(1, 2))), observation });
    expect(memory).toMatchObject({ attempts: [{ end: { state: 'FINISHED' } }] });
    expect(memory).not.toHaveProperty('missing');
  });
});

describe('an order over REST alone', () => {
  test('to restart ends the job although it is live, and not absent', () => {
    const jobs = [aFlinkJob(idOf())];
    const observation = observedOverRest({ views: [ledView(1, { jobs }), ledView(2, { jobs })] });
    const given = {
      cluster: overRest,
      memory: memoryOf(ranOn(beside(1, 2))),
      observation,
      orders: [anOrder('restart')],
    };
    expect(look(given).decision).toMatchObject({ verdict: 'act', effect: { kind: 'cancel' } });
  });
});

describe('a job that was seen when ZooKeeper told who leads', () => {
  test('has ended unseen, and is not lost, where the process that ran it still answers', () => {
    const observation = observedOverRest({ views: [1, 2].map((number) => ledView(number, { absent: [idOf()] })) });
    expect(looking(memoryOf(ranOn(leading(1))), observation, WINDOW_MS).attempt?.end?.state).toBe('GONE');
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

  test('is not lost while the process lives in which main() may be at work: it goes on under its id (I1)', () => {
    const settledMs = WINDOW_MS + defaults.uploadCallMs + defaults.mainWithinMs;
    for (const untilMs of [WINDOW_MS + defaults.mainWithinMs, settledMs, settledMs + 10 * WINDOW_MS])
      expect(looking(memoryOf(sent), observation, untilMs).attempt, `${untilMs} ms`).not.toHaveProperty('end');
    const unanswered = anAttempt(1, { posts: sent.posts.map((post) => ({ ...post, answer: 'unanswered' as const })) });
    for (const on of [1, 2]) {
      const elsewhere = { ...unanswered, posts: unanswered.posts.map((post) => ({ ...post, to: beside(on, 3 - on) })) };
      const { decision } = looking(memoryOf(elsewhere), observation, settledMs + WINDOW_MS);
      expect(startedBy(decision), `to ${on}`).toMatchObject({ n: 1, jobId: idOf() });
    }
  });
});
