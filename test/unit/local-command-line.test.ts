import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Runs a script of local/ as a person would, without the variables that vitest sets. */
const run = (script: string, words: readonly string[]) => {
  const file = fileURLToPath(new URL(`../../local/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...words], { encoding: 'utf8', env: {} });
  return { status, stdout, stderr };
};

test('npm start with words it does not know names its usage and ends with 2', () => {
  const { status, stdout, stderr } = run('start.ts', ['--until', 'done']);
  expect(stderr).toMatch(/^Usage: npm start/);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

test('npm run local with bad words names them and its usage and ends with 2', () => {
  const { status, stdout, stderr } = run('cli.ts', ['kill', 'everything']);
  expect(stderr).toMatch(/^"kill everything" is not understood\.\nUsage: npm run local/);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
