import { describe, expect, test } from 'vitest';
import { type Round, summarize } from '../../../bench/recover/report.ts';
import { recoverTable } from '../../../bench/recover/table.ts';

const sample = (runningMs: number) => ({ jobId: 'j', startedMs: 100, readyMs: 5_000, postMs: 5_200, runningMs });
const round = (scriptMs: number, autopilotMs: number): Round => ({
  script: sample(scriptMs),
  autopilot: { ...sample(autopilotMs), eventMs: 400, passMs: 5_020, committedMs: 5_080 },
});
const report = (...rounds: Round[]) =>
  summarize({ at: '2026-01-02T03:04:05.000Z', machine: { cpus: 2, memoryGb: 24, load: 0.25 }, rounds });

describe('the report of recover', () => {
  test('takes the ratio of the medians, and keeps each raw sample', () => {
    const rounds = [round(6_000, 6_300), round(7_000, 6_600), round(8_000, 9_900)];
    expect(report(...rounds)).toMatchObject({
      runs: 3,
      rounds,
      medianRunningMs: { script: 7_000, autopilot: 6_600 },
      ratio: 6_600 / 7_000,
    });
  });

  test.each([
    { autopilotMs: 11_500, met: true },
    { autopilotMs: 11_501, met: false },
  ])('$autopilotMs over 10000 ms: met = $met', ({ autopilotMs, met }) =>
    expect(report(round(10_000, autopilotMs)).met).toBe(met),
  );

  test('splits the way from the kill to running into steps without a gap', () => {
    const { script, autopilot } = report(round(7_000, 8_000)).medianSteps;
    const sum = (steps: readonly (number | undefined)[]) =>
      steps.reduce((total = 0, step = Number.NaN) => total + step, 0);
    expect(sum(Object.values(script))).toBe(7_000);
    const { readyToPassMs, passToCommittedMs, committedToPostMs, readyToPostMs } = autopilot;
    expect(sum([readyToPassMs, passToCommittedMs, committedToPostMs])).toBe(readyToPostMs);
  });
});

describe('the table of recover', () => {
  test('has a line for each round, one for the medians, and the verdict', () => {
    const rows = recoverTable(report(round(6_000, 6_300), round(7_000, 9_000)))
      .split('\n')
      .map((line) => line.trim().split(/\s+/).join(' '));
    expect(rows).toContain('1 6000 6300 1.050');
    expect(rows).toContain('median 6500 7650 1.177');
    expect(rows).toContain('at most 1.15 times the bare script: 1.177');
    expect(rows.at(-1)).toBe('✗ the target is missed');
    expect(recoverTable(report(round(6_000, 6_000)))).toContain('✓ the target is met');
  });
});
