import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  isAlive,
  type ProcessRecord,
  parseProcessRecord,
  processIdentity,
} from '../../local/process/process-identity.ts';
import { createProcesses } from '../../local/processes.ts';
import { until } from './local-until.ts';

let dir = '';
let logFile = '';
let secondLogFile = '';
const env = { PATH: '/usr/bin:/bin' };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'processes-'));
  logFile = join(dir, 'child.log');
  secondLogFile = join(dir, 'second.log');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const log = (file = logFile) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const record = (pid: number | undefined): ProcessRecord => ({
  pid: pid ?? 0,
  identity: processIdentity(pid ?? 0) ?? '',
});

/** Two shells in one group: the one started, and a child of it whose id is printed. */
const FAMILY = ['-c', 'sleep 300 & echo $!; wait'];

const childOf = async (file = logFile): Promise<ProcessRecord> => {
  await until('the child to print its id', () => /^\d+\n/.test(log(file)));
  return record(Number(log(file)));
};

test('output of both kinds is appended to the log file and the exit code is told', async () => {
  const processes = await createProcesses(dir);
  const child = processes.spawn('sh', ['-c', 'echo out; echo err >&2; exit 3'], { name: 'both', logFile, env });
  const [code] = await once(child, 'exit');
  await processes.close();
  expect(code).toBe(3);
  expect(log().split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('a command that does not exist ends with 127 and is named in its log', async () => {
  const processes = await createProcesses(dir);
  const [code] = await once(processes.spawn('no-such-command', [], { name: 'gone', logFile, env }), 'exit');
  await processes.close();
  expect(code).toBe(127);
  expect(log()).toContain('no-such-command');
});

test('ending a process ends its whole group', async () => {
  const processes = await createProcesses(dir);
  const family = processes.spawn('sh', FAMILY, { name: 'family', logFile, env });
  const inner = await childOf();
  await processes.end(family);
  await until('the inner process to end', () => !isAlive(inner));
  await processes.close();
  expect(family.signalCode).toBe('SIGTERM');
});

test('what a dead process leaves behind in its group is killed', async () => {
  const processes = await createProcesses(dir);
  const family = processes.spawn('sh', FAMILY, { name: 'family', logFile, env });
  const inner = await childOf();
  process.kill(family.pid ?? 0, 'SIGKILL');
  await until('the inner process to end', () => !isAlive(inner));
  await processes.close();
});

test('a process that ignores SIGTERM is killed after its grace', async () => {
  const processes = await createProcesses(dir);
  const deaf = processes.spawn('sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 300; done"], {
    name: 'deaf',
    logFile,
    env,
  });
  await until('the trap to be set', () => log().includes('ready'));
  await processes.end(deaf, { graceMs: 50 });
  await processes.close();
  expect(deaf.signalCode).toBe('SIGKILL');
});

/** A process of its own that starts a family below `dir`, another one at SIGUSR2, and else only waits. */
const startOwner = async (): Promise<{ owner: ChildProcess; inner: ProcessRecord }> => {
  const module = JSON.stringify(new URL('../../local/processes.ts', import.meta.url).href);
  const script = `import { createProcesses } from ${module};
    const processes = await createProcesses(${JSON.stringify(dir)});
    const start = (logFile) => processes.spawn('sh', ${JSON.stringify(FAMILY)}, { name: 'family', logFile, env: process.env });
    start(${JSON.stringify(logFile)});
    process.on('SIGUSR2', () => start(${JSON.stringify(secondLogFile)}));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  return { owner, inner: await childOf() };
};

/** A child that ends while we look is none any more. */
const guardianOf = ({ pid }: ChildProcess): number | undefined => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map(Number).find((child) => commandLine(child).includes('guardian.sh'));
};

const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

test('a SIGKILL of the owner takes every group along', async () => {
  const { owner, inner } = await startOwner();
  expect(isAlive(inner)).toBe(true);
  owner.kill('SIGKILL');
  await until('the family to end', () => !isAlive(inner));
});

test('a guardian that dies is replaced and knows all groups', async () => {
  const { owner, inner } = await startOwner();
  const first = guardianOf(owner);
  process.kill(first ?? Number.NaN, 'SIGKILL');
  await until('another guardian', () => ![undefined, first].includes(guardianOf(owner)));
  // It is told one group after the other: a new one runs only when the guardian has the earlier ones in its hands.
  owner.kill('SIGUSR2');
  const second = await childOf(secondLogFile);
  owner.kill('SIGKILL');
  await until('both families to end', () => !isAlive(inner) && !isAlive(second));
});

test('a directory in use is refused, an abandoned one is swept of orphans', async () => {
  const { owner, inner } = await startOwner();
  await expect(createProcesses(dir)).rejects.toThrow(`process ${owner.pid}, which is still running`);
  // Nobody can end the family now: its guardian dies with its owner before it can act.
  const guardian = guardianOf(owner);
  owner.kill('SIGSTOP');
  process.kill(guardian ?? Number.NaN, 'SIGKILL');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(isAlive(inner)).toBe(true);
  await (await createProcesses(dir)).close();
  await until('the orphan to end', () => !isAlive(inner));
});

test('a process is recognised by its start, not by its id alone', () => {
  const own = record(process.pid);
  expect(isAlive(own)).toBe(true);
  expect(isAlive({ ...own, identity: 'another start' })).toBe(false);
  expect(parseProcessRecord(JSON.stringify(own))).toEqual(own);
  expect(parseProcessRecord('{"pid":"7"}')).toBeUndefined();
  expect(parseProcessRecord('half a li')).toBeUndefined();
});
