import { machineText } from '../machine.ts';
import { median } from '../median.ts';
import { ARMS, type ArmName } from './arms.ts';
import { type Growth, jobsOf, type TickReport, type TickSample } from './report.ts';

/** The report for a person: medians of each size, the targets, the verdict. */
export const tickTable = (report: TickReport): string => {
  const { at, machine, node, rounds, targets, growth } = report;
  const rows = [HEAD, UNITS, ...(Object.keys(ARMS) as ArmName[]).map((name) => row(name, report))];
  return [
    `One scheduled look at all clusters, cold, ${rounds.length} rounds, ${at}`,
    `${machineText(machine)}; Node ${node}; Flink answers after 20 ms, every fourth call of ECS is throttled`,
    '',
    ...rows.map(([name = '', ...cells]) => name.padEnd(16) + cells.map((cell) => cell.padStart(10)).join('')),
    '',
    `at most ${targets.durationMs / 1_000} s: ${(report.durationMs / 1_000).toFixed(1)} s`,
    `at most ${targets.memoryMb} MB: ${report.peakMb.toFixed(0)} MB`,
    `at most ${targets.storeCalls} calls of the table for a quiet cluster: ${report.storeCalls}`,
    `25 to 50 clusters: ${growthText(growth.byClusters)}`,
    `10 to 20 jobs in each: ${growthText(growth.byJobs)}`,
    ...(report.unsteady === 0 ? [] : [`${report.unsteady} looks found something to do: nothing is measured by them`]),
    report.met ? '✓ all targets are met' : '✗ a target is missed',
  ].join('\n');
};

const HEAD = ['clusters × jobs', 'import', 'handler', 'CPU', 'peak', 'heap', 'ECS', 'throttled', 'Flink', 'table'];
const UNITS = ['', 'ms', 'ms', 'ms', 'MB', 'MB', 'calls', 'calls', 'calls', 'R / W'];

const row = (name: ArmName, { rounds }: TickReport): string[] => {
  const of = (pick: (sample: TickSample) => number) => median(rounds.map((round) => pick(round[name]))).toFixed(0);
  const units = (pick: (sample: TickSample) => number) => mean(rounds.map((round) => pick(round[name]))).toFixed(1);
  return [
    `${ARMS[name].clusters} × ${ARMS[name].jobs} = ${jobsOf(name)}`,
    of(({ importedMs }) => importedMs),
    of(({ handlerMs }) => handlerMs),
    of(({ cpuMs }) => cpuMs),
    of(({ peakMb }) => peakMb),
    of(({ heapMb }) => heapMb),
    of(({ ecsCalls }) => ecsCalls),
    of(({ ecsThrottled }) => ecsThrottled),
    of(({ flinkCalls }) => flinkCalls),
    `${units(({ readUnits }) => readUnits)} / ${units(({ writeUnits }) => writeUnits)}`,
  ];
};

/** Of units, because what is written now and then is billed, too. */
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const growthText = ({ duration, jobs }: Growth): string =>
  `${duration.toFixed(2)} times as long for ${jobs} times as many jobs`;
