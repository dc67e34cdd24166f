import { expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import {
  aFlinkJob,
  anAttempt,
  aPost,
  aStatefulJob,
  aTask,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  nowhere,
  observed,
  startedBy,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';

const threw = { answer: 'refused', refusal: { code: 'MAIN_THREW', text: 'after execute()' } } as const;
const thrown = (changes: object = {}) => memoryOf(anAttempt(1, { posts: [aPost({ ...threw, ...changes })] }));
/** The next process, in a task of its own; the one that ran main() has stopped. */
const onNext = observed({ tasks: [stopped(jm(1)), aTask(jm(2))], views: [aView(jm(2), { absent: [idOf(1)] })] });
const onNextNowhere = observed({
  tasks: [stopped(jm(1)), aTask(jm(2))],
  views: [aView(jm(2), { absent: [idOf(1)] })],
  snapshots: nowhere,
});
const later = t0 + 3_600_000;

it('a job whose main() threw may have run: with its process unseen it is lost, and never starts empty (I2)', () => {
  const { memory, decision } = look({
    job: aStatefulJob(),
    memory: thrown(),
    observation: onNextNowhere,
    nowMs: later,
  });
  expect(memory.attempts[0]?.end).toEqual({ state: 'LOST', atMs: later });
  expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'STATE_REQUIRED' } });
});

it('on the next process one that may start empty gets a new id', () => {
  expect(startedBy(look({ memory: thrown(), observation: onNext, nowMs: later }).decision)?.n).toBe(2);
});

it('once, it is tried at once on the next process: it may have thrown because its own went down', () => {
  expect(look({ memory: thrown(), observation: onNext }).decision).toMatchObject({ verdict: 'act' });
});

it.each([
  [defaults.throwRetryMs[1] - 1, 'wait'],
  [defaults.throwRetryMs[1], 'act'],
])('more than once, it keeps its distance on the next process, too: after %i ms, %s', (afterMs, verdict) => {
  const memory = memoryOf(anAttempt(1, { posts: [aPost({ id: 1, ...threw }), aPost({ id: 2, ...threw })] }));
  expect(look({ memory, observation: onNext, nowMs: t0 + afterMs }).decision.verdict).toBe(verdict);
});

it('while its own process may still run it, nothing is submitted elsewhere (I1)', () => {
  const observation = observed({
    tasks: [aTask(jm(1), { desiredStatus: 'STOPPED' }), aTask(jm(2))],
    views: [aView(jm(2), { absent: [idOf(1)] })],
    unseen: [jm(1)],
  });
  const { decision } = look({ memory: thrown(), observation, nowMs: later });
  expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'ABSENCE_UNPROVEN' } });
});

it('seen without it, its process tells that it did not start: the same id again, and on the next process no loss', () => {
  const seen = observed({ views: [aView(jm(), { absent: [idOf(1)] })] });
  const { memory, decision } = look({ memory: thrown(), observation: seen, nowMs: later });
  expect(memory.attempts[0]?.posts[0]).toMatchObject({ ...threw, nothingRuns: true });
  expect(startedBy(decision)).toMatchObject({ n: 1, jobId: idOf(1) });
  const next = look({ memory, observation: onNext, nowMs: later });
  expect(startedBy(next.decision)?.n).toBe(2);
  const second = memoryOf(anAttempt(1, { posts: [aPost({ answer: 'not-sent' }), aPost({ id: 2, ...threw })] }));
  const { posts } = look({ memory: second, observation: seen, nowMs: later }).memory.attempts[0] ?? {};
  expect(posts?.map(({ nothingRuns }) => nothingRuns)).toEqual([undefined, true]);
});

it.each([
  ['its list is not known', aView(jm(), { jobs: unknown(), absent: [idOf(1)] })],
  ['it is not asked by id', aView()],
  ['another process is seen', aView(jm(1, 1), { absent: [idOf(1)] })],
])('nothing tells that it did not start: %s', (_, view) => {
  const { memory } = look({ memory: thrown(), observation: observed({ views: [view] }), nowMs: later });
  expect(memory.attempts[0]?.posts[0]).not.toHaveProperty('nothingRuns');
});

it('that it runs all the same is seen as ever', () => {
  const running = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(1))] })] });
  expect(look({ memory: thrown(), observation: running, nowMs: later }).decision.verdict).toBe('steady');
});
