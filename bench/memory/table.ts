import { machineText } from '../machine.ts';
import type { MemoryPair, MemoryReport } from './report.ts';

/** The report for a person: one line a pair, the medians, the verdict. */
export const memoryTable = (report: MemoryReport): string => {
  const { at, machine, node, memoryMb, jars, medianPeakMb, medianGrowthMb, largestPeakMb, targets, met } = report;
  const head = ['pair', `${jars.smallMb} MB jar`, `${jars.largeMb} MB jar`, 'growth', `${jars.largeMb} MB jar`];
  const medians = ['median', mb(medianPeakMb.small), mb(medianPeakMb.large), mb(medianGrowthMb), ''];
  const rows = [head, UNITS, ...report.pairs.map(row), medians];
  return [
    `Peak of a function's memory while a jar streams from S3 to Flink, ${report.runs} pairs, ${at}`,
    `${machineText(machine)}; Node ${node}, its heap limited as for ${memoryMb} MB`,
    '',
    ...rows.map((cells) => cells.map((cell) => cell.padStart(13)).join('')),
    '',
    `at most ${targets.growthMb} MB more for ${jars.largeMb} MB than for ${jars.smallMb} MB: ${mb(medianGrowthMb)} MB`,
    `within the memory setting of ${memoryMb} MB: ${mb(largestPeakMb)} MB at most`,
    met ? '✓ all targets are met' : '✗ a target is missed',
  ].join('\n');
};

const UNITS = ['', 'peak MB', 'peak MB', 'MB', 'took ms'];

const row = ({ small, large }: MemoryPair, index: number): string[] => [
  String(index + 1),
  mb(small.peakMb),
  mb(large.peakMb),
  mb(large.peakMb - small.peakMb),
  large.tookMs.toFixed(0),
];

const mb = (value: number): string => value.toFixed(1);
