import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { backPressure } from '../../../../lib/core/health/back-pressure.ts';
import type { Share } from '../../../../lib/core/health/flow.ts';
import { limitsOf } from '../../../../lib/core/health/limits.ts';
import { t0 } from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

const limits = limitsOf({}).backPressure;
const every = 5 * minute;
/** One each five minutes, the last one at `t0`. */
const sharesOf = (percents: readonly number[]): readonly Share[] =>
  percents.map((percent, index) => {
    const atMs = t0 - (percents.length - 1 - index) * every;
    return { fromMs: atMs - every, atMs, percent };
  });
const keptWith = (shares: readonly Share[]) =>
  keptOf(samplesOf(1), {
    flow: { atMs: t0, flinkMs: 1, pressuredMs: [], shares, words: '"a" waits 97 %' },
  });
const judged = (percents: readonly number[], nowMs = t0, of = limits) =>
  backPressure(keptWith(sharesOf(percents)), of, nowMs);

describe('does a job wait for its slowest part', () => {
  it.each([
    ['all of half an hour', [90, 90, 90, 90, 90, 90], 'ill'],
    ['a look less', [90, 90, 90, 90, 90], 'unclear'],
    ['a little less at the end', [90, 90, 90, 90, 90, 89], 'unclear'],
    ['a little less in the middle, and a little more after it', [90, 90, 82, 98, 90, 90], 'ill'],
    ['clearly less in the middle', [100, 100, 69, 100, 100, 100], 'unclear'],
    ['clearly less before', [0, 0, 90, 90, 90, 90, 90, 90], 'ill'],
    ['clearly less in one look', [100, 100, 100, 100, 100, 69], 'unclear'],
    ['clearly less in two', [100, 100, 100, 100, 69, 69], 'well'],
    ['less in two, but not clearly', [95, 95, 95, 95, 70, 70], 'unclear'],
    ['nothing at all', [0, 0], 'well'],
    ['nothing, in one look', [0], 'unclear'],
  ] as const)('%s: %j is %s', (_, percents, is) => {
    expect(judged(percents).is).toBe(is);
  });

  it('says how long, and who', () => {
    expect(judged([95, 95, 95, 95, 95, 95, 95])).toStrictEqual({
      is: 'ill',
      text: 'for 30 min its work waits: "a" waits 97 %',
    });
    const low = limitsOf({ health: { backPressure: '20%' } }).backPressure;
    const flow = { atMs: t0, flinkMs: 1, pressuredMs: [], shares: sharesOf([25, 25, 25, 25, 25, 25]) };
    expect(backPressure(keptOf(samplesOf(1), { flow }), low, t0)).toMatchObject({ text: 'for 30 min its work waits' });
  });

  it('a gap begins the window anew: what nobody looked at proves nothing', () => {
    const gap = sharesOf([95, 95, 95, 95, 95, 95]).map((share, index) =>
      index === 2 ? { ...share, fromMs: share.fromMs + 1 } : share,
    );
    expect(backPressure(keptWith(gap), limits, t0).is).toBe('unclear');
  });

  it('a longer look counts as long as it was', () => {
    const long = [
      { fromMs: t0 - 60 * minute, atMs: t0 - every, percent: 95 },
      { fromMs: t0 - every, atMs: t0, percent: 70 },
    ];
    expect(backPressure(keptWith(long), limits, t0).is).toBe('ill');
  });

  it('nobody knows without a look of now', () => {
    const six = [95, 95, 95, 95, 95, 95];
    const { flowFreshMs } = defaults.health;
    expect(judged(six, t0 + flowFreshMs).is).toBe('ill');
    expect(judged(six, t0 + flowFreshMs + 1).is).toBe('unclear');
    expect(judged([]).is).toBe('unclear');
    expect(backPressure(undefined, limits, t0).is).toBe('unclear');
  });

  it('the manifest may say otherwise, or off; a job that ends by itself takes what it can', () => {
    const ten = limitsOf({ health: { backPressure: '60%', backPressureWithin: '10m' } }).backPressure;
    expect(ten).toEqual({ percent: 60, withinMs: 10 * minute });
    expect(judged([60, 60], t0, ten).is).toBe('ill');
    for (const off of [limitsOf({ health: { backPressure: 'off' } }), limitsOf({ bounded: true })])
      expect(backPressure(keptWith(sharesOf([100, 100, 100, 100, 100, 100])), off.backPressure, t0).is).toBe('well');
  });
});
