import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tally, tallyLine } from './tally.ts';

const dir = mkdtempSync(join(tmpdir(), 'tally-'));
afterAll(() => rmSync(dir, { recursive: true }));

let files = 0;
const report = (success: boolean, ...results: readonly (readonly [string, readonly string[]])[]): string => {
  files += 1;
  const path = join(dir, `${files}.json`);
  const testResults = results.map(([status, tests]) => ({
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  }));
  writeFileSync(path, JSON.stringify({ success, testResults }));
  return path;
};

const simulation = (violations: object, sometimes: object): string => {
  files += 1;
  const path = join(dir, `${files}.json`);
  writeFileSync(path, JSON.stringify({ violations, sometimes }));
  return path;
};

const empty = (): string => {
  const path = join(dir, 'empty.json');
  writeFileSync(path, '');
  return path;
};

const good = () => report(true, ['passed', ['passed', 'passed']]);

test.each([
  ['all reports are added up', () => [good(), good()], '4 passed, 0 failed'],
  ['a failed test is counted', () => [report(false, ['failed', ['passed', 'failed']])], '1 passed, 1 failed'],
  ['a skipped test has failed', () => [report(true, ['passed', ['passed', 'skipped']])], '1 passed, 1 failed'],
  ['a file that did not load has failed', () => [report(false, ['failed', []])], '0 passed, 1 failed'],
  ['a file that fails after its tests has failed', () => [report(false, ['failed', ['passed']])], '1 passed, 1 failed'],
  ['an error outside of every test has failed', () => [report(false, ['passed', ['passed']])], '1 passed, 1 failed'],
  ['no test at all has failed', () => [report(true)], '0 passed, 1 failed'],
  ['a report that is not there has failed', () => [good(), join(dir, 'none.json')], '2 passed, 1 failed'],
  ['a report of nothing has failed', () => [good(), empty()], '2 passed, 1 failed'],
  [
    'of a simulation each invariant and each state counts',
    () => [good(), simulation({ I1: 0, I3: 2 }, { late: 5, never: 0 })],
    '4 passed, 2 failed',
  ],
])('%s', (_name, reports, line) => {
  expect(tallyLine(tally(reports()))).toBe(line);
});
