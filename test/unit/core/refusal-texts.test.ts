import { describe, expect, it } from 'vitest';
import type { Attempt, Observation, Post } from '../../../lib/core/model.ts';
import { isExecutedTwice, troubleOf } from '../../../lib/core/refusals.ts';
import {
  aJob,
  anAttempt,
  aPost,
  aView,
  idOf,
  jar,
  jm,
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  t0,
  unknown,
} from '../../support/builders.ts';

const refusal = (code: string, text = code) => ({ answer: 'refused', refusal: { code, text } }) as const;
const threw = refusal('MAIN_THREW', 'no database');
const posted = (...posts: readonly Partial<Post>[]): Attempt =>
  anAttempt(1, { posts: posts.map((changes, index) => aPost({ id: index + 1, ...changes })) });
const { settledByMs } = aPost();
const absent = observed({ views: [aView(jm(), { absent: [idOf()] })] });
const decided = (attempts: readonly Attempt[], nowMs = t0, observation: Observation = absent) =>
  look({ memory: memoryOf(...attempts), observation, nowMs }).decision;

describe('what a person reads of a submission that came to nothing', () => {
  it.each<[string, readonly Attempt[], number, string]>([
    ['refused', [posted(refusal('NO_JOB', 'no job in it'))], t0, 'no job in it'],
    ['refused without a reason', [posted({ answer: 'refused' })], t0, 'refused'],
    ['not sent', [posted({ answer: 'not-sent', refusal: { code: 'UNREACHABLE', text: 'away' } })], t0, 'away'],
    ['not sent, without a reason', [posted({ answer: 'not-sent' })], t0, 'not sent'],
    ['thrown once', [posted(threw)], t0, 'main() threw once, the next try is 1 min after the last: no database'],
    [
      'thrown twice',
      [posted(threw, threw)],
      t0,
      'main() threw 2 times, the next try is 2 min after the last: no database',
    ],
    [
      'thrown once, and before with another spec',
      [{ ...posted(threw, threw), revision: 'rev-0' }, anAttempt(2, { posts: [aPost(threw)] })],
      t0,
      'main() threw once, the next try is 1 min after the last: no database',
    ],
    [
      'hung twice',
      [posted({ answer: 'unanswered' }, { answer: 'unanswered' })],
      settledByMs,
      'main() did not end within 10 min, 2 times',
    ],
    [
      'killing',
      [1, 2].map((n) =>
        anAttempt(n, {
          posts: [aPost({ answer: 'broken', processEnded: true, alone: true, to: jm(n) })],
          end: { state: 'LOST', atMs: t0 },
        }),
      ),
      t0,
      '2 submissions in a row ended together with their JobManager',
    ],
  ])('%s', (_, attempts, nowMs, because) => {
    const decision = decided(attempts, nowMs);
    expect(decision.because).toBe(because);
    expect(decision.problem?.what).toBe(because);
  });

  it('is news when it is refused for another reason, also on a process that is gone', () => {
    const ended = (text: string): Attempt => ({
      ...posted({ ...refusal('NO_JOB', text), processEnded: true }),
      end: { state: 'LOST', atMs: t0 },
    });
    for (const attempt of [(text: string) => posted(refusal('NO_JOB', text)), ended]) {
      const gist = (text: string) => decided([attempt(text)]).problem?.gist;
      expect(gist('no job in it')).toBeDefined();
      expect(gist('no job in it')).not.toBe(gist('no such class'));
    }
  });

  it('what only a person ends is not waited for', () => {
    const waitFor = (code: string) => decided([posted({ answer: 'not-sent', refusal: { code, text: 'x' } })]).waitFor;
    expect(waitFor('FLINK_DENIED')).toBeUndefined();
    expect(waitFor('UNREACHABLE')).toEqual({ kind: 'ecs' });
    expect(decided([posted({ answer: 'not-sent' })]).waitFor).toEqual({ kind: 'ecs' });
  });
});

describe('a refusal holds nothing', () => {
  const lostWith = (...more: readonly Partial<Post>[]): Attempt => ({
    ...posted({}, ...more),
    end: { state: 'LOST', atMs: t0 },
  });

  it.each<[string, Attempt]>([
    ['of an attempt that is lost: its jar was gone', lostWith(refusal('JAR_GONE'))],
    ['of an attempt that is lost: its id was taken, maybe by its own job', lostWith(refusal('DUPLICATE_JOB'))],
    ['of an attempt that is lost, after which it was sent once more', lostWith(refusal('NO_JOB'), {})],
    ['of an attempt that is lost, which a person released', { ...lostWith(refusal('NO_JOB')), acknowledged: true }],
    ['of an attempt that was never submitted', anAttempt(1)],
    ['of one that ended, of which no submission is kept', anAttempt(1, { end: { state: 'LOST', atMs: t0 } })],
    [
      'of one that threw once, and was seen live',
      { ...posted(threw), sightedOn: jm(9), end: { state: 'LOST', atMs: t0 } },
    ],
    ['because the jar was gone, after an attempt nobody heard of', posted({ answer: 'not-sent' }, refusal('JAR_GONE'))],
  ])('%s', (_, attempt) => {
    expect(startedBy(decided([attempt]))).toBeDefined();
  });

  it.each<[string, Observation['jars'], 'act' | 'hold']>([
    ['another version', jar('v2'), 'act'],
    ['the same version', jar('v1'), 'hold'],
    ['gone', { 's3://jars/orders.jar': known({ present: false }) }, 'hold'],
    ['not readable', { 's3://jars/orders.jar': unknown() }, 'hold'],
    ['not looked at', {}, 'hold'],
  ])('when its jar changed: %s', (_, jars, verdict) => {
    const decision = decided([posted(refusal('NO_JOB'))], t0, { ...observed(), jars });
    expect(decision.verdict).toBe(verdict);
    expect(decision.problem?.code).toBe(verdict === 'hold' ? 'SUBMISSION_REFUSED' : undefined);
  });
});

describe('what submissions suffer from', () => {
  const job = aJob();
  it.each<[string, readonly Attempt[], number, ReturnType<typeof troubleOf>]>([
    ['nothing', [], t0, undefined],
    ['not sent', [posted({ answer: 'not-sent' })], t0, { code: 'SUBMISSION_FAILING', text: 'no answer' }],
    ['thrown', [posted(threw)], t0, { code: 'MAIN_THREW', text: 'no database', isPast: false }],
    [
      'thrown on a process that is gone',
      [posted({ ...threw, processEnded: true })],
      t0,
      { code: 'MAIN_THREW', text: 'no database', isPast: true },
    ],
    ['refused otherwise', [posted(refusal('NO_JOB'))], t0, undefined],
    ['refused without a reason', [posted({ answer: 'refused' })], t0, undefined],
    ['unheard of, not overdue', [posted({})], settledByMs - 1, undefined],
    [
      'unheard of, overdue',
      [posted({})],
      settledByMs,
      { code: 'SUBMISSION_UNANSWERED', text: 'main() did not end within 10 min' },
    ],
    ['another spec', [{ ...posted(threw), revision: 'rev-0' }], t0, undefined],
    ['seen live since', [ranOn(jm(), 1, { posts: [aPost({ answer: 'unanswered' })] })], settledByMs, undefined],
    [
      'thrown before one was seen live, and unheard of',
      [posted(threw), ranOn(jm(), 2, { posts: [] }), posted({})],
      t0,
      undefined,
    ],
    [
      'thrown, then unheard of: the newest answer counts',
      [posted(threw, { answer: 'unanswered' })],
      t0,
      { code: 'MAIN_THREW', text: 'no database', isPast: false },
    ],
  ])('%s', (_, attempts, nowMs, trouble) => {
    expect(troubleOf(job, attempts, nowMs)).toEqual(trouble);
  });
});

describe('a main() that Flink refused its own second job', () => {
  const taken = refusal('DUPLICATE_JOB');
  it.each<[string, readonly Partial<Post>[], boolean]>([
    ['one submission, refused because of its own id', [taken], true],
    ['the same after a try that never left', [{ answer: 'not-sent' }, taken], true],
    ['none', [], false],
    ['none that left', [{ answer: 'not-sent' }], false],
    ['one without a reason', [{ answer: 'refused' }], false],
    ['one refused otherwise', [refusal('NO_JOB')], false],
    ['one after another, whose job may have the id', [{}, taken], false],
    ['one before another', [taken, {}], false],
  ])('%s', (_, posts, isTwice) => {
    expect(isExecutedTwice(posted(...posts))).toBe(isTwice);
  });
});
