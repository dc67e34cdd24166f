import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findAddress, publishAddress, withdrawAddress } from '../../local/control/address.ts';
import { parseCommand } from '../../local/control/command.ts';
import { thisProcess } from '../../local/process/process-identity.ts';
import { reserve, reservePort, reserveSubnet } from '../../local/reserve.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'control-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  [['status'], { do: 'status' }],
  [['kill', 'jobmanager'], { do: 'kill', role: 'jobmanager' }],
  [['kill', 'taskmanager'], { do: 'kill', role: 'taskmanager' }],
  [['kill', 'leader'], { do: 'kill', role: 'leader' }],
  [['stop-task', 'arn:x'], { do: 'stop-task', task: 'arn:x' }],
  [['send-event', 'arn:x'], { do: 'send-event', task: 'arn:x' }],
  [['send-event'], { do: 'send-event', task: 'jobmanager' }],
])('%j is a command', (words, command) => {
  expect(parseCommand(words)).toEqual(command);
});

test.each([
  [[]],
  [['kill']],
  [['kill', 'everything']],
  [['stop-task']],
  [['status', 'now']],
  [['kill', 'jobmanager', 'taskmanager']],
  [['constructor']],
])('%j is not a command', (words) => {
  expect(parseCommand(words)).toBeUndefined();
});

test('the address of a running world is found, readable by its user alone', () => {
  const file = join(dir, 'world.json');
  const address = { url: 'http://127.1.2.1:5', token: 'secret', owner: thisProcess() };
  expect(findAddress(file)).toBeUndefined();
  publishAddress(address, file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(findAddress(file)).toEqual(address);
  withdrawAddress(file);
  expect(findAddress(file)).toBeUndefined();
});

test('an address that a crashed world left is not believed', () => {
  const file = join(dir, 'world.json');
  publishAddress(
    { url: 'http://127.1.2.1:5', token: 't', owner: { pid: process.pid, identity: 'an earlier one' } },
    file,
  );
  expect(findAddress(file)).toBeUndefined();
});

test('a name is held by one until it is released', async () => {
  const name = `test ${dir}`;
  const held = await reserve(name);
  expect(held).toBeDefined();
  expect(await reserve(name)).toBeUndefined();
  await held?.release();
  const again = await reserve(name);
  expect(again).toBeDefined();
  await again?.release();
});

test('subnets and ports given out are never the same', async () => {
  const subnets = await Promise.all([1, 2, 3, 4].map(() => reserveSubnet()));
  const ports = await Promise.all([1, 2, 3, 4].map(() => reservePort('127.0.0.1')));
  expect(new Set(subnets.map(({ subnet }) => subnet)).size).toBe(4);
  expect(new Set(ports.map(({ port }) => port)).size).toBe(4);
  for (const { subnet } of subnets) expect(subnet).toMatch(/^127\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d{1,3}$/);
  await Promise.all([...subnets, ...ports].map(({ release }) => release()));
});
