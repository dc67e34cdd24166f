import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/core/decision.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { withinUploads } from '../../../lib/core/uploads.ts';
import { anAttempt, aPost } from '../../support/builders.ts';

const MB = 1_000_000;
const MAX = defaults.uploadBytesMax;

/** A decision to run `job` with a jar of that size. */
const runs = (job: string, bytes: number, { tries = 1, jar = `s3://jars/${job}.jar`, jarId = '' } = {}): Decision => {
  const post = aPost();
  const attempt = anAttempt(1, { posts: Array.from({ length: tries }, () => post), jarSizeBytes: bytes });
  const effect = { kind: 'run', job, attempt: { ...attempt, spec: { ...attempt.spec, jar } }, post } as const;
  const left = jarId === '' ? {} : { jarId };
  return { job, saw: 'absent', verdict: 'act', because: 'new', effect: { ...effect, ...left } };
};
const off: Decision = { job: 'off', saw: 'absent', verdict: 'off', because: 'disabled' };

describe('the uploads of one pass', () => {
  it.each<[string, readonly Decision[], readonly string[]]>([
    ['take what fits exactly', [runs('a', MAX - MB), runs('b', MB)], ['a', 'b']],
    ['leave what does not fit by a byte', [runs('a', MAX - MB), runs('b', MB + 1)], ['a']],
    ['take one that is too large alone', [runs('a', MAX + 1), runs('b', 1)], ['a']],
    ['begin with what was tried less often', [runs('a', MAX, { tries: 2 }), runs('b', MAX)], ['b']],
    [
      'count a shared jar once',
      [runs('a', MAX, { jar: 's3://j.jar' }), runs('b', MAX, { jar: 's3://j.jar' })],
      ['a', 'b'],
    ],
    [
      'count a shared jar once, beside another',
      [runs('a', MAX / 2, { jar: 's3://j.jar' }), runs('b', MAX / 2, { jar: 's3://j.jar' }), runs('c', MAX / 2)],
      ['a', 'b', 'c'],
    ],
    ['take nothing after the first that does not fit', [runs('a', MAX), runs('b', MB), runs('c', 0)], ['a']],
    ['do not count a jar of the image', [runs('a', MAX), runs('b', MAX, { jar: 'image:b.jar' })], ['a', 'b']],
    ['do not count a jar that is there', [runs('a', MAX), runs('b', MAX, { jarId: 'left.jar' })], ['a', 'b']],
    ['do not count what a dry run only shows', [{ ...runs('a', MAX), verdict: 'would' }, runs('b', MAX)], ['a', 'b']],
    ['are none of a job that is off', [off, runs('a', 1)], ['a']],
    ['are none of a decision without an effect', [{ ...off, verdict: 'act' }, runs('a', 1)], ['a']],
  ])('%s', (_, decisions, expected) => {
    const after = withinUploads(decisions);
    expect(after.filter(({ effect }) => effect !== undefined).map(({ job }) => job)).toEqual(expected);
    expect(after.map(({ job }) => job)).toEqual(decisions.map(({ job }) => job));
  });

  it('let the others wait without an intent and without a problem', () => {
    const [, waiting] = withinUploads([runs('a', MAX), runs('b', MAX)]);
    expect(waiting).toEqual({
      job: 'b',
      saw: 'absent',
      verdict: 'wait',
      because: 'new; other jars are uploaded first',
    });
  });
});
