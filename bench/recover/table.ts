import { machineText } from '../machine.ts';
import type { Report, Round } from './report.ts';

/** The report for a person: one line a round, the medians, where the time goes, the verdict. */
export const recoverTable = ({
  runs,
  at,
  machine,
  rounds,
  medianRunningMs: of,
  medianSteps,
  ratio,
  targets,
  met,
}: Report): string => {
  const medians = ['median', ms(of.script), ms(of.autopilot), ratio.toFixed(3)];
  const rows = [HEAD, UNITS, ...rounds.map(roundRow), medians];
  return [
    `Kill of a JobManager to its job running with its state, ${runs} rounds, ${at}`,
    machineText(machine),
    '',
    ...rows.map((row) => row.map((cell) => cell.padStart(15)).join('')),
    '',
    ...Object.entries(medianSteps).flatMap(([who, steps]) => [
      `The ${who === 'script' ? 'bare script' : who}, median of each step:`,
      ...Object.entries(steps).map(([step, value]) => `  ${words(step).padEnd(22)}${ms(value).padStart(8)} ms`),
    ]),
    '',
    `at most ${targets.ratio.toFixed(2)} times the bare script: ${ratio.toFixed(3)}`,
    met ? '✓ the target is met' : '✗ the target is missed',
  ].join('\n');
};

const HEAD = ['round', 'bare script', 'autopilot', 'ratio'];
const UNITS = ['', 'running ms', 'running ms', ''];

const roundRow = ({ script, autopilot }: Round, index: number): string[] => [
  String(index + 1),
  ms(script.runningMs),
  ms(autopilot.runningMs),
  (autopilot.runningMs / script.runningMs).toFixed(3),
];

const ms = (value: number): string => value.toFixed(0);

/** readyToPostMs → "ready to post" */
const words = (name: string): string =>
  name.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
