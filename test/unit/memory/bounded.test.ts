import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import { remember } from '../../../lib/core/remember.ts';
import { aCluster, aJob, anAttempt, aPost, idOf, jm, memoryOf, observed, ranOn, t0 } from '../../support/builders.ts';

const { attemptsMax, postsMax } = defaults;
const remembered = (attempts: readonly Attempt[], nowMs = t0): readonly Attempt[] =>
  remember(memoryOf(...attempts), aJob(), aCluster(), observed({ views: [] }), [], nowMs).attempts;
const over = (n: number): Attempt => ranOn(jm(), n, { end: { state: 'LOST', atMs: t0 } });
const upTo = (count: number): readonly Attempt[] => Array.from({ length: count }, (_, index) => over(index + 1));

describe('the memory of a job is bounded (F88, I9)', () => {
  it.each([
    [attemptsMax - 1, 1],
    [attemptsMax, 1],
    [attemptsMax + 1, 2],
    [attemptsMax + 3, 4],
  ])('of %i attempts that are over the first that is kept is number %i', (count, first) => {
    const kept = remembered(upTo(count));
    expect(kept[0]?.n).toBe(first);
    expect(kept.at(-1)?.n).toBe(count);
    expect(kept).toHaveLength(Math.min(count, attemptsMax));
  });

  it.each<[string, Attempt, boolean]>([
    ['has ended', over(1), false],
    ['was refused', anAttempt(1, { posts: [aPost({ answer: 'refused' })] }), false],
    ['never reached Flink', anAttempt(1, { posts: [aPost({ answer: 'not-sent' })] }), false],
    ['was never submitted', anAttempt(1), false],
    ['is live', ranOn(jm()), true],
    ['may come to life', anAttempt(1, { posts: [aPost()] }), true],
    [
      'was refused because of another submission of it',
      anAttempt(1, { posts: [aPost({ answer: 'refused', refusal: { code: 'DUPLICATE_JOB', text: '' } })] }),
      true,
    ],
    ['may have run unseen', anAttempt(1, { posts: [aPost({ sentMs: 0, settledByMs: 1 })] }), true],
  ])('the oldest of too many that %s is kept or dropped (I1)', (_, oldest, isKept) => {
    const kept = remembered([oldest, ...upTo(attemptsMax + 1).slice(1)]);
    expect(kept.map(({ n }) => n)).toEqual(
      upTo(attemptsMax + 1)
        .map(({ n }) => n)
        .filter((n) => n !== (isKept ? 2 : 1)),
    );
  });

  it('the newest is kept even when it alone is over: its number is not used again', () => {
    const open = Array.from({ length: attemptsMax }, (_, index) => anAttempt(index + 1, { posts: [aPost()] }));
    expect(remembered([...open, over(attemptsMax + 1)])).toHaveLength(attemptsMax + 1);
  });

  it.each([
    [postsMax, 'not-sent', t0, 1],
    [postsMax + 1, 'not-sent', t0, 2],
    [postsMax + 3, 'not-sent', t0, 4],
    [postsMax + 1, 'unanswered', t0, 1],
    [postsMax + 1, 'unanswered', aPost().settledByMs - 1, 1],
    [postsMax + 1, 'unanswered', aPost().settledByMs, 2],
  ] as const)(
    'of %i POSTs, the first "%s", at %i the first that is kept is number %i',
    (count, answer, nowMs, first) => {
      const posts = Array.from({ length: count }, (_, index) => aPost({ id: index + 1, answer: 'not-sent' }));
      const attempt = anAttempt(1, { posts: posts.map((post) => (post.id === 1 ? { ...post, answer } : post)) });
      const kept = remembered([attempt], nowMs)[0]?.posts;
      expect(kept?.[0]?.id).toBe(first);
      expect(kept?.at(-1)?.id).toBe(count);
    },
  );
});

/** What one item of DynamoDB holds. */
const ITEM_BYTES_MAX = 400 * 1_024;

describe('the memory of a job fits in its item (I9)', () => {
  /** Three bytes a character, as Chinese has them. */
  const long = (length: number): string => '\u6587'.repeat(length);
  const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
  const { spec } = anAttempt();
  const room = defaults.jobBytesMax - bytesOf({ ...spec, args: [''] });

  it('also when every text and every list is as long as it can be', () => {
    const posts = Array.from({ length: postsMax }, (_, index) =>
      aPost({
        id: index + 1,
        answer: 'unanswered',
        refusal: { code: 'MAIN_THREW', text: long(defaults.textMax) },
        alone: true,
        jarId: 'x'.repeat(255),
      }),
    );
    const because = long(200 + 2 + defaults.textMax); // Who: why.
    const attempts = Array.from({ length: attemptsMax + 1 }, (_, index) =>
      ranOn(jm(), index + 1, {
        posts,
        spec: { ...spec, args: ['x'.repeat(room)] },
        flinkName: long(defaults.flinkNameMax),
        end: { state: 'LOST', atMs: t0 },
        stop: { how: 'cancel', order: 'restart', because, expiresMs: t0, sentMs: t0, to: jm() },
      }),
    );
    const memory = {
      ...memoryOf(...attempts),
      pause: { who: long(200), why: long(defaults.textMax), sinceMs: t0, untilMs: t0 },
      ignored: Array.from({ length: defaults.ignoredMax }, () => idOf()),
      ready: { process: jm().process, sinceMs: t0 },
    };
    expect(bytesOf(memory)).toBeLessThan(ITEM_BYTES_MAX);
  });

  it('and is small as a rule: ten attempts of an ordinary job', () => {
    expect(bytesOf(memoryOf(...upTo(attemptsMax)))).toBeLessThan(10_000);
  });
});
