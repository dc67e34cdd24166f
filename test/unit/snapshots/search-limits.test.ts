import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { SnapshotFiles } from '../../../lib/ports.ts';
import { aStorage, idOf } from '../../support/builders.ts';
import type { FakeSnapshots } from '../../support/fake-snapshots.ts';
import { CHECKPOINTS, chk, search, storeWith } from './search.ts';

describe('a search that cannot see everything', () => {
  const denied = async (): Promise<never> => {
    throw new Fault('rejected', 'SNAPSHOTS_DENIED', 'not allowed');
  };

  it.each<[string, Partial<SnapshotFiles>]>([
    ['listed', { children: denied }],
    ['read', { metadata: denied }],
  ])('is a fault where a directory cannot be %s: a part proves nothing (F51, I6)', async (_, broken) => {
    await expect(search({ ...storeWith([chk(42), 42]), ...broken })).rejects.toMatchObject({
      code: 'SNAPSHOTS_DENIED',
    });
  });

  it('is a fault where only the directories of savepoints cannot be listed (F51)', async () => {
    const files = storeWith([chk(42), 42]);
    const children: SnapshotFiles['children'] = async (directory, ...args) =>
      directory.includes('savepoints') ? denied() : files.children(directory, ...args);
    await expect(search({ ...files, children })).rejects.toMatchObject({ code: 'SNAPSHOTS_DENIED' });
  });

  it('is a fault where the checkpoints of all jobs are mixed', async () => {
    const given = { storage: aStorage({ flat: true }) };
    await expect(search(storeWith([chk(42), 42]), given)).rejects.toMatchObject({ code: 'SNAPSHOTS_FLAT' });
  });
});

describe('what a search costs', () => {
  const emptied = (count: number, first: number, files: FakeSnapshots): FakeSnapshots => {
    for (let n = first; n < first + count; n += 1) files.put(`${CHECKPOINTS}/${idOf(n)}/shared/`, Buffer.alloc(0));
    return files;
  };

  it('does not grow with the bucket: others’ directories and files are not asked for', async () => {
    const files = storeWith([chk(42, 3), 42], [chk(30, 2), 30], [chk(20, 1), 20]);
    const { requests } = await search(files);
    for (let n = 0; n < 500; n += 1) files.snapshot(`${CHECKPOINTS}/${idOf(n, 'audit')}/chk-1`, 1);
    for (let n = 0; n < 500; n += 1) files.put(`${CHECKPOINTS}/${idOf(3)}/shared/${n}`, Buffer.from('x'));
    expect((await search(files)).requests).toBe(requests);
    expect(requests).toBeLessThanOrEqual(20);
  });

  it('has a limit, beyond which nothing is known', async () => {
    const files = emptied(defaults.snapshotRequestsMax, 2, storeWith([chk(42), 42]));
    await expect(search(files)).rejects.toMatchObject({ code: 'SNAPSHOTS_TOO_MANY' });
  });

  it('ends at that limit with what was found before, and says that there may be more', async () => {
    const last = defaults.snapshotRequestsMax + 1;
    const files = emptied(last - 1, 1, storeWith([chk(42, last), 42]));
    expect(await search(files)).toMatchObject({ found: [[last, 42]], partial: 'SNAPSHOTS_TOO_MANY' });
    expect((await search(storeWith([chk(42), 42]))).partial).toBeUndefined();
  });
});
