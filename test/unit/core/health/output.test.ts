import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { limitsOf } from '../../../../lib/core/health/limits.ts';
import { type Output, outputStalled, outputUnseen, withOutput } from '../../../../lib/core/health/output.ts';
import { known, t0, unknown } from '../../../support/builders.ts';
import { keptOf, minute } from './samples.ts';

const limits = limitsOf({ health: { output: { prefix: 's3://b/o', within: '30m' } } }).output;
/** What each look sees: records in all, and the age in minutes of the newest file, five minutes apart, the last one at `t0`. */
type Seen = readonly [records: number | undefined, newest: number | 'none' | 'denied'];
const file = (newest: Seen[1]) => {
  if (newest === 'denied') return unknown('s3:ListBucket: AccessDenied');
  return known(newest === 'none' ? undefined : { path: 's3://b/o/part-1', atMs: t0 - newest * minute });
};
const lookedAt = (...looks: readonly Seen[]): Output | undefined =>
  looks.reduce<Output | undefined>(
    (was, [records, newest], index) =>
      withOutput(was, records, file(newest), t0 - (looks.length - 1 - index) * 5 * minute),
    undefined,
  );
const judged = (...looks: readonly Seen[]) => {
  const output = lookedAt(...looks);
  return outputStalled(keptOf([], output === undefined ? {} : { output }), limits, t0);
};
/** It reads in each of these looks, and its newest file stays the same. */
const reads = (count: number, newest: Seen[1] = 90): readonly Seen[] =>
  Array.from({ length: count }, (_, n) => [n, newest]);
/** Before a look that sees a newer file. */
const before: Seen = [0, 200];

describe('does a job that reads finish files', () => {
  it('one that reads for the whole time and finishes none is told', () => {
    expect(judged(before, ...reads(7)).is).toBe('well');
    expect(judged(before, ...reads(8))).toEqual(judged(...reads(8)));
    expect(judged(...reads(8))).toEqual({
      is: 'ill',
      text: 'it reads since 2026-01-02 02:34:05 UTC and finished no file below s3://b/o since: the newest is of 2026-01-02 01:34:05 UTC',
    });
    expect(judged(...reads(8, 'none'))).toMatchObject({ text: expect.stringMatching(/since: there is none$/) });
  });

  it('a source that is quiet proves nothing', () => {
    const quiet: readonly Seen[] = Array.from({ length: 20 }, () => [7, 90]);
    expect(judged(before, ...quiet).is).toBe('well');
    // It read for a moment only.
    expect(judged([1, 90], [2, 90], ...quiet).is).toBe('unclear');
    // It reads again: what it read first should be there by now.
    expect(judged([1, 90], [2, 90], ...quiet, [9, 90]).is).toBe('ill');
    // It begins to read.
    expect(judged(before, ...quiet, [8, 90]).is).toBe('well');
  });

  it('an attempt that has finished no file yet proves nothing of the one before, which may have stalled', () => {
    expect(judged([9, 90]).is).toBe('unclear');
    expect(judged(...reads(7)).is).toBe('unclear');
    expect(judged([1, 'none'], [1, 'none']).is).toBe('unclear');
    expect(judged([1, 'none'], [1, 4]).is).toBe('well');
    expect(judged([1, 'denied'], [1, 4]).is).toBe('unclear');
    expect(judged([1, 90], [1, 'denied'], [1, 4]).is).toBe('well');
    expect(judged([1, 'denied'], [1, 6], [1, 4], [1, 4]).is).toBe('well');
  });

  it('a file that is finished begins the time anew, and ends what was told', () => {
    expect(judged(...reads(10), [10, 4]).is).toBe('well');
    expect(judged(...reads(10), [10, 30], ...reads(8, 30).map(([n]): Seen => [10 + Number(n), 30])).is).toBe('ill');
  });

  it('files that are deleted are no new ones', () => {
    expect(judged(...reads(9), [9, 'none']).is).toBe('ill');
    expect(judged(...reads(9), [9, 200]).is).toBe('ill');
  });

  it('a count that begins anew is another process’: it is not known to read', () => {
    expect(judged(...reads(9), [0, 90]).is).toBe('unclear');
    expect(judged(...reads(9), [0, 90], [1, 90]).is).toBe('ill');
  });

  it('a look that could not see all leaves it as it was, and is told in its own way', () => {
    for (const [records, newest, why] of [
      [9, 'denied', 's3:ListBucket: AccessDenied'],
      [undefined, 90, 'Flink has no figure of what its sources read'],
    ] as const) {
      const output = lookedAt(...reads(9), [records, newest]);
      const kept = keptOf([], output === undefined ? {} : { output });
      expect(outputStalled(kept, limits, t0).is).toBe('unclear');
      expect(outputUnseen(kept, limits)).toEqual({ is: 'ill', text: `below s3://b/o: ${why}` });
      expect(output).toMatchObject({ records: 8, readMs: t0 - 5 * minute });
    }
    expect(judged(...reads(9), [9, 'denied'], [10, 90]).is).toBe('ill');
    expect(lookedAt([1, 'denied'])).toMatchObject({ records: 0, unseen: expect.any(String) });
  });

  it('what is not known is not kept', () => {
    expect(lookedAt([1, 'none'])).toStrictEqual({ atMs: t0, records: 1 });
  });

  it('a reason is kept in short', () => {
    const output = withOutput(undefined, 1, unknown('x'.repeat(1_000)), t0);
    expect(output?.unseen).toHaveLength(defaults.health.reasonMax);
  });

  it('nobody knows without a look of now; nobody asks without a word in the manifest', () => {
    const output = lookedAt(...reads(9));
    const kept = keptOf([], output === undefined ? {} : { output });
    const { flowFreshMs } = defaults.health;
    expect(outputStalled(kept, limits, t0 + flowFreshMs).is).toBe('ill');
    expect(outputStalled(kept, limits, t0 + flowFreshMs + 1).is).toBe('unclear');
    expect(outputStalled(undefined, limits, t0).is).toBe('unclear');
    expect(outputUnseen(undefined, limits).is).toBe('unclear');
    expect(outputUnseen(kept, limits).is).toBe('well');
    expect(outputStalled(kept, undefined, t0).is).toBe('well');
    expect(outputUnseen(keptOf([], { output: { atMs: 0, records: 0, unseen: 'x' } }), undefined).is).toBe('well');
  });
});
