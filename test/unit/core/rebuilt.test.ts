import { describe, expect, it } from 'vitest';
import type { Attempt, Search } from '../../../lib/core/model.ts';
import { specOf } from '../../../lib/core/remember.ts';
import { isForgotten, withRebuilt } from '../../../lib/core/state/rebuilt.ts';
import {
  anAttempt,
  aPost,
  aStatefulJob,
  idOf,
  known,
  memoryOf,
  observed,
  t0,
  unknown,
} from '../../support/builders.ts';

const job = aStatefulJob();
const DIR = `s3://state/checkpoints/${idOf(5)}`;
const posted = (n: number): Attempt => anAttempt(n, { posts: [aPost()] });
const adopted = (n: number): Attempt => anAttempt(n, { posts: [] });
const rebuilt = (n: number): Attempt => anAttempt(n, { posts: [], leftIn: DIR });
const searched = (more: Partial<Search> = {}) => ({
  ...observed(),
  snapshots: { orders: known({ found: [], directories: [], highest: 5, ...more }) },
});
const written = { n: 5, jobId: idOf(5), directory: DIR };

describe('a directory of attempt 5', () => {
  it.each<[boolean, string, readonly Attempt[]]>([
    [true, 'nothing is on record', []],
    [true, 'only earlier ones are', [posted(4), adopted(3), rebuilt(2)]],
    [true, 'a later one was taken over as it ran', [adopted(6)]],
    [true, 'another one of its number was submitted', [{ ...posted(5), jobId: 'f'.repeat(32) }]],
    [true, 'another one of its number left files', [{ ...rebuilt(5), jobId: 'f'.repeat(32) }]],
    [false, 'it is on record itself', [adopted(5)]],
    [false, 'a later one was submitted, which judged it', [posted(6)]],
    [false, 'a later one left files, which tells enough', [rebuilt(6)]],
  ])('tells of what the table lost (%s) where %s (F125)', (isSo, _, attempts) => {
    expect(isForgotten(written, attempts)).toBe(isSo);
  });
});

describe('an attempt of which only files are left', () => {
  it('is put on record as lost, in the order of numbers, and the next one is made from the manifest', () => {
    const memory = memoryOf(posted(1), adopted(7));
    const { attempts } = withRebuilt(memory, job, searched({ written }), t0);
    expect(attempts.map(({ n }) => n)).toEqual([1, 5, 7]);
    expect(attempts[1]).toEqual({
      n: 5,
      jobId: idOf(5),
      revision: job.revision,
      spec: specOf(job),
      jarVersion: 'unknown',
      jarSizeBytes: 0,
      taskDefinitionArn: 'unknown',
      flinkVersion: 'unknown',
      posts: [],
      leftIn: DIR,
      end: { state: 'LOST', atMs: t0 },
      acknowledged: true,
    });
  });

  it.each([
    ['nothing was looked for', observed()],
    ['the search failed', { ...observed(), snapshots: { orders: unknown() } }],
    ['none left files', searched()],
    ['another job was searched', { ...observed(), snapshots: { audit: searched({ written }).snapshots.orders } }],
  ])('is none where %s', (_, observation) => {
    const memory = memoryOf(posted(1));
    expect(withRebuilt(memory, job, observation, t0)).toBe(memory);
  });

  it('is put on record once, and not where a later submission judged it', () => {
    const once = withRebuilt(undefined, job, searched({ written }), t0);
    expect(once.attempts).toHaveLength(1);
    expect(withRebuilt(once, job, searched({ written }), t0 + 1)).toBe(once);
    const later = memoryOf(posted(6));
    expect(withRebuilt(later, job, searched({ written }), t0)).toBe(later);
  });
});
