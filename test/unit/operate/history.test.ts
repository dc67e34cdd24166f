import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import type { LogEntry } from '../../../lib/core/model.ts';
import { aCluster, aJob, t0 } from '../../support/builders.ts';
import { createWorld, type FakeWorld } from '../pass/fake-ports.ts';
import { answered, ask } from './ask.ts';

const clusters = [aCluster([aJob(), aJob({ name: 'audit' })]), aCluster([], { name: 'batch' })];

/** A world whose audit trail has these lines: the moment and the job of each. */
const withTrail = async (
  lines: readonly (readonly [atMs: number, job: string])[],
  cluster = 'realtime',
): Promise<FakeWorld> => {
  const world = createWorld();
  await write(world, lines, cluster);
  return world;
};

const write = async (
  { store }: FakeWorld,
  lines: readonly (readonly [number, string])[],
  cluster: string,
): Promise<void> => {
  const lease = await store.acquire(cluster, { owner: 'a', nowMs: t0, untilMs: t0 + 1 }, t0);
  if (lease === undefined) throw new Error('no lease');
  const log = lines.map(
    ([atMs, job], n): LogEntry => ({ job, attempt: n, jobId: '', what: 'run', because: 'ü', atMs }),
  );
  for (let from = 0; from < log.length; from += 50)
    await store.commit(lease, { jobs: {}, incidents: [], log: log.slice(from, from + 50) }, t0 + 1, t0, t0);
};

const timesOf = async (world: FakeWorld, page: object) => {
  const { entries, olderThanMs } = await answered('history', world, page, { clusters });
  return { times: entries.map(({ atMs }) => atMs), olderThanMs };
};

describe('history', () => {
  it('is empty where nothing was done', async () => {
    expect(await answered('history', createWorld())).toEqual({ ok: true, op: 'history', atMs: t0, entries: [] });
  });

  it('is newest first over all clusters, each entry with its cluster', async () => {
    const world = await withTrail([
      [1, 'orders'],
      [3, 'audit'],
    ]);
    await write(world, [[2, 'x']], 'batch');
    const { entries } = await answered('history', world, {}, { clusters });
    expect(entries.map(({ cluster, job, atMs }) => [cluster, job, atMs])).toEqual([
      ['realtime', 'audit', 3],
      ['batch', 'x', 2],
      ['realtime', 'orders', 1],
    ]);
  });

  it.each([
    ['a limit below the count', { limit: 2 }, { times: [4, 3], olderThanMs: 3 }],
    ['a limit that is the count', { limit: 4 }, { times: [4, 3, 2, 1], olderThanMs: undefined }],
    ['what is older', { limit: 2, beforeMs: 3 }, { times: [2, 1], olderThanMs: undefined }],
    ['one job', { cluster: 'realtime', job: 'audit', limit: 1 }, { times: [4], olderThanMs: 4 }],
    ['one job, all of it', { cluster: 'realtime', job: 'audit' }, { times: [4, 2], olderThanMs: undefined }],
    ['another cluster', { cluster: 'batch' }, { times: [], olderThanMs: undefined }],
  ])('is read in pages: %s', async (_, page, expected) => {
    const world = await withTrail([
      [1, 'orders'],
      [2, 'audit'],
      [3, 'orders'],
      [4, 'audit'],
    ]);
    expect(await timesOf(world, page)).toEqual(expected);
  });

  it('skips nothing between pages where several things happened at once', async () => {
    const world = await withTrail([
      [9, 'a'],
      [5, 'a'],
      [5, 'b'],
      [5, 'c'],
      [1, 'a'],
    ]);
    expect(await timesOf(world, { limit: 3 })).toEqual({ times: [9], olderThanMs: 9 });
    expect(await timesOf(world, { limit: 3, beforeMs: 9 })).toEqual({ times: [5, 5, 5], olderThanMs: 5 });
  });

  it('of a quiet job beside a busy one says how far it was read', async () => {
    const busy = Array.from({ length: 1_200 }, (_, n) => [n + 10, 'orders'] as const);
    const world = await withTrail([[1, 'audit'], ...busy]);
    const page = { cluster: 'realtime', job: 'audit' };
    expect(await timesOf(world, page)).toEqual({ times: [], olderThanMs: 210 });
    expect(await timesOf(world, { ...page, beforeMs: 210 })).toEqual({ times: [1], olderThanMs: undefined });
  });

  it.each(['history', 'orders'])('is not shown with a hole: %s with the memory away', async (op) => {
    const gone = () => Promise.reject(new Fault('transient', 'STORE_UNAVAILABLE', 'dynamodb:Query has no answer'));
    const world = createWorld();
    expect(await ask(world, { op }, { broken: { store: { history: gone, load: gone } } })).toEqual({
      ok: false,
      why: 'unavailable',
      problems: ['STORE_UNAVAILABLE: dynamodb:Query has no answer'],
    });
    expect(world.lines).toMatchObject([{ message: 'not answered' }]);
  });
});
