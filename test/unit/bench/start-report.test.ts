import { describe, expect, test } from 'vitest';
import { median } from '../../../bench/median.ts';
import { type Pair, ratioOf, type Samples, summarize } from '../../../bench/start/report.ts';
import { startTable } from '../../../bench/start/table.ts';

const floor = (runningMs: number) => ({ jobId: 'f', readyMs: 900, postMs: 905, runningMs });
const autopilot = (runningMs: number, readyToPostMs: number) => ({
  ...{ jobId: 'a', eventMs: 300, readyMs: 900, passMs: 940, committedMs: 1_000, uploadMs: 1_030 },
  ...{ postMs: 900 + readyToPostMs, runningMs },
});
const pair = (floorMs: number, autopilotMs: number, readyToPostMs = 200): Pair => {
  const samples = { floor: floor(floorMs), autopilot: autopilot(autopilotMs, readyToPostMs) };
  return { ...samples, ratio: ratioOf(samples.floor, samples.autopilot) };
};
const samples = (pairs: readonly Pair[], more: Partial<Samples> = {}): Samples => ({
  at: '2026-01-02T03:04:05.000Z',
  machine: { cpus: 2, memoryGb: 24, load: 0.25 },
  ...{ bootMs: 0, pairs, shellRuns: [], ...more },
});
const report = (...pairs: Pair[]) => summarize(samples(pairs));
const shell = (readyToPostMs: number, runningMs: number) => ({
  ...{ jobId: 's', readyMs: 900, postMs: 900 + readyToPostMs, runningMs },
});

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

  test.each([
    { readyToPostMs: 250, met: true },
    { readyToPostMs: 251, met: false },
  ])('of a boot that is held judges what comes after it: $readyToPostMs ms', ({ readyToPostMs, met }) =>
    expect(summarize(samples([pair(41_000, 49_000, readyToPostMs)], { bootMs: 40_000 })).met).toBe(met),
  );

  test('splits the way from ready to running into steps without a gap', () => {
    const { medianSteps } = report(pair(1_000, 1_700));
    const { startToEventMs, ...steps } = medianSteps.autopilot;
    expect(startToEventMs).toBe(300);
    expect(Object.values(steps).reduce((sum, step) => sum + step, 0)).toBe(1_700 - 900);
  });
});

describe('the shell method', () => {
  const beside = (bootMs: number, ...shellRuns: ReturnType<typeof shell>[]) =>
    summarize(samples([pair(1_000, 1_000, 200)], { bootMs, shellRuns }));

  test('is not spoken of without a sample', () => expect(report(pair(1_000, 1_000)).shell).toBeUndefined());

  test('is compared by medians, from ready to the submission and from start to running', () =>
    expect(beside(0, shell(20_000, 30_000), shell(60_000, 50_000))).toMatchObject({
      shellRuns: [shell(20_000, 30_000), shell(60_000, 50_000)],
      shell: {
        runs: 2,
        medianReadyToPostMs: 40_000,
        medianRunningMs: 40_000,
        timesFaster: { readyToPost: 200, running: 40 },
      },
    }));

  test.each([
    { bootMs: 0, readyToPostMs: 2_000, runningMs: 10_000, met: true },
    { bootMs: 0, readyToPostMs: 1_999, runningMs: 10_000, met: false },
    { bootMs: 0, readyToPostMs: 2_000, runningMs: 9_999, met: false },
    { bootMs: 40_000, readyToPostMs: 2_000, runningMs: 1_500, met: true },
    { bootMs: 40_000, readyToPostMs: 1_999, runningMs: 1_500, met: false },
  ])('at $readyToPostMs and $runningMs ms with a boot held for $bootMs ms: met = $met', ({ met, ...of }) =>
    expect(beside(of.bootMs, shell(of.readyToPostMs, of.runningMs)).met).toBe(met),
  );
});

describe('the table', () => {
  const text = startTable(report(pair(1_000, 1_050, 180), pair(2_000, 2_600, 300)));

  test('has a line for each pair and one for the medians', () => {
    const rows = text.split('\n').map((line) => line.trim().split(/\s+/).join(' '));
    expect(rows).toContain('1 1000 1050 1.050 5 180');
    expect(rows).toContain('2 2000 2600 1.300 5 300');
    expect(rows).toContain('median 1500 1825 1.175 5 240');
  });

  test('names size and date of the measurement, and the verdict', () => {
    expect(text).toContain('2026-01-02T03:04:05.000Z');
    expect(text).toContain('2 CPUs, 24 GB, load 0.25');
    expect(text).toContain('at most 1.10 times the bare loop: 1.175');
    expect(text).toContain('✗ a target is missed');
    expect(startTable(report(pair(1_000, 1_000)))).toContain('✓ all targets are met');
  });

  test('names a boot that was held, and the figure for which ten times holds', () => {
    const shellRuns = [shell(60_000, 61_000)];
    const plain = startTable(summarize(samples([pair(1_000, 1_000)], { shellRuns })));
    expect(plain).toContain('at least 10 times faster than it, ready to submission: 300\nand start to running: 61.0');
    const held = startTable(summarize(samples([pair(1_000, 1_000)], { shellRuns, bootMs: 40_000 })));
    expect(held).toContain('each JobManager held for 40 s after its start');
    expect(held).toContain('start to running (no target: the boot is held): 61.0');
    expect(held).toContain('the bare loop (no target: the boot is held): 1.000');
  });
});
