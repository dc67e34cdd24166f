import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, type ProcessRecord, processIdentity } from '../../local/process/process-identity.ts';
import { runGuarded } from '../../local/process/run-guarded.ts';
import { until } from './local-until.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'guarded-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const moduleOf = (name: string): string =>
  JSON.stringify(new URL(`../../local/process/${name}.ts`, import.meta.url).href);

/** A process that runs a command which stays, and that command. */
const start = async (): Promise<{ runner: ChildProcess; command: ProcessRecord }> => {
  const pidFile = join(dir, 'pid');
  const stays = `require('fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + '\\n'); setInterval(() => {}, 1000);`;
  const runner = `import { endOnSignals } from ${moduleOf('end-signals')};
    import { runGuarded } from ${moduleOf('run-guarded')};
    endOnSignals();
    await runGuarded(process.execPath, ['-e', ${JSON.stringify(stays)}], { cwd: ${JSON.stringify(dir)}, env: process.env });`;
  writeFileSync(join(dir, 'runner.mjs'), runner);
  const child = spawn(process.execPath, [join(dir, 'runner.mjs')], { stdio: 'ignore' });
  await until('the command to start', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
  const pid = Number(readFileSync(pidFile, 'utf8'));
  return { runner: child, command: { pid, identity: processIdentity(pid) ?? '' } };
};

test.for(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('a command ends with a runner that %s ends', async (signal) => {
  const { runner, command } = await start();
  runner.kill(signal);
  await until('the command to end', () => !isAlive(command));
});

const run = (script: string) => runGuarded(process.execPath, ['-e', script], { cwd: dir, env: process.env });

test('how a command ended is given', async () => {
  expect(await run('process.exit(3)')).toBe(3);
  expect(await run('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)')).toBe(null);
});

test('what a command leaves behind in its group ends with it', async () => {
  const leaves = `const { spawn } = require('child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    require('fs').writeFileSync('left', String(child.pid)); child.unref();`;
  expect(await run(leaves)).toBe(0);
  const pid = Number(readFileSync(join(dir, 'left'), 'utf8'));
  await until('what was left to end', () => processIdentity(pid) === undefined);
});

test('a command that is not there is an error', async () => {
  await expect(runGuarded(join(dir, 'none'), [], { cwd: dir, env: process.env })).rejects.toThrow('ENOENT');
});
