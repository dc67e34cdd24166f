import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/core/decision.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Job, Observation, Outcome, Post } from '../../../lib/core/model.ts';
import {
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  idOf,
  jar,
  jm,
  look,
  memoryOf,
  observed,
  startedBy,
  stopped,
  t0,
} from '../../support/builders.ts';

const minute = 60_000;
const refusal = (code: string, text = code) => ({ answer: 'refused', refusal: { code, text } }) as const;
const withPosts = (...posts: readonly Partial<Post>[]): Attempt =>
  anAttempt(1, { posts: posts.map((changes, index) => aPost({ id: index + 1, ...changes })) });
/** The JobManager says that it has no such job. */
const without = observed({ views: [aView(jm(), { absent: [idOf()] })] });
const decided = (attempt: Attempt, nowMs: number, job: Job = aJob(), observation: Observation = without): Decision =>
  look({ job, memory: memoryOf(attempt), observation, nowMs }).decision;

describe('a submission that Flink refused (F38)', () => {
  it.each(['CLASS_MISSING', 'NO_JOB', 'NOT_A_JAR', 'RUN_REFUSED', 'a code of tomorrow'])(
    'as %s is held and told, for ever',
    (code) => {
      for (const nowMs of [t0, t0 + minute, t0 + 24 * 60 * minute]) {
        const decision = decided(withPosts(refusal(code)), nowMs);
        expect(decision).toMatchObject({ verdict: 'hold', because: code, problem: { code: 'SUBMISSION_REFUSED' } });
        expect(decision.effect).toBeUndefined();
      }
    },
  );

  it('is tried again, under a new id, when the spec changes', () => {
    const job = aJob({ revision: 'rev-2' });
    expect(startedBy(decided(withPosts(refusal('NO_JOB')), t0, job))).toMatchObject({ n: 2, jobId: idOf(2) });
  });

  it('is tried again, under the same id that never ran, when the jar changes', () => {
    const changed = { ...observed(), jars: jar('v2') };
    const started = startedBy(decided(withPosts(refusal('NO_JOB')), t0, aJob(), changed));
    expect(started).toMatchObject({ n: 1, jobId: idOf(1), jarVersion: 'v2', posts: [{ id: 1 }, { id: 2 }] });
  });

  it('is tried again after it was switched off and on', () => {
    const off = look({ job: aJob({ enabled: false }), memory: memoryOf(withPosts(refusal('NO_JOB'))) });
    expect(startedBy(look({ memory: off.memory }).decision)).toMatchObject({ n: 2, jobId: idOf(2) });
  });

  it.each(['CLASS_MISSING', 'NO_JOB', 'NOT_A_JAR', 'RUN_REFUSED'])(
    'as %s is held also when its JobManager ended before anybody saw that an unheard POST before it did nothing (I7)',
    (code) => {
      const attempt = { ...withPosts({}, refusal(code)), end: { state: 'LOST', atMs: t0 } } as const;
      expect(decided(attempt, t0)).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_REFUSED' } });
      const changed = { ...observed(), jars: jar('v2') };
      expect(startedBy(decided(attempt, t0, aJob(), changed))).toMatchObject({ n: 2, jarVersion: 'v2' });
      expect(startedBy(decided(attempt, t0, aJob({ revision: 'rev-2' })))).toMatchObject({ n: 2 });
    },
  );

  it('with no reason is held likewise', () => {
    const attempt = { ...withPosts({}, { answer: 'refused' }), end: { state: 'LOST', atMs: t0 } } as const;
    expect(decided(attempt, t0)).toMatchObject({ verdict: 'hold', because: 'refused' });
  });

  it('because the uploaded jar was gone, is tried once more, and then held (F118)', () => {
    const once = decided(withPosts(refusal('JAR_GONE')), t0);
    expect(once.effect).toMatchObject({ kind: 'run', attempt: { jobId: idOf() }, post: { id: 2 } });
    expect(once.effect).not.toHaveProperty('jarId');
    const twice = decided(withPosts(refusal('JAR_GONE'), refusal('JAR_GONE')), t0);
    expect(twice).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_REFUSED' } });
  });
});

describe('a main() that threw', () => {
  const threw = refusal('MAIN_THREW', 'no database');
  const throws = (count: number, ...more: readonly Partial<Post>[]): Attempt =>
    withPosts(...Array.from({ length: count }, () => threw), ...more);
  const last = defaults.throwRetryMs.at(-1) ?? 0;

  it.each([...defaults.throwRetryMs.map((distanceMs, index) => [index + 1, distanceMs]), [7, last], [10, last]])(
    '%i times in a row is tried again after %i ms, with the same incident',
    (count = 0, distanceMs = 0) => {
      const attempt = throws(count);
      const early = decided(attempt, t0 + distanceMs - 1);
      expect(early).toMatchObject({ verdict: 'wait', problem: { code: 'MAIN_THREW' } });
      expect(early.effect).toBeUndefined();
      const due = decided(attempt, t0 + distanceMs);
      expect(due).toMatchObject({ verdict: 'act', problem: { code: 'MAIN_THREW', what: 'no database' } });
      expect(startedBy(due)?.jobId).toBe(idOf());
      expect(decided(attempt, t0 + distanceMs + 1).verdict).toBe('act');
    },
  );

  it('waits from the first distance again after another outcome in between', () => {
    const attempt = withPosts(threw, threw, { answer: 'not-sent' }, threw);
    const [first = 0] = defaults.throwRetryMs;
    expect(decided(attempt, t0 + first).verdict).toBe('act');
  });

  it('keeps its distance where its job may have run and be lost with the JobManager', () => {
    const [first = 0] = defaults.throwRetryMs;
    const memory = memoryOf({ ...throws(1), end: { state: 'LOST', atMs: t0 } });
    expect(look({ memory, nowMs: t0 + first - 1 }).decision).toMatchObject({
      verdict: 'wait',
      problem: { code: 'MAIN_THREW' },
    });
    expect(look({ memory, nowMs: t0 + first }).decision.verdict).toBe('act');
  });

  it('goes on with its distances on another JobManager, under a new id', () => {
    const [, second = 0] = defaults.throwRetryMs;
    const view = aView(jm(2), { absent: [idOf(1), idOf(2)] });
    const observation = observed({ tasks: [stopped(jm(1)), aTask(jm(2))], views: [view] });
    const later = anAttempt(2, { posts: [aPost({ ...threw, to: jm(2) })] });
    const memory = memoryOf(withPosts(threw), later);
    expect(look({ memory, observation, nowMs: t0 + second - 1 }).decision.verdict).toBe('wait');
    expect(look({ memory, observation, nowMs: t0 + second }).decision.verdict).toBe('act');
  });

  it('on a process that has ended is tried at once on the next: that opens no incident and closes none', () => {
    const observation = observed({
      tasks: [stopped(jm(1)), aTask(jm(2))],
      views: [aView(jm(2), { absent: [idOf()] })],
    });
    const decision = decided(withPosts(threw), t0, aJob(), observation);
    expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2) });
    expect(decision.problem).toBeUndefined();
    expect(decision.unjudged).toEqual(['MAIN_THREW']);
  });

  it('is forgotten with a new spec', () => {
    const decision = decided(throws(3), t0, aJob({ revision: 'rev-2' }));
    expect(startedBy(decision)).toMatchObject({ n: 2 });
    expect(decision.problem).toBeUndefined();
  });
});

describe('a submission that never reached Flink (F122)', () => {
  it.each([
    [defaults.fullPassEveryMs - 1, 'wait'],
    [defaults.fullPassEveryMs, 'act'],
    [defaults.fullPassEveryMs + 1, 'act'],
  ])('is tried again after a pause, under the same id, and told when it lasts: %i ms, %s', (afterMs, verdict) => {
    const attempt = withPosts({ answer: 'not-sent', refusal: { code: 'UNREACHABLE', text: 'refused' } });
    const decision = decided(attempt, t0 + afterMs);
    expect(decision).toMatchObject({ verdict, problem: { code: 'SUBMISSION_FAILING', what: 'refused' } });
    expect(startedBy(decision)?.jobId).toBe(verdict === 'act' ? idOf() : undefined);
  });

  it('says why, also while an earlier one may still make the job appear', () => {
    const failed = { answer: 'not-sent', refusal: { code: 'JAR_CHANGED', text: 'another version' } } as const;
    expect(decided(withPosts({}, failed), t0 + defaults.fullPassEveryMs)).toMatchObject({
      because: 'submitted; the job may still appear',
      problem: { code: 'SUBMISSION_FAILING', what: 'another version' },
    });
  });

  it.each([
    ['is over once a later one that nobody answered is', [{ answer: 'not-sent' }, { answer: 'broken' }], 'UNANSWERED'],
    ['is told although an earlier one was', [{ answer: 'broken' }, { answer: 'not-sent' }], 'FAILING'],
  ] as const)('%s settled (I10)', (_, posts, code) => {
    const { settledByMs } = aPost();
    expect(decided(withPosts(...posts), settledByMs)).toMatchObject({ problem: { code: `SUBMISSION_${code}` } });
    expect(decided(withPosts(...posts), settledByMs - 1)).toMatchObject({ unjudged: ['SUBMISSION_FAILING'] });
  });

  it.each([
    ['never reached', { answer: 'not-sent' }],
    ['was refused by', refusal('MAIN_THREW')],
  ] as const)('gets a new number and a new id on another process than the one that it %s', (_, post) => {
    const view = aView(jm(2), { absent: [idOf(1)] });
    const observation = observed({ tasks: [stopped(jm(1)), aTask(jm(2))], views: [view] });
    const started = startedBy(decided(withPosts(post), t0 + minute, aJob(), observation));
    expect(started).toMatchObject({ n: 2, jobId: idOf(2), posts: [{ id: 1, to: jm(2) }] });
  });
});

describe('an attempt that goes on under its id after it was switched off and on', () => {
  it('is held, when it is refused then: it is not submitted again and again', () => {
    const unheard = withPosts({ answer: 'unanswered' });
    const nowMs = aPost().settledByMs;
    const off = look({ job: aJob({ enabled: false }), memory: memoryOf(unheard), nowMs });
    const observation = observed({ views: [aView(jm(), { absent: [idOf()] })] });
    const attempt = startedBy(look({ memory: off.memory, observation, nowMs }).decision);
    const heard: Outcome = { job: 'orders', attempt: 1, postId: 2, ...refusal('NO_JOB') };
    const { decision } = look({ memory: memoryOf(...(attempt ? [attempt] : [])), outcomes: [heard], nowMs });
    expect(attempt?.posts).toHaveLength(2);
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_REFUSED' } });
  });
});
