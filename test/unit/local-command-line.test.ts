import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readOptions } from '../../local/start-options.ts';

/** Runs a script of local/ as a person would, without the variables that vitest sets. */
const run = (script: string, words: readonly string[]) => {
  const file = fileURLToPath(new URL(`../../local/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...words], { encoding: 'utf8', env: {} });
  return { status, stdout, stderr };
};

test.each([
  [[], { until: false, json: false, flink: '1.20.5', jobManagers: 1 }],
  [['--json'], { until: false, json: true, flink: '1.20.5', jobManagers: 1 }],
  [['--until', 'running', '--json'], { until: true, json: true, flink: '1.20.5', jobManagers: 1 }],
  [['--flink', '2.3.0'], { until: false, json: false, flink: '2.3.0', jobManagers: 1 }],
  [['--jobmanagers', '2'], { until: false, json: false, flink: '1.20.5', jobManagers: 2 }],
  [['--jobmanagers', '0'], undefined],
  [['--jobmanagers', 'two'], undefined],
  [['--flink', '2.3'], undefined],
  [['--flink'], undefined],
  [['--until', 'done'], undefined],
  [['--until'], undefined],
  [['--jsn'], undefined],
  [['running'], undefined],
])('npm start -- %j', (words, options) => {
  expect(readOptions(words)).toEqual(options);
});

test('npm run local with bad words names them and its usage and ends with 2', () => {
  const { status, stdout, stderr } = run('cli.ts', ['kill', 'everything']);
  expect(stderr).toMatch(/^"kill everything" is not understood\.\nUsage: npm run local/);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
