import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Snapshot, Stop } from '../../../lib/core/model.ts';
import { withLedger } from '../../../lib/core/state/ledger.ts';
import { findSnapshots } from '../../../lib/snapshots/find-snapshots.ts';
import { aCheckpoint, aFlinkJob, anAttempt, aView, idOf, jm, ranOn, t0 } from '../../support/builders.ts';
import { createFakeSnapshots } from '../../support/fake-snapshots.ts';
import { places } from './places.ts';
import { chk, search, storeWith } from './search.ts';

const taken = (id: number): Snapshot => ({
  kind: 'savepoint',
  path: `s3://state/savepoints/${idOf()}/savepoint-${id}`,
  id,
  atMs: t0 + id * 1_000,
});

describe('the ledger', () => {
  const seen = (attempt = ranOn(jm()), snapshots: readonly Snapshot[] = []) =>
    withLedger(attempt, [
      aView(jm(), { jobs: [aFlinkJob(idOf(), 'FINISHED')], checkpoints: { [idOf()]: { snapshots } } }),
    ]).snapshots ?? [];

  it('keeps savepoints that many checkpoints came after, and the newest of both', () => {
    const old = Array.from({ length: defaults.savepointsMax }, (_, id) => taken(id + 1)).toReversed();
    const checkpoints = Array.from({ length: defaults.snapshotsMax + 1 }, (_, id) => aCheckpoint(100 + id));
    const kept = seen(ranOn(jm(), 1, { snapshots: old }), [...checkpoints, taken(99)]);
    const idsOf = (kind: Snapshot['kind']) => kept.filter((each) => each.kind === kind).map(({ id }) => id);
    expect(idsOf('checkpoint')).toEqual([104, 103, 102, 101]);
    expect(idsOf('savepoint')).toEqual([99, ...old.map(({ id }) => id).slice(0, -1)]);
    expect(kept.map(({ id }) => id)).toEqual(kept.map(({ id }) => id).toSorted((a, b) => b - a));
  });
});

describe('a savepoint that was given up', () => {
  it('is never restored from, although a part of it is still there', async () => {
    const files = createFakeSnapshots(() => t0);
    for (const id of [1, 2]) files.snapshot(taken(id).path, id);
    const found = async (changes: Partial<Snapshot>) => {
      const attempts = [anAttempt(1, { snapshots: [{ ...taken(2), ...changes }] })];
      return (await findSnapshots(files, places({ attempts }), t0 + 1_000)).found.map(({ id }) => id);
    };
    expect(await found({})).toEqual([2, 1]);
    expect(await found({ disposedMs: t0 })).toEqual([1]);
  });
});

describe('savepoints without number', () => {
  const ids = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
  const dropped = ids(1, 90);
  const kept = ids(91, defaults.savepointsMax).map(taken).toReversed();
  const stop: Stop = { how: 'savepoint', order: 'restart', because: 'asked for' };
  const searched = (paths: readonly (readonly [string, number])[], changes: Partial<Attempt>) =>
    search(storeWith(...dropped.map((id) => [taken(id).path, id] as const), ...paths), {
      attempts: [anAttempt(1, { snapshots: kept, ...changes })],
    });
  const there = kept.map(({ path, id }) => [path, id] as const);

  it.each<[string, Partial<Attempt>]>([
    ['', {}],
    ['that one of them ended', { stop, snapshots: [{ ...taken(200), stopped: true }, ...kept.slice(0, -1)] }],
  ])('are no hindrance to a job %s: what a full ledger dropped is older (I2)', async (_, changes) => {
    expect(await searched([...there, [chk(1000), 1000]], changes)).toMatchObject({
      found: [
        [1, 1000],
        [1, 122],
        [1, 121],
      ],
      partial: 'SNAPSHOTS_TOO_MANY',
    });
  });

  it.each<[string, readonly (readonly [string, number])[], Partial<Attempt>]>([
    [
      'all that the ledger has was given up, and a checkpoint is older',
      [[chk(50), 50]],
      { snapshots: kept.map((each) => ({ ...each, disposedMs: t0 })) },
    ],
    ['the one that ended the job may be among them', [...there, [chk(1000), 1000]], { stop }],
    ['the ledger has dropped none', [...there, [chk(1000), 1000]], { snapshots: kept.slice(1) }],
  ])('hold it where %s (I2, I6)', async (_, paths, changes) => {
    await expect(searched(paths, changes)).rejects.toMatchObject({ code: 'SNAPSHOTS_TOO_MANY' });
  });
});
