import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { checkpointFailures, checkpointProgress } from '../../../../lib/core/health/checkpoints.ts';
import { progressWindowMs } from '../../../../lib/core/health/limits.ts';
import type { CheckpointConfig } from '../../../../lib/core/model.ts';
import { t0 } from '../../../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../../pass/fake-jobmanager.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

const limits = { failures: 3, looks: 2 };

describe('do checkpoints fail in a row', () => {
  const judged = (rows: readonly (number | undefined)[]) =>
    checkpointFailures(
      keptOf(
        samplesOf(rows.length).map(({ failed: _, ...rest }, index) => {
          const failed = rows[index];
          return failed === undefined ? rest : { ...rest, failed };
        }),
      ),
      limits,
    ).is;

  it.each([
    ['as often as the limit says, in two looks', [3, 3], 'ill'],
    ['once less in one of them', [2, 3], 'unclear'],
    ['once less in the newer one', [3, 2], 'unclear'],
    ['in one look alone', [3], 'unclear'],
    ['in two looks with one between them that saw nothing', [3, undefined, 3], 'ill'],
    ['in the newer look alone', [0, 0, 7], 'unclear'],
    ['and were mended, as one look says', [7, 7, 0], 'unclear'],
    ['and were mended, as two say', [7, 7, 0, 0], 'well'],
  ] as const)('%s: %s is %s', (_, rows, is) => {
    expect(judged(rows)).toBe(is);
  });

  it('one or two that failed right after a start are nobody’s worry (F120)', () => {
    expect(judged([1, 1])).not.toBe('ill');
    expect(judged([2, 2])).not.toBe('ill');
  });

  it('says how many, and Flink’s reason', () => {
    const samples = samplesOf(2, () => ({ failed: 4 }));
    expect(checkpointFailures(keptOf(samples, { failure: 'Asynchronous task checkpoint failed.' }), limits)).toEqual({
      is: 'ill',
      text: '4 checkpoints in a row failed: Asynchronous task checkpoint failed.',
    });
    expect(checkpointFailures(keptOf(samples), limits)).toMatchObject({ text: '4 checkpoints in a row failed' });
    const more = samplesOf(2, (n) => ({ failed: 4 + n }));
    expect(checkpointFailures(keptOf(more), limits)).toMatchObject({ text: '5 checkpoints in a row failed' });
    expect(checkpointFailures(undefined, limits).is).toBe('unclear');
  });
});

describe('does no checkpoint complete', () => {
  const windowMs = progressWindowMs(CHECKPOINT_CONFIG, limits);
  const judged = (ageMs: number, samples = samplesOf(3, () => ({ completed: 7 }))) =>
    checkpointProgress(keptOf(samples, { progress: { completed: 7, sinceMs: t0 - ageMs } }), CHECKPOINT_CONFIG, limits);

  it('for as long as its own configuration lets Flink take (F61)', () => {
    expect(windowMs).toBe(20 * minute);
    expect(judged(windowMs - 1).is).toBe('well');
    expect(judged(windowMs)).toEqual({ is: 'ill', text: 'no checkpoint completed since 2026-01-02 02:44:05 UTC' });
  });

  it('also where one hangs and none fails: which one is said (F112)', () => {
    const kept = keptOf(
      samplesOf(2, () => ({ completed: 7 })),
      { progress: { completed: 7, sinceMs: t0 - windowMs }, underWay: { id: 8, sinceMs: t0 - windowMs } },
    );
    expect(checkpointProgress(kept, CHECKPOINT_CONFIG, limits)).toMatchObject({
      text: expect.stringContaining('; number 8 is under way since 2026-01-02 02:44:05 UTC'),
    });
  });

  it('as one look after a long time without any says: nobody knows (F59)', () => {
    const [first, , last] = samplesOf(3, () => ({ completed: 7 }));
    if (first === undefined || last === undefined) throw new Error('three samples were expected');
    const { freshMs } = defaults.health;
    expect(judged(windowMs, [last]).is).toBe('unclear');
    expect(judged(windowMs, [{ ...first, atMs: t0 - freshMs - 1 }, last]).is).toBe('unclear');
    expect(judged(windowMs, [{ ...first, atMs: t0 - freshMs }, last]).is).toBe('ill');
  });

  it('as the last look that could tell says, however long ago that was', () => {
    const blind = samplesOf(3).map(({ completed: _, ...rest }) => rest);
    expect(judged(windowMs, blind).is).toBe('unclear');
    expect(checkpointProgress(undefined, CHECKPOINT_CONFIG, limits).is).toBe('unclear');
  });

  it('one look is enough to see one that completed', () => {
    expect(
      judged(
        0,
        samplesOf(1, () => ({ completed: 7 })),
      ).is,
    ).toBe('well');
  });

  it('is not said without a beginning', () => {
    const { progress: _, ...rest } = keptOf(samplesOf(2));
    expect(checkpointProgress(rest, CHECKPOINT_CONFIG, limits).is).toBe('unclear');
  });

  it('is not said to be over while not all of its tasks run', () => {
    expect(
      judged(
        0,
        samplesOf(2, () => ({ allRun: false })),
      ).is,
    ).toBe('unclear');
  });
});

describe('the window of progress', () => {
  it.each<[string, Partial<CheckpointConfig>, number | undefined, number]>([
    ['is the timeout twice', { intervalMs: 1_000 }, undefined, 20],
    ['is the interval twice where that is longer', { intervalMs: 3_600_000 }, undefined, 120],
    ['grows by each failure that is tolerated', { toleratedFailures: 3 }, undefined, 50],
    ['does not grow for ever', { toleratedFailures: 2_147_483_647 }, undefined, 100],
    ['is five minutes at least', { intervalMs: 1_000, timeoutMs: 1_000 }, undefined, 5],
    ['is what the manifest says', {}, 30 * minute, 30],
    ['also where that is shorter', {}, 6 * minute, 6],
    ['is never shorter than two intervals', { intervalMs: 3_600_000 }, 6 * minute, 120],
  ])('%s', (_, config, progressMs, minutes) => {
    const ofManifest = progressMs === undefined ? {} : { progressMs };
    expect(progressWindowMs({ ...CHECKPOINT_CONFIG, ...config }, { ...limits, ...ofManifest })).toBe(minutes * minute);
  });
});
