import { describe, expect, it } from 'vitest';
import {
  aCheckpoint,
  aFlinkJob,
  aStatefulJob,
  aStorage,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

describe('what is given up for a newer savepoint', () => {
  const job = aStatefulJob({ savepoints: { every: '1d', keep: 1 } });
  const directory = 's3://state/savepoints';
  const below = (kind: 'savepoint' | 'checkpoint', id: number) =>
    aCheckpoint(id, 1, { kind, path: `${directory}/${idOf()}/${kind}-${id}`, atMs: t0 - 10 + id });
  const given = (...kinds: readonly ('savepoint' | 'checkpoint')[]) => {
    const snapshots = kinds.map((kind, index) => below(kind, index + 1));
    const storage = aStorage({ checkpointDir: directory, savepointDir: directory });
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf())], identity: { storage } })];
    return look({ job, memory: memoryOf(ranOn(jm(), 1, { snapshots })), observation: observed({ views }) }).decision
      .effect;
  };

  it('is an older savepoint, and never a checkpoint, where both lie in one directory', () => {
    expect(given('savepoint', 'savepoint')).toMatchObject({ kind: 'dispose', path: below('savepoint', 1).path });
    expect(given('checkpoint', 'savepoint')).toBeUndefined();
  });
});
