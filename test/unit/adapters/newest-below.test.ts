import { describe, expect, it } from 'vitest';
import { newestBelow, type Page } from '../../../lib/adapters/output/newest-below.ts';
import { defaults } from '../../../lib/core/defaults.ts';

type Tree = Readonly<Record<string, readonly Page[]>>;
const file = (name: string, atMs: number) => ({ name, atMs });
const page = (files: Page['files'], directories: readonly string[] = []): Page => ({ files, directories });

/** The newest one, and the directories that were asked for, one for each page. */
const search = async (tree: Tree, sinceMs = Number.POSITIVE_INFINITY) => {
  const asked: string[] = [];
  async function* pagesOf(directory: string) {
    for (const each of tree[directory] ?? [page([])]) {
      asked.push(directory);
      yield each;
    }
  }
  return { newest: await newestBelow(pagesOf, 's3://b/out/', sinceMs), asked };
};

describe('the newest finished file', () => {
  it('is found at any depth, and is none where there is none', async () => {
    const tree = {
      's3://b/out': [page([file('a', 1)], ['x', 'y'])],
      's3://b/out/x': [page([], ['deep'])],
      's3://b/out/x/deep': [page([file('b', 9)]), page([file('c', 7)])],
      's3://b/out/y': [page([file('d', 3)])],
    };
    expect((await search(tree)).newest).toEqual({ path: 's3://b/out/x/deep/b', atMs: 9 });
    expect((await search({})).newest).toBeUndefined();
  });

  it('is looked for in the last directory by name first, and no further than one that is new enough', async () => {
    const tree = {
      's3://b/out': [page([], ['2026-11-28--23', '2026-11-29--01', '2026-11-29--00'])],
      's3://b/out/2026-11-29--01': [page([file('part-1', 20)]), page([file('part-2', 30)])],
    };
    const { newest, asked } = await search(tree, 20);
    expect(newest).toEqual({ path: 's3://b/out/2026-11-29--01/part-1', atMs: 20 });
    expect(asked).toEqual(['s3://b/out', 's3://b/out/2026-11-29--01']);
    expect((await search(tree, 31)).asked).toHaveLength(5);
  });

  it.each(['.part-1', '_SUCCESS', 'part-1.inprogress.7', ''])('is not %j, nor below such a directory', async (name) => {
    const tree = {
      's3://b/out': [page([file(name, 9), file('part', 1)], [name])],
      [`s3://b/out/${name}`]: [page([file('part', 8)])],
    };
    expect((await search(tree)).newest).toEqual({ path: 's3://b/out/part', atMs: 1 });
  });

  it('is that of the last directories where there are more than are looked at: an output that stopped is known to have', async () => {
    const hours = Array.from(
      { length: 48 },
      (_, n) => `2026-11-${28 + Math.floor(n / 24)}--${String(n % 24).padStart(2, '0')}`,
    );
    const tree = {
      's3://b/out': [page([], hours)],
      ...Object.fromEntries(hours.map((hour, n) => [`s3://b/out/${hour}`, [page([file('part-1', n)])]])),
    };
    const { newest, asked } = await search(tree);
    expect(newest).toEqual({ path: 's3://b/out/2026-11-29--23/part-1', atMs: 47 });
    expect(asked).toHaveLength(defaults.health.outputPagesMax);
  });

  it('of empty directories without an end proves nothing', async () => {
    const empty = Array.from({ length: 48 }, (_, n) => `dir-${n}`);
    await expect(search({ 's3://b/out': [page([], empty)] })).rejects.toMatchObject({ code: 'SNAPSHOTS_TOO_MANY' });
  });

  it('of more pages than are asked for proves nothing, unless one is new', async () => {
    const { outputPagesMax } = defaults.health;
    const pages = (count: number) => ({
      's3://b/out': Array.from({ length: count }, (_, n) => page([file(`part-${n}`, n)])),
    });
    expect((await search(pages(outputPagesMax))).newest?.atMs).toBe(outputPagesMax - 1);
    await expect(search(pages(outputPagesMax + 1))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'SNAPSHOTS_TOO_MANY',
      message: `s3://b/out/ holds more files than ${outputPagesMax} pages list, and none of them is new`,
    });
    expect((await search(pages(outputPagesMax + 1), outputPagesMax)).newest?.atMs).toBe(outputPagesMax);
  });
});
