import { machineText } from '../machine.ts';
import type { ColdReport, FunctionReport } from './report.ts';

/** The report for a person: one line a function, the verdict. */
export const coldTable = ({ at, machine, node, functions, targets, met }: ColdReport): string => {
  const rows = [HEAD, UNITS, ...functions.map(row)];
  return [
    `Start of a process to its function imported, ${functions[0]?.pairs.length ?? 0} pairs each, ${at}`,
    `${machineText(machine)}; Node ${node}`,
    '',
    ...rows.map(([name = '', ...cells]) => name.padEnd(16) + cells.map((cell) => cell.padStart(12)).join('')),
    '',
    `${met ? '✓' : '✗'} at most ${targets.ratio} times an empty handler, median of the pairs`,
  ].join('\n');
};

const HEAD = ['function', 'empty', 'function', 'ratio', 'from … to', 'empty', 'function'];
const UNITS = ['', 'ms', 'ms', '', '', 'CPU ms', 'CPU ms'];

const row = ({ name, median: { empty, loaded }, medianRatio, ratios }: FunctionReport): string[] => [
  name,
  empty.importedMs.toFixed(0),
  loaded.importedMs.toFixed(0),
  medianRatio.toFixed(2),
  `${ratios.min.toFixed(1)} … ${ratios.max.toFixed(1)}`,
  empty.cpuMs.toFixed(0),
  loaded.cpuMs.toFixed(0),
];
