import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, type ProcessRecord, processIdentity } from '../../local/process/process-identity.ts';
import { until } from './local-until.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'npm-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const MODULE = JSON.stringify(new URL('../../local/process/watch-npm.ts', import.meta.url).href);

/** A launcher of the given name that runs, through a shell that stays, a process which watches npm. */
const start = async (launcher: string): Promise<{ above: ChildProcess; watcher: ProcessRecord; watched: number }> => {
  const pidFile = join(dir, 'pid');
  const watcher = `import { writeFileSync } from 'node:fs';
    import { processesUpToNpm, watchNpm } from ${MODULE};
    watchNpm(() => process.exit(1));
    writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + processesUpToNpm().length + '\\n');
    setInterval(() => {}, 1000);`;
  writeFileSync(join(dir, 'watcher.mjs'), watcher);
  const shell = `'${process.execPath}' '${join(dir, 'watcher.mjs')}'; true`;
  writeFileSync(
    join(dir, launcher),
    `require('child_process').spawn('sh', ['-c', ${JSON.stringify(shell)}]); setInterval(() => {}, 1000);`,
  );
  const above = spawn(process.execPath, [join(dir, launcher)], { stdio: 'ignore' });
  await until('the watcher to start', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
  const [pid = 0, watched = 0] = readFileSync(pidFile, 'utf8').trim().split(' ').map(Number);
  return { above, watcher: { pid, identity: processIdentity(pid) ?? '' }, watched };
};

test('a SIGKILL of npm reaches the process that npm runs through a shell', async () => {
  const { above, watcher, watched } = await start('npm-cli.js');
  expect(watched).toBe(2);
  above.kill('SIGKILL');
  await until('the watcher to end', () => !isAlive(watcher));
});

test('a process that npm did not start watches nobody', async () => {
  const { above, watcher, watched } = await start('other.js');
  expect(watched).toBe(0);
  process.kill(watcher.pid, 'SIGKILL');
  above.kill('SIGKILL');
});
