import { describe, expect, test } from 'vitest';
import { type MemoryPair, summarizeMemory } from '../../../bench/memory/report.ts';
import { memoryTable } from '../../../bench/memory/table.ts';

const pair = (smallMb: number, largeMb: number): MemoryPair => ({
  small: { peakMb: smallMb, tookMs: 500 },
  large: { peakMb: largeMb, tookMs: 4_000 },
});
const report = (memoryMb: number, ...pairs: MemoryPair[]) =>
  summarizeMemory({
    ...{ at: '2026-01-02T03:04:05.000Z', machine: { cpus: 2, memoryGb: 24, load: 0.25 }, node: 'v24.0.0' },
    ...{ memoryMb, pairs },
  });

describe('the report of memory', () => {
  test('takes the median of the differences of pairs, the largest peak of all, and keeps each sample', () => {
    const pairs = [pair(100, 110), pair(90, 120), pair(130, 131)];
    expect(report(256, ...pairs)).toMatchObject({
      ...{ runs: 3, medianGrowthMb: 10, medianPeakMb: { small: 100, large: 120 }, largestPeakMb: 131, pairs },
    });
  });

  test.each([
    { smallMb: 100, largeMb: 116, memoryMb: 116, met: true },
    { smallMb: 100, largeMb: 116.1, memoryMb: 256, met: false },
    { smallMb: 100, largeMb: 116, memoryMb: 115.9, met: false },
    { smallMb: 140, largeMb: 116, memoryMb: 139, met: false },
  ])('$largeMb MB beside $smallMb, of $memoryMb: met = $met', ({ smallMb, largeMb, memoryMb, met }) =>
    expect(report(memoryMb, pair(smallMb, largeMb)).met).toBe(met),
  );
});

test('the table has a line for each pair and one for the medians, and the verdict', () => {
  const text = memoryTable(report(256, pair(100, 110), pair(102, 103)));
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/).join(' '));
  expect(rows).toContain('1 100.0 110.0 10.0 4000');
  expect(rows).toContain('median 101.0 106.5 5.5');
  expect(text).toContain('at most 16 MB more for 200 MB than for 20 MB: 5.5 MB');
  expect(text).toContain('within the memory setting of 256 MB: 110.0 MB at most\n✓');
  expect(memoryTable(report(256, pair(100, 117)))).toContain('✗ a target is missed');
});
