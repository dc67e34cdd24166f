import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Attempt, Found, Snapshot } from '../../../lib/core/model.ts';
import type { SnapshotFiles } from '../../../lib/ports.ts';
import { aCheckpoint, anAttempt, aStorage, idOf, t0 } from '../../support/builders.ts';
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

  const elsewhere = (id: number): Snapshot => ({ kind: 'savepoint', path: 'gs://people/savepoint-1', id, atMs: t0 });
  const deniedAt =
    (files: FakeSnapshots): SnapshotFiles['metadata'] =>
    async (path, deadlineMs) =>
      path.startsWith('gs:') ? denied() : files.metadata(path, deadlineMs);

  it.each<[string, readonly Attempt[], readonly (readonly number[])[]]>([
    ['is of the same attempt', [anAttempt(2, { snapshots: [elsewhere(41)] })], [[2, 42]]],
    [
      'is of an earlier attempt',
      [anAttempt(1, { snapshots: [elsewhere(99)] })],
      [
        [2, 42],
        [2, 40],
      ],
    ],
    [
      'was ordered before it',
      [anAttempt(1, { nextFrom: { kind: 'snapshot', path: 'gs://people/savepoint-1' } }), anAttempt(2)],
      [
        [2, 42],
        [2, 40],
      ],
    ],
  ])('ends with what is newer than a savepoint out of reach that %s (I2)', async (_, attempts, found) => {
    const files = storeWith([chk(42, 2), 42], [chk(40, 2), 40]);
    const given = { ...files, metadata: deniedAt(files) };
    expect(await search(given, { attempts })).toMatchObject({ found, partial: 'SNAPSHOTS_DENIED' });
  });

  it('does not go past it to what was ordered before (I2)', async () => {
    const path = 's3://kept/savepoint-1';
    const files = storeWith([chk(42, 2), 42], [path, 12]);
    const attempts = [
      anAttempt(1, { nextFrom: { kind: 'snapshot', path } }),
      anAttempt(2, { snapshots: [elsewhere(41)] }),
    ];
    expect((await search({ ...files, metadata: deniedAt(files) }, { attempts })).found).toEqual([[2, 42]]);
  });

  it('is a fault where a savepoint out of reach is newer than all that was found (I2, I6)', async () => {
    const files = storeWith([chk(42), 42]);
    const attempts = [anAttempt(1, { snapshots: [elsewhere(43)] })];
    const found = search({ ...files, metadata: deniedAt(files) }, { attempts });
    await expect(found).rejects.toMatchObject({ code: 'SNAPSHOTS_DENIED' });
  });

  it('is a fault where time alone tells what is newer, and a part is out of reach (I2, I6)', async () => {
    const files = storeWith([chk(50, 2), 50]);
    const attempts = [anAttempt(1, { jobId: 'f'.repeat(32), snapshots: [elsewhere(7)] })];
    const found = search({ ...files, metadata: deniedAt(files) }, { attempts });
    await expect(found).rejects.toMatchObject({ code: 'SNAPSHOTS_DENIED' });
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

  describe('where very many attempts came to nothing', () => {
    const last = 1 + 2 * defaults.snapshotRequestsMax;
    const many = emptied(last - 1, 2, storeWith([chk(42), 42]));
    const recorded = (source: Found): readonly Attempt[] =>
      Array.from({ length: defaults.attemptsMax }, (_, index) =>
        anAttempt(last - defaults.attemptsMax + 1 + index, { source }),
      );

    it('leaves out those that were searched when a later one was given its snapshot', async () => {
      const { found, requests, partial } = await search(many, { attempts: recorded(aCheckpoint(42)) });
      expect({ found, partial }).toEqual({ found: [[1, 42]], partial: undefined });
      expect(requests).toBeLessThanOrEqual(20);
    });

    it('leaves out none that may be newer: on record, after all that are, or before what was ordered (I2)', async () => {
      const searched = async (n: number, attempts = recorded(aCheckpoint(42))) => {
        const files = emptied(last - 1, 2, storeWith([chk(42), 42], [chk(50, n), 50]));
        return (await search(files, { attempts })).found[0];
      };
      expect(await searched(last - 1)).toEqual([last - 1, 50]);
      expect(await searched(last)).toEqual([last, 50]);
      expect(await searched(last + 1)).toEqual([last + 1, 50]);
      await expect(searched(2, recorded({ ...aCheckpoint(42), attempt: 0 }))).rejects.toMatchObject({
        code: 'SNAPSHOTS_TOO_MANY',
      });
    });

    it('leaves out none while they are few: one that Flink refused once is tried again (F52)', async () => {
      const files = storeWith([chk(42), 42], [chk(50, 2), 50]);
      const { found } = await search(files, { attempts: [anAttempt(3, { source: aCheckpoint(42) })] });
      expect(found[0]).toEqual([2, 50]);
    });
  });

  it('ends at that limit with what was found before, and says that there may be more', async () => {
    const last = defaults.snapshotRequestsMax + 1;
    const files = emptied(last - 1, 1, storeWith([chk(42, last), 42]));
    expect(await search(files)).toMatchObject({ found: [[last, 42]], partial: 'SNAPSHOTS_TOO_MANY' });
    expect((await search(storeWith([chk(42), 42]))).partial).toBeUndefined();
  });
});
