import { machineText } from '../machine.ts';
import type { Pair, Report } from './report.ts';

/** The report for a person: one line a pair, the medians, where the autopilot's time goes, the verdict. */
export const startTable = (report: Report): string => {
  const { pairs, bootMs, medianRunningMs, medianRatio, medianReadyToPostMs, medianSteps, machine } = report;
  const medians = [
    'median',
    ms(medianRunningMs.floor),
    ms(medianRunningMs.autopilot),
    medianRatio.toFixed(3),
    ms(medianSteps.floor.readyToPostMs ?? Number.NaN),
    ms(medianReadyToPostMs),
  ];
  const rows = [HEAD, UNITS, ...pairs.map(pairRow), medians];
  return [
    `Start of a JobManager to its job running, ${report.runs} pairs, ${report.at}`,
    machineText(machine),
    ...(bootMs === 0 ? [] : [`each JobManager held for ${bootMs / 1_000} s after its start`]),
    '',
    ...rows.map((row) => row.map((cell) => cell.padStart(15)).join('')),
    '',
    'The autopilot, median of each step:',
    ...Object.entries(medianSteps.autopilot).map(
      ([step, value]) => `  ${words(step).padEnd(22)}${ms(value).padStart(8)} ms`,
    ),
    '',
    ...verdict(report),
  ].join('\n');
};

const verdict = ({ medianRatio, medianReadyToPostMs, shell, targets, met, bootMs }: Report): string[] => {
  const faster = shell?.timesFaster;
  const noTarget = bootMs > 0 ? ' (no target: the boot is held)' : '';
  return [
    `at most ${targets.ratio.toFixed(2)} times the bare loop${noTarget}: ${medianRatio.toFixed(3)}`,
    `ready to submission at most ${targets.readyToPostMs} ms: ${ms(medianReadyToPostMs)}`,
    ...(shell === undefined || faster === undefined
      ? []
      : [
          `the shell method (${shell.runs} runs): ready to submission ${ms(shell.medianReadyToPostMs)} ms, ` +
            `start to running ${ms(shell.medianRunningMs)} ms`,
          `at least ${targets.timesFaster} times faster than it, ready to submission: ${faster.readyToPost.toFixed(0)}`,
          `and start to running${noTarget}: ${faster.running.toFixed(1)}`,
        ]),
    met ? '✓ all targets are met' : '✗ a target is missed',
  ];
};

const HEAD = ['pair', 'bare loop', 'autopilot', 'ratio', 'bare loop', 'autopilot'];
const UNITS = ['', 'running ms', 'running ms', '', 'ready→POST ms', 'ready→POST ms'];

const pairRow = ({ floor, autopilot, ratio }: Pair, index: number): string[] => [
  String(index + 1),
  ms(floor.runningMs),
  ms(autopilot.runningMs),
  ratio.toFixed(3),
  ms(floor.postMs - floor.readyMs),
  ms(autopilot.postMs - autopilot.readyMs),
];

const ms = (value: number): string => value.toFixed(0);

/** readyToPostMs → "ready to post" */
const words = (name: string): string =>
  name.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
