import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Snapshot } from '../../../lib/core/model.ts';
import { withLedger } from '../../../lib/core/state/ledger.ts';
import { findSnapshots } from '../../../lib/snapshots/find-snapshots.ts';
import { aCheckpoint, aFlinkJob, anAttempt, aView, idOf, jm, observed, ranOn, t0 } from '../../support/builders.ts';
import { createFakeSnapshots } from '../../support/fake-snapshots.ts';
import { places } from './places.ts';

const taken = (id: number): Snapshot => ({
  kind: 'savepoint',
  path: `s3://state/savepoints/${idOf()}/savepoint-${id}`,
  id,
  atMs: t0 + id * 1_000,
});

describe('the ledger', () => {
  const seen = (attempt = ranOn(jm()), snapshots: readonly Snapshot[] = []) =>
    withLedger(
      attempt,
      observed({
        views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'FINISHED')], checkpoints: { [idOf()]: { snapshots } } })],
      }),
    ).snapshots ?? [];

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
