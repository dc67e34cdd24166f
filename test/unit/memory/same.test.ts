import { describe, expect, it } from 'vitest';
import { withAttempts, withPosts } from '../../../lib/core/same.ts';
import { anAttempt, aPost, memoryOf } from '../../support/builders.ts';

const [first, second] = [anAttempt(1, { posts: [aPost(), aPost({ id: 2 })] }), anAttempt(2)];
const memory = memoryOf(first, second);

describe('what is put together anew', () => {
  it('is the very same where every part is', () => {
    expect(withAttempts(memory, [first, second])).toBe(memory);
    expect(withPosts(first, [...first.posts])).toBe(first);
  });

  it.each([
    ['fewer', [first]],
    ['more', [first, second, anAttempt(3)]],
    ['others, equal or not', [first, { ...second }]],
    ['none', []],
  ])('has just the parts that it is given: %s', (_, attempts) => {
    expect(withAttempts(memory, attempts).attempts).toBe(attempts);
  });

  it('has just the POSTs that it is given', () => {
    expect(withPosts(first, [aPost()])).toStrictEqual({ ...first, posts: [aPost()] });
  });
});
