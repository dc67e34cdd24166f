import { describe, expect, test } from 'vitest';
import { type ColdPair, summarizeCold } from '../../../bench/cold/report.ts';
import { coldTable } from '../../../bench/cold/table.ts';

const pair = (emptyMs: number, loadedMs: number): ColdPair => ({
  empty: { importedMs: emptyMs, cpuMs: emptyMs - 1 },
  loaded: { importedMs: loadedMs, cpuMs: loadedMs + 5 },
});
const report = (...functions: (readonly [name: string, ...pairs: ColdPair[]])[]) =>
  summarizeCold({
    ...{ at: '2026-01-02T03:04:05.000Z', machine: { cpus: 2, memoryGb: 24, load: 0.25 }, node: 'v24.0.0' },
    functions: functions.map(([name, ...pairs]) => ({ name, pairs })),
  });

describe('the report of cold starts', () => {
  test('takes the median of the ratios of pairs, says how far they spread, and keeps each sample', () => {
    const pairs = [pair(20, 80), pair(40, 120), pair(10, 100)];
    expect(report(['task-started', ...pairs]).functions).toMatchObject([
      { name: 'task-started', medianRatio: 4, ratios: { min: 3, max: 10 }, median: pair(20, 100), pairs },
    ]);
  });

  test.each([
    { slowest: 120, met: true },
    { slowest: 121, met: false },
  ])('is met only when each function is: $slowest ms beside 20', ({ slowest, met }) =>
    expect(report(['a', pair(20, 60)], ['b', pair(20, slowest)]).met).toBe(met),
  );
});

test('the table has a line for each function, and the verdict', () => {
  const text = coldTable(report(['health-check', pair(20, 70)], ['task-started', pair(20, 130)]));
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/).join(' '));
  expect(rows).toContain('health-check 20 70 3.50 3.5 … 3.5 19 75');
  expect(rows).toContain('task-started 20 130 6.50 6.5 … 6.5 19 135');
  expect(text).toContain('1 pairs each, 2026-01-02T03:04:05.000Z');
  expect(text).toContain('2 CPUs, 24 GB, load 0.25 before it began; Node v24.0.0');
  expect(text).toContain('✗ at most 6 times an empty handler');
});
