import { describe, expect, it } from 'vitest';
import type { Attempt, Snapshot } from '../../../lib/core/model.ts';
import { aCheckpoint, anAttempt, aStatefulJob, aStorage, idOf, lineageOf, t0 } from '../../support/builders.ts';
import type { FakeSnapshots } from '../../support/fake-snapshots.ts';
import { CHECKPOINTS, chk, search, storeWith } from './search.ts';

const savepoint = (name: string, n = 1): string => `s3://state/savepoints/${idOf(n)}/savepoint-${name}`;
const ledger = (...snapshots: readonly Snapshot[]): Attempt => anAttempt(1, { snapshots });

describe('an adopted job, and attempts that the table lost', () => {
  const foreign = 'ffff'.padEnd(32, '0');
  const adopted = (atMs: number): Attempt => {
    const snapshot = aCheckpoint(7, 1, { path: `${CHECKPOINTS}/${foreign}/chk-7`, atMs });
    return anAttempt(1, { jobId: foreign, snapshots: [snapshot] });
  };

  it.each([
    ['newer', t0 + 1, [1, 7]],
    ['older', t0 - 1, [2, 50]],
  ])('are told apart by time: its own checkpoint is %s (F125, I2)', async (_, atMs, newest) => {
    const files = storeWith([chk(50, 2), 50], [`${CHECKPOINTS}/${foreign}/chk-7`, 7]);
    expect((await search(files, { attempts: [adopted(atMs)] })).found[0]).toEqual(newest);
  });
});

describe('two attempts of one number, of which a backup of the table had forgotten the first', () => {
  it.each([
    ['first', t0 + 1, '00000001'],
    ['second', t0 - 1, '00000002'],
  ])('are told apart by time: the %s has the newest (F125, I2)', async (_, atMs, newest) => {
    const named = (dice: string): string => idOf(2).replace(/.{8}$/, dice);
    const path = `${CHECKPOINTS}/${named('00000001')}/chk-3`;
    const files = storeWith([`${CHECKPOINTS}/${named('00000002')}/chk-2`, 2], [path, 3]);
    const first = anAttempt(2, { jobId: named('00000001'), snapshots: [aCheckpoint(3, 2, { path, atMs })] });
    const attempts = [first, anAttempt(2, { jobId: named('00000002') })];
    expect((await search(files, { attempts })).first?.path).toContain(named(newest));
  });
});

describe('the snapshots of a job', () => {
  it('are the complete ones of its lineage, the newest first, as many as may be tried', async () => {
    const files = storeWith([chk(40), 40], [chk(41), 41], [chk(42), 42], [chk(39), 39]);
    const { found, first, directories } = await search(files);
    expect(found).toEqual([
      [1, 42],
      [1, 41],
      [1, 40],
    ]);
    expect(first).toEqual({ kind: 'checkpoint', path: chk(42), id: 42, atMs: t0, attempt: 1 });
    expect(directories).toEqual([CHECKPOINTS, 's3://state/savepoints']);
    expect((await search(files, { job: aStatefulJob({ restoreDepth: 0 }) })).found).toEqual([[1, 42]]);
  });

  it.each(['s3a', 's3p'])(
    'are named by the scheme that Flink itself uses, which may have no other: %s',
    async (scheme) => {
      const storage = aStorage({ checkpointDir: `${scheme}://state/checkpoints/` });
      const cluster = { checkpointDir: CHECKPOINTS };
      const own = `${scheme}://state/checkpoints/${idOf()}`;
      const files = storeWith([`${own}/chk-41`, 41], [`${own}/chk-42`, 42]);
      expect((await search(files, { storage, cluster })).first?.path).toBe(`${own}/chk-42`);
      const source = aCheckpoint(42, 1, { path: chk(42) });
      const attempts = [
        ledger(aCheckpoint(42, 1, { path: `${own}/chk-42` })),
        anAttempt(2, { source: { ...source, attempt: 1 } }),
      ];
      expect((await search(files, { storage, cluster, attempts })).first?.path).toBe(`${own}/chk-42`);
    },
  );

  it.each<[string, (files: FakeSnapshots) => void]>([
    ['lacks `_metadata` (F45)', (files) => files.put(`${chk(43)}/part-1`, Buffer.from('x'))],
    ['is a marker of no bytes (F114)', (files) => files.put(`${chk(43)}/`, Buffer.alloc(0))],
    ['is still being written (F114)', (files) => files.put(`${chk(43)}/_metadata.inprogress.1`, Buffer.from('x'))],
    ['is cut short', (files) => files.put(`${chk(43)}/_metadata`, Buffer.from('x'))],
    ['is empty', (files) => files.put(`${chk(43)}/_metadata`, Buffer.alloc(0))],
    ['holds another id than its name says', (files) => files.snapshot(chk(43), 7)],
    ['has no number', (files) => files.snapshot(`${CHECKPOINTS}/${idOf()}/chk-43-copy`, 43)],
    ['is of another job (F54)', (files) => files.snapshot(`${CHECKPOINTS}/${idOf(9, 'audit')}/chk-99`, 99)],
    ['has no number of an attempt', (files) => files.snapshot(`${CHECKPOINTS}/${lineageOf('orders')}/chk-99`, 99)],
  ])('do not count a directory that %s', async (_, spoil) => {
    const files = storeWith([chk(42), 42]);
    spoil(files);
    expect((await search(files)).found).toEqual([[1, 42]]);
  });

  it('are ordered by the attempt, then by the id: ids begin anew where one began empty (F56)', async () => {
    const files = storeWith([chk(99, 1), 99], [chk(2, 3), 2], [chk(1, 3), 1]);
    expect((await search(files)).found).toEqual([
      [3, 2],
      [3, 1],
      [1, 99],
    ]);
  });

  it('are newer in the store than what Flink said last (F47)', async () => {
    const { found } = await search(storeWith([chk(41), 41], [chk(42), 42]), { attempts: [ledger(aCheckpoint(41))] });
    expect(found).toEqual([
      [1, 42],
      [1, 41],
    ]);
  });

  it.each<[string, number, string]>([
    ['a savepoint that is newer than the checkpoints', 50, 'savepoint'],
    ['a checkpoint that is newer than the savepoints', 41, 'checkpoint'],
  ])('begin with %s (F48, F57)', async (_, id, kind) => {
    const { found, first } = await search(storeWith([chk(42), 42], [savepoint('6f7264-0a1b'), id]));
    expect(first).toMatchObject({ kind, id: Math.max(42, id) });
    expect(found).toHaveLength(2);
  });

  it('are also those of the ledger, wherever they lie, while they are there (F53)', async () => {
    const elsewhere: Snapshot = { kind: 'savepoint', path: 's3://people/savepoint-1', id: 43, atMs: 7 };
    const given = { attempts: [ledger(elsewhere)] };
    expect((await search(storeWith([chk(42), 42], [elsewhere.path, 43]), given)).first).toEqual({
      ...elsewhere,
      attempt: 1,
    });
    expect((await search(storeWith([chk(42), 42]), given)).found).toEqual([[1, 42]]);
  });

  it('are also what a later attempt began from, when the one that wrote it is forgotten (F49)', async () => {
    const source = { ...aCheckpoint(42), path: 's3://people/adopted/chk-42' };
    const given = { attempts: [anAttempt(12, { source }), anAttempt(13, { source })] };
    expect((await search(storeWith([source.path, 42]), given)).found).toEqual([[1, 42]]);
    expect((await search(storeWith(), given)).found).toEqual([]);
  });

  it('are found by prefix alone when the table is lost (F125)', async () => {
    expect((await search(storeWith([chk(7, 3), 7], [savepoint('a', 2), 6]))).found).toEqual([
      [3, 7],
      [2, 6],
    ]);
  });

  it('of an adopted job are found by its own id, which is on record', async () => {
    const jobId = 'f'.repeat(32);
    const files = storeWith([`${CHECKPOINTS}/${jobId}/chk-5`, 5]);
    expect((await search(files, { attempts: [anAttempt(4, { jobId })] })).found).toEqual([[4, 5]]);
    expect((await search(files)).found).toEqual([]);
  });
});

describe('what a person ordered', () => {
  const PATH = 's3://kept/savepoint-1';
  const line = anAttempt(2, { nextFrom: { kind: 'snapshot', path: PATH } });

  it('is all that is looked at, also where checkpoints of all jobs are mixed', async () => {
    const files = storeWith([chk(42), 42], [PATH, 12]);
    const { found, requests } = await search(files, { attempts: [line], storage: aStorage({ flat: true }) });
    expect({ found, requests }).toEqual({ found: [[0, 12]], requests: 1 });
    expect((await search(storeWith([chk(42), 42]), { attempts: [line] })).found).toEqual([]);
  });

  it('comes after what was written since, and nothing before it does', async () => {
    const files = storeWith([chk(42, 1), 42], [chk(3, 2), 3], [chk(13, 3), 13], [PATH, 12]);
    expect((await search(files, { attempts: [line, anAttempt(3)] })).found).toEqual([
      [3, 13],
      [0, 12],
    ]);
    // A backup of the table brought back the attempt with the order beside a later one of its number.
    const later = anAttempt(2, { jobId: idOf(2).replace(/.{8}$/, '00000002') });
    const beside = storeWith([`${CHECKPOINTS}/${later.jobId}/chk-4`, 4], [chk(3, 2), 3], [PATH, 12]);
    expect((await search(beside, { attempts: [line, later] })).found).toEqual([
      [2, 4],
      [0, 12],
    ]);
    const empty = { ...line, nextFrom: { kind: 'empty' } as const };
    expect((await search(files, { attempts: [empty, anAttempt(3)] })).found).toEqual([[3, 13]]);
  });
});
