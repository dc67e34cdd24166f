import { describe, expect, it } from 'vitest';
import { durationMs, spanOf, utc } from '../../../lib/core/times.ts';
import { aCluster, aJob, look, t0 } from '../../support/builders.ts';

describe('a moment', () => {
  it.each([
    [t0, '2026-01-02 03:04:05 UTC'],
    [t0 + 999, '2026-01-02 03:04:05 UTC'],
    [t0 + 1_000, '2026-01-02 03:04:06 UTC'],
    [Date.UTC(2026, 11, 31, 23, 59, 59), '2026-12-31 23:59:59 UTC'],
    [0, '1970-01-01 00:00:00 UTC'],
    [8.64e15, '275760-09-13 00:00:00 UTC'],
    [8.64e15 + 1, '8640000000000001 ms'],
    [-8.64e15 - 1, '-8640000000000001 ms'],
    [Infinity, 'Infinity ms'],
    [NaN, 'NaN ms'],
  ])('%d is read as %s', (ms, text) => {
    expect(utc(ms)).toBe(text);
  });

  it('that no calendar has stops no pass: the job is decided on', () => {
    const pause = { who: 'anna', why: 'x', sinceMs: t0, untilMs: 1e300 };
    const { decision } = look({ job: aJob(), cluster: aCluster(), pause });
    expect(decision.because).toContain('paused by anna until 1e+300 ms: x');
  });
});

describe('a duration', () => {
  it.each<[string, number | undefined]>([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['12  h', 43_200_000],
    ['999999s', 999_999_000],
    ['1000000s', undefined],
    ['0s', undefined],
    ['1w', undefined],
    ['s', undefined],
    ['1', undefined],
    ['', undefined],
    ['-1s', undefined],
    ['x1s', undefined],
    ['1sx', undefined],
    ['1.5h', undefined],
  ])('%j is %s ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});

describe('a span of time', () => {
  it.each([
    [10_000, '10 s'],
    [119_499, '119 s'],
    [120_000, '2 min'],
    [1_000_000, '16.7 min'],
    [3_600_000, '60 min'],
    [86_400_000, '1440 min'],
  ])('of %d ms is read as %s', (ms, text) => {
    expect(spanOf(ms)).toBe(text);
  });
});
