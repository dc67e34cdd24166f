import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultTest } from './faults.ts';

/** What became of one test. */
export type Outcome = {
  readonly file: string;
  readonly fullName: string;
  readonly passed: boolean;
  readonly why: string;
};

/** Runs these tests of a checkout and nothing else; a run that does not end in time counts as one whose tests are red. */
export const runTests = async (dir: string, tests: readonly FaultTest[]): Promise<readonly Outcome[]> => {
  const report = join(dir, '.local-report.json');
  rmSync(report, { force: true });
  const files = [...new Set(tests.map(({ file }) => file))];
  const names = [...new Set(tests.map(({ name }) => escaped(name)))];
  const args = ['run', ...files, '-t', `(${names.join('|')})`, '--reporter=json', `--outputFile.json=${report}`];
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    cwd: dir,
    stdio: 'ignore',
    timeout: RUN_MAX_MS,
    killSignal: 'SIGKILL',
  });
  const [code] = await once(vitest, 'exit');
  if (code === null) return tests.map(({ file, name }) => ({ file, fullName: name, passed: false, why: 'no end' }));
  return outcomesIn(report, dir).filter((outcome) => tests.some((test) => isOf(test, outcome)));
};

/** Is it one of the tests that are meant? */
export const isOf = ({ file, name }: FaultTest, outcome: Outcome): boolean =>
  outcome.file === file && outcome.fullName.includes(name);

/** Some seconds; a deleted bound may make a test go on for ever. */
const RUN_MAX_MS = 120_000;

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
};

const outcomesIn = (file: string, dir: string): readonly Outcome[] => {
  const { testResults }: Report = JSON.parse(readFileSync(file, 'utf8'));
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status, failureMessages }) => ({
        file: name.slice(dir.length + 1),
        fullName,
        passed: status === 'passed',
        why: failureMessages?.[0] ?? '',
      })),
  );
};
