import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { plainFolder } from '../../local/plain-folder.ts';

let dir = '';
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'plain-')));
  mkdirSync(join(dir, 'tmp'));
  vi.stubEnv('TMPDIR', join(dir, 'tmp'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

test('a folder whose path is plain is told as it is', () => {
  const folder = join(dir, 'flink-autopilot_1.0');
  expect(plainFolder(folder).path).toBe(folder);
  expect(existsSync(folder)).toBe(true);
});

test.each(['my projects', 'Größe', 'a,b', 'a:b', '100%'])('a folder named %j is told by a plain link', (name) => {
  const folder = join(dir, name, 'world');
  const { path, release } = plainFolder(folder);
  expect(path).toMatch(/^[\w./-]+$/);
  expect(realpathSync(path)).toBe(folder);
  release();
  expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
  expect(existsSync(folder)).toBe(true);
});

test('a link that a crash has left is taken over, another thing of that name is not touched', () => {
  const { path } = plainFolder(join(dir, 'a b'));
  expect(plainFolder(join(dir, 'a b')).path).toBe(path);
  rmSync(path);
  writeFileSync(path, 'foreign');
  expect(() => plainFolder(join(dir, 'a b'))).toThrow(`${path} should be a link to ${dir}/a b: remove it`);
  expect(existsSync(path)).toBe(true);
});
