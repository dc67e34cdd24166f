import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Post } from '../../../lib/core/model.ts';
import {
  aCheckpoint,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jar,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';

const { repeatAfterMs } = defaults;
const { settledByMs } = aPost();
/** The same process is ready and does not show the job. */
const same = observed({ views: [aView(jm(), { absent: [idOf()] })] });
const replaced = observed({
  tasks: [stopped(jm(1)), aTask(jm(2))],
  views: [aView(jm(2), { absent: [idOf()] })],
});
const withPosts = (...posts: readonly Partial<Post>[]): Attempt =>
  anAttempt(1, { posts: posts.map((changes, index) => aPost({ id: index + 1, ...changes })) });

describe('while a submission is unsettled: the same id, on the same process, or nothing (I1)', () => {
  it.each<[string, Attempt, number, boolean]>([
    ['unheard of, a moment ago', withPosts({}), t0, false],
    ['unheard of, a millisecond too early', withPosts({}), t0 + repeatAfterMs - 1, false],
    ['unheard of for long enough: we may have died before it (F28, F32)', withPosts({}), t0 + repeatAfterMs, true],
    ['unheard of and longer', withPosts({}), t0 + repeatAfterMs + 1, true],
    ['broken, and the process still answers', withPosts({ answer: 'broken' }), t0 + repeatAfterMs, true],
    ['unanswered: main() may still run (F121)', withPosts({ answer: 'unanswered' }), t0 + repeatAfterMs, false],
    ['unanswered, a millisecond before it is settled', withPosts({ answer: 'unanswered' }), settledByMs - 1, false],
    ['unanswered, and settled by time', withPosts({ answer: 'unanswered' }), settledByMs, true],
    ['unanswered once, unheard of once', withPosts({ answer: 'unanswered' }, {}), t0 + repeatAfterMs, false],
    [
      'repeated without reaching Flink (F122)',
      withPosts({}, { answer: 'not-sent', sentMs: t0 + 30_000 }),
      t0 + 30_000 + repeatAfterMs - 1,
      false,
    ],
    [
      'repeated without reaching Flink, some time ago',
      withPosts({}, { answer: 'not-sent', sentMs: t0 + 30_000 }),
      t0 + 30_000 + repeatAfterMs,
      true,
    ],
  ])('%s', (_, attempt, nowMs, again) => {
    const { decision } = look({ memory: memoryOf(attempt), observation: same, nowMs });
    const started = startedBy(decision);
    expect(decision.verdict).toBe(again ? 'act' : 'wait');
    expect(started?.jobId).toBe(again ? idOf() : undefined);
    expect(started?.posts.at(-1)?.to).toEqual(again ? jm() : undefined);
  });

  it.each<[string, string, number, 'act' | 'wait' | 'hold']>([
    ['main() threw: the first distance is kept', 'MAIN_THREW', defaults.throwRetryMs[0] - 1, 'wait'],
    ['main() threw, and the first distance is over', 'MAIN_THREW', defaults.throwRetryMs[0], 'act'],
    ['what cannot pass is not tried again', 'CLASS_MISSING', defaults.throwRetryMs[0], 'hold'],
    ['the jar was gone, which may pass', 'JAR_GONE', repeatAfterMs, 'act'],
  ])('an answer to a repeat counts, although the first was not heard of: %s', (_, code, laterMs, verdict) => {
    const refused = { answer: 'refused', refusal: { code, text: code }, sentMs: t0 + repeatAfterMs } as const;
    const nowMs = t0 + repeatAfterMs + laterMs;
    const { decision } = look({ memory: memoryOf(withPosts({}, refused)), observation: same, nowMs });
    expect(decision.verdict).toBe(verdict);
    expect(startedBy(decision)?.jobId).toBe(verdict === 'act' ? idOf() : undefined);
  });

  it.each([
    ['there is another version of it', {}, { 's3://jars/orders.jar': Object.values(jar('v2'))[0] ?? unknown() }],
    [
      'another jar was deployed',
      { jar: 's3://jars/new.jar' },
      { 's3://jars/new.jar': Object.values(jar('v2'))[0] ?? unknown() },
    ],
  ])('a repeat is of its own jar: what cannot pass with it is not tried again because %s', (_, changes, jars) => {
    const refused = { answer: 'refused', refusal: { code: 'NO_JOB', text: '' }, sentMs: t0 + repeatAfterMs } as const;
    const observation = { ...same, jars: { ...jar(), ...jars } };
    const job = aJob({ revision: 'rev-2', ...changes });
    const memory = memoryOf(withPosts({}, refused));
    const { decision } = look({ job, memory, observation, nowMs: t0 + 2 * repeatAfterMs });
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_REFUSED' } });
    expect(decision.effect).toBeUndefined();
  });

  it.each<[string, Parameters<typeof aJob>[0], Partial<Attempt>, Partial<Attempt>, 'act' | 'wait']>([
    ['state is required by now, and the job had some', {}, { hadState: true }, {}, 'wait'],
    ['state is required, and it begins from some', {}, { hadState: true }, { source: aCheckpoint(7) }, 'act'],
    ['state is required, and the job had none', {}, {}, {}, 'act'],
    ['state is still preferred only', { state: 'preferred' }, { hadState: true }, {}, 'act'],
    ['no state is wanted', { state: 'none' }, { hadState: true }, {}, 'act'],
    ['a person ordered it to begin empty', {}, { hadState: true, nextFrom: { kind: 'empty' } }, {}, 'act'],
  ])(
    'what was sent to begin empty is sent again only if it still may: %s (I2)',
    (_, changes, before, sent, verdict) => {
      const { state: __, ...job } = aJob();
      const ended = anAttempt(1, { end: { state: 'FAILED', atMs: t0 }, ...before });
      const attempt = { ...withPosts({}), ...sent, n: 2, jobId: idOf(2) };
      const observation = observed({ views: [aView(jm(), { absent: [idOf(2)] })] });
      const memory = memoryOf(ended, attempt);
      const { decision } = look({ job: { ...job, ...changes }, memory, observation, nowMs: t0 + repeatAfterMs });
      expect(decision.verdict).toBe(verdict);
    },
  );

  it('a repeat is a POST of its own, with its own time to be settled', () => {
    const nowMs = t0 + repeatAfterMs;
    const { decision } = look({ memory: memoryOf(withPosts({})), observation: same, nowMs });
    expect(startedBy(decision)?.posts).toEqual([aPost(), aPost({ id: 2, sentMs: nowMs })]);
  });

  it('a repeat uses the jar that the first one left', () => {
    const memory = memoryOf(withPosts({ answer: 'broken', jarId: 'left.jar' }));
    const { decision } = look({ memory, observation: same, nowMs: t0 + repeatAfterMs });
    expect(decision.effect).toMatchObject({ kind: 'run', jarId: 'left.jar' });
  });

  it('a repeat carries the spec of its intent, whatever was deployed since (F40)', () => {
    const job = aJob({ revision: 'rev-2', args: ['--new'] });
    const { decision } = look({ job, memory: memoryOf(withPosts({})), observation: same, nowMs: t0 + repeatAfterMs });
    expect(startedBy(decision)).toMatchObject({ jobId: idOf(), revision: 'rev-1', spec: { args: [] } });
  });

  it('a repeat refused as a duplicate leaves the first on its way (F29)', () => {
    const duplicate = { answer: 'refused', refusal: { code: 'DUPLICATE_JOB', text: '' } } as const;
    const memory = memoryOf(withPosts({ answer: 'unanswered' }, { ...duplicate, sentMs: settledByMs }));
    expect(look({ memory, observation: same, nowMs: settledByMs + repeatAfterMs }).decision.verdict).toBe('wait');
  });

  it.each([
    [t0 + repeatAfterMs, 'wait'],
    [settledByMs, 'off'],
  ])('a job that is disabled meanwhile is not sent again: at %i', (nowMs, verdict) => {
    const { decision } = look({
      job: aJob({ enabled: false }),
      memory: memoryOf(withPosts({})),
      observation: same,
      nowMs,
    });
    expect(decision.verdict).toBe(verdict);
    expect(decision.effect).toBeUndefined();
  });

  it('the wait is for its appearance on that process (F67, F115)', () => {
    const { decision } = look({ memory: memoryOf(withPosts({})), observation: same });
    expect(decision.waitFor).toEqual({ kind: 'job', address: jm().address, jobId: idOf() });
  });

  it('a person hears of a main() that does not end, once its time is over', () => {
    const memory = memoryOf(withPosts({ answer: 'unanswered' }));
    const before = look({ memory, observation: same, nowMs: settledByMs - 1 }).decision;
    const after = look({ memory, observation: same, nowMs: settledByMs }).decision;
    expect(before.problem).toBeUndefined();
    expect(after.problem?.code).toBe('SUBMISSION_UNANSWERED');
  });
});

describe('an unsettled submission and its process', () => {
  it('confirms only, when the job is there after a crash (F27, F33)', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] });
    const { memory, decision } = look({ memory: memoryOf(withPosts({})), observation });
    expect(decision).toMatchObject({ verdict: 'steady' });
    expect(memory.attempts).toMatchObject([{ n: 1, sightedOn: jm() }]);
  });

  it('gets a new number and a new id when that process has ended and the job is nowhere (F42)', () => {
    const { decision } = look({ memory: memoryOf(withPosts({ answer: 'unanswered' })), observation: replaced });
    expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2), posts: [{ id: 1, to: jm(2) }] });
  });

  it.each([
    [
      'drains (F126)',
      observed({ tasks: [draining(jm(1)), aTask(jm(2))], views: [aView(jm(2), { absent: [idOf()] })] }),
    ],
    [
      'is in no list, without being called MISSING',
      observed({ tasks: [aTask(jm(2))], views: [aView(jm(2), { absent: [idOf()] })] }),
    ],
  ])('does nothing while the process that took it %s', (_, observation) => {
    for (const nowMs of [t0, settledByMs - 1, settledByMs, settledByMs + 3_600_000]) {
      const { decision } = look({ memory: memoryOf(withPosts({})), observation, nowMs });
      expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'ABSENCE_UNPROVEN' } });
      expect(decision.effect).toBeUndefined();
    }
  });

  it('does nothing while the JobManager cannot be seen (I6)', () => {
    const observation = observed({ views: [aView(jm(), { jobs: unknown() })] });
    const { decision } = look({ memory: memoryOf(withPosts({})), observation, nowMs: settledByMs });
    expect(decision).toMatchObject({ verdict: 'wait', blind: true });
  });

  it('takes the jar as it is now, when it goes on after its time', () => {
    const observation = { ...same, jars: jar('v2') };
    const { decision } = look({ memory: memoryOf(withPosts({})), observation, nowMs: settledByMs });
    expect(startedBy(decision)).toMatchObject({ jobId: idOf(), jarVersion: 'v2' });
  });
});

describe('an older attempt that is neither ended nor proven to be nowhere', () => {
  it('stands in the way of a new start, whatever became of the newest one (I1, F85)', () => {
    const older = ranOn(jm(9), 1);
    const newest = ranOn(jm(1), 2, { revision: 'rev-0', end: { state: 'FAILED', atMs: t0 } });
    const { decision } = look({ memory: memoryOf(older, newest), observation: same });
    expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'ABSENCE_UNPROVEN' } });
  });
});
