import { describe, expect, test } from 'vitest';
import { median, type Pair, ratioOf, summarize } from '../../../bench/report.ts';
import { table } from '../../../bench/table.ts';

const floor = (runningMs: number) => ({ jobId: 'f', readyMs: 900, postMs: 905, runningMs });
const autopilot = (runningMs: number, readyToPostMs: number) => ({
  ...{ jobId: 'a', eventMs: 300, readyMs: 900, passMs: 940, committedMs: 1_000, uploadMs: 1_030 },
  ...{ postMs: 900 + readyToPostMs, runningMs },
});
const pair = (floorMs: number, autopilotMs: number, readyToPostMs = 200): Pair => {
  const samples = { floor: floor(floorMs), autopilot: autopilot(autopilotMs, readyToPostMs) };
  return { ...samples, ratio: ratioOf(samples.floor, samples.autopilot) };
};
const report = (...pairs: Pair[]) =>
  summarize({ at: '2026-01-02T03:04:05.000Z', machine: { cpus: 2, memoryGb: 24, load: 0.25 }, pairs });

describe('the median', () => {
  test.each([
    { values: [7], middle: 7 },
    { values: [9, 1, 5], middle: 5 },
    { values: [4, 1, 3, 2], middle: 2.5 },
    { values: [100, 20, 3], middle: 20 },
  ])('of $values is $middle', ({ values, middle }) => expect(median(values)).toBe(middle));

  test('of nothing is an error', () => expect(() => median([])).toThrow('no median'));
});

describe('the report', () => {
  test('takes the median of the ratios of pairs, not the ratio of the medians', () => {
    const { medianRatio, medianRunningMs } = report(pair(1_000, 1_050), pair(2_000, 1_900), pair(4_000, 4_400));
    expect(medianRatio).toBeCloseTo(1.05);
    expect(medianRunningMs).toEqual({ floor: 2_000, autopilot: 1_900 });
  });

  test('keeps each raw sample', () => {
    const pairs = [pair(1_000, 1_050), pair(2_000, 2_100)];
    expect(report(...pairs)).toMatchObject({ runs: 2, pairs });
  });

  test.each([
    { floorMs: 1_000, autopilotMs: 1_100, readyToPostMs: 250, met: true },
    { floorMs: 1_000, autopilotMs: 1_101, readyToPostMs: 250, met: false },
    { floorMs: 1_000, autopilotMs: 1_100, readyToPostMs: 251, met: false },
  ])('$autopilotMs over $floorMs ms and $readyToPostMs ms to the submission: met = $met', ({ met, ...of }) =>
    expect(report(pair(of.floorMs, of.autopilotMs, of.readyToPostMs)).met).toBe(met),
  );

  test('splits the way from ready to running into steps without a gap', () => {
    const { medianSteps } = report(pair(1_000, 1_700));
    const { startToEventMs, ...steps } = medianSteps.autopilot;
    expect(startToEventMs).toBe(300);
    expect(Object.values(steps).reduce((sum, step) => sum + step, 0)).toBe(1_700 - 900);
  });
});

describe('the table', () => {
  const text = table(report(pair(1_000, 1_050, 180), pair(2_000, 2_600, 300)));

  test('has a line for each pair and one for the medians', () => {
    const rows = text.split('\n').map((line) => line.trim().split(/\s+/).join(' '));
    expect(rows).toContain('1 1000 1050 1.050 5 180');
    expect(rows).toContain('2 2000 2600 1.300 5 300');
    expect(rows).toContain('median 1500 1825 1.175 5 240');
  });

  test('names size and date of the measurement, and the verdict', () => {
    expect(text).toContain('2026-01-02T03:04:05.000Z');
    expect(text).toContain('2 CPUs, 24 GB, load 0.25');
    expect(text).toContain('✗ at most 1.10 times the bare loop: 1.175');
    expect(table(report(pair(1_000, 1_000)))).toContain('✓ at most 1.10');
  });
});
