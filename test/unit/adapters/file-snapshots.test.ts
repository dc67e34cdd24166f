import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createFileSnapshots } from '../../../lib/adapters/file-snapshots.ts';

const folder = mkdtempSync(join(tmpdir(), 'file-snapshots-'));
afterAll(() => rmSync(folder, { recursive: true }));
const snapshots = createFileSnapshots({
  clock: { nowMs: () => Date.now() },
  limits: { childrenMax: 5, sizedFilesMax: 10 },
});
const soon = () => Date.now() + 5_000;

describe('files', () => {
  test('that nobody answers for end by the deadline', async () => {
    const dir = join(folder, 'chk-1');
    mkdirSync(dir);
    // Opening a pipe that nobody writes to never comes back, as a file system over a broken network.
    execFileSync('mkfifo', [join(dir, '_metadata')]);
    const asked = snapshots.metadata(`file:${dir}`, Date.now() + 100);
    await expect(asked).rejects.toMatchObject({ kind: 'transient', code: 'SNAPSHOTS_UNAVAILABLE' });
    writeFileSync(join(dir, '_metadata'), ''); // Whoever waits for it goes home.
  });

  test('are not asked when no time is left', async () => {
    await expect(snapshots.children(`file:${folder}`, '', Date.now())).rejects.toMatchObject({
      code: 'SNAPSHOTS_UNAVAILABLE',
    });
  });

  test.each([
    [4, 4],
    [5, 5],
    [6, 'SNAPSHOTS_TOO_MANY'],
  ])('in %i directories, of which five may be, are %s', async (count, expected) => {
    for (let n = 0; n < count; n += 1) mkdirSync(join(folder, 'many', `chk-${n}`), { recursive: true });
    const found = await snapshots.children(`file:${folder}/many`, 'chk-', soon()).catch((fault) => fault);
    expect(found.code ?? found.length).toBe(expected);
  });

  test.each([
    [10, 10, false],
    [11, 10, true],
  ])('of which there are %i, and ten may be, are summed up as %i, more: %s', async (count, files, more) => {
    mkdirSync(join(folder, 'sized'), { recursive: true });
    for (let n = 0; n < count; n += 1) writeFileSync(join(folder, 'sized', `f-${n}`), '1');
    expect(await snapshots.size(`file:${folder}/sized`, soon())).toEqual({ bytes: files, files, more });
  });

  test('that there is no time to sum up are more', async () => {
    mkdirSync(join(folder, 'late'));
    writeFileSync(join(folder, 'late/file'), '1');
    const seen = await snapshots.size(`file:${folder}/late`, Date.now() + 500);
    expect(seen).toEqual({ bytes: 0, files: 0, more: true });
  });

  test('that cannot all be removed in time are left, and said to be', async () => {
    mkdirSync(join(folder, 'left/chk-1'), { recursive: true });
    expect(await snapshots.remove(`file:${folder}/left`, Date.now() + 500)).toBe(false);
    expect(await snapshots.children(`file:${folder}/left`, '', soon())).toEqual(['chk-1']);
  });

  test('in a directory that is a file are none', async () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(await snapshots.children(`file:${folder}/plain`, '', soon())).toEqual([]);
    expect(await snapshots.metadata(`file:${folder}/plain`, soon())).toBeUndefined();
  });
});
