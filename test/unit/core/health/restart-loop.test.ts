import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { restartLoop } from '../../../../lib/core/health/restart-loop.ts';
import { t0 } from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

const limits = { max: 5, withinMs: 15 * minute, calmMs: 5 * minute };
/** What the counter says of the last minutes, one sample each; `laterMs` after the last. */
const judged = (counts: readonly (number | undefined)[], laterMs = 0) => {
  const samples = samplesOf(counts.length).map(({ restarts: _, ...rest }, index) => {
    const restarts = counts[index];
    return restarts === undefined ? rest : { ...rest, restarts };
  });
  return restartLoop(keptOf(samples), limits, t0 + laterMs).is;
};

describe('is a job in a restart loop', () => {
  it.each([
    ['restarted as often as the limit says', [0, 1, 5], 'ill'],
    ['restarted once less', [0, 1, 4], 'unclear'],
    ['that was restarted often before anybody looked', [1_000, 1_000], 'unclear'],
    ['whose counter was not to be had in between', [0, undefined, undefined, 5], 'ill'],
    ['whose counter goes backwards and stays', [90, 90, 0, 0], 'unclear'],
    ['whose counter goes backwards and on from there', [90, 90, 0, 5], 'ill'],
    ['that was not restarted for as long as it takes to be calm', [9, 9, 9, 9, 9, 9], 'well'],
    ['that was looked at for less than that', [9, 9, 9, 9, 9], 'unclear'],
    ['that was restarted at the edge of it', [0, 1, 1, 1, 1, 1, 1], 'unclear'],
    ['that was restarted a look before it', [0, 1, 1, 1, 1, 1, 1, 1], 'well'],
    ['of which nothing is known', [], 'unclear'],
  ] as const)('one %s: %s is %s', (_, counts, is) => {
    expect(judged(counts)).toBe(is);
  });

  it('what lies before the window does not count, what lies at its edge does', () => {
    const counts = [0, 5, ...Array.from({ length: 14 }, () => 5)];
    expect(judged(counts, minute)).toBe('ill');
    expect(judged(counts, minute + 1)).toBe('well');
  });

  it('a counter that is lower than last time is another process’: a new baseline (F60)', () => {
    expect(judged([90, 90, 0, 4])).toBe('unclear');
    expect(judged([90, 90, 0, 5])).toBe('ill');
    expect(judged([90, 2, 2, 2, 2, 2, 2])).toBe('well');
  });

  it('figures that are older than two failed looks say nothing of now', () => {
    const calm = Array.from({ length: 10 }, () => 0);
    expect(judged(calm, defaults.health.freshMs)).toBe('well');
    expect(judged(calm, defaults.health.freshMs + 1)).toBe('unclear');
  });

  it('nothing kept is nothing known', () => {
    expect(restartLoop(undefined, limits, t0).is).toBe('unclear');
  });

  it('says how often and within which time', () => {
    expect(restartLoop(keptOf(samplesOf(2, (n) => ({ restarts: n * 7 }))), limits, t0)).toEqual({
      is: 'ill',
      text: 'Flink restarted it 7 times within 15 min',
    });
  });
});
