import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts the tests of reports that vitest's JSON reporter wrote, and of the summary of a simulation: each invariant and
 * each state to be reached is one. What did not pass has failed: also a test that was skipped, a file that did not load,
 * and a report that is not there.
 */
export const tally = (reports: readonly string[]): Tally => {
  const counts = reports.map(countOf);
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
};

export type Tally = { readonly passed: number; readonly failed: number };

/** The line that ends a run. */
export const tallyLine = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;

type Counts = Readonly<Record<string, number>>;

type Simulation = { readonly violations: Counts; readonly sometimes: Counts };

type Report = {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

const countOf = (file: string): Tally => {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (text === '') return { passed: 0, failed: 1 };
  const report: Report | Simulation = JSON.parse(text);
  if ('violations' in report) return countOfSimulation(report);
  const { success, testResults } = report;
  const counts = testResults.map(({ status, assertionResults }) => {
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    const others = assertionResults.length - passed;
    return { passed, failed: others === 0 && status !== 'passed' ? 1 : others };
  });
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  // Nothing failed and yet it was no success, or there was nothing: an error outside of every test.
  return { passed, failed: failed === 0 && (!success || passed === 0) ? 1 : failed };
};

const countOfSimulation = ({ violations, sometimes }: Simulation): Tally => {
  const kept = Object.values(violations).map((runs) => runs === 0);
  const reached = Object.values(sometimes).map((runs) => runs > 0);
  const failed = [...kept, ...reached].filter((isGood) => !isGood).length;
  return { passed: kept.length + reached.length - failed, failed };
};

if (import.meta.main) {
  const [also = '0', ...reports] = process.argv.slice(2);
  const { passed, failed } = tally(reports);
  const sum = { passed, failed: failed + Number(also) };
  console.log(tallyLine(sum));
  process.exitCode = sum.failed === 0 ? 0 : 1;
}
