import { describe, expect, it } from 'vitest';
import { withIntent } from '../../../lib/core/intent.ts';
import type { Effect } from '../../../lib/core/model.ts';
import { anAttempt, aPost, idOf, jm, memoryOf } from '../../support/builders.ts';

const run = (n: number): Effect => ({
  kind: 'run',
  job: 'orders',
  attempt: anAttempt(n, { posts: [aPost()] }),
  post: aPost(),
});

describe('the memory before an effect (I3)', () => {
  it('holds the attempt as it will be, in the place of the same id, in order of the numbers', () => {
    const memory = { ...memoryOf(anAttempt(1), anAttempt(3)), ignored: ['x'] };
    const ids = (n: number) => withIntent(memory, run(n)).attempts.map((attempt) => [attempt.n, attempt.posts.length]);
    expect(ids(1)).toEqual([
      [1, 1],
      [3, 0],
    ]);
    expect(ids(2)).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
    expect(ids(4)).toEqual([
      [1, 0],
      [3, 0],
      [4, 1],
    ]);
    expect(withIntent(memory, run(1)).ignored).toEqual(['x']);
  });

  it('has no jar any more that is to be deleted, and every other', () => {
    const posts = [aPost({ jarId: 'a.jar' }), aPost({ id: 2 }), aPost({ id: 3, jarId: 'b.jar' })];
    const effect = { kind: 'delete-jar', job: 'orders', to: jm(), jarId: 'a.jar' } as const;
    const after = withIntent(memoryOf(anAttempt(1, { posts }), anAttempt(2, { posts })), effect);
    expect(after.attempts.map(({ jobId }) => jobId)).toEqual([idOf(1), idOf(2)]);
    for (const attempt of after.attempts)
      expect(attempt.posts).toStrictEqual([aPost(), aPost({ id: 2 }), aPost({ id: 3, jarId: 'b.jar' })]);
  });
});
