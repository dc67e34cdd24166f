import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Checkpoints, SavepointStatus, Snapshot, Stop } from '../../../lib/core/model.ts';
import { statusOf, withLedger } from '../../../lib/core/state/ledger.ts';
import {
  aCheckpoint,
  aFlinkJob,
  aView,
  idOf,
  jm,
  known,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../support/builders.ts';

const { attempt: _n, ...first } = aCheckpoint(1);
const at = (id: number, atMs: number, changes: Partial<Snapshot> = {}): Snapshot => ({
  ...first,
  path: aCheckpoint(id).path,
  id,
  atMs,
  ...changes,
});
const config = {
  intervalMs: 1_000,
  timeoutMs: 600_000,
  toleratedFailures: 0,
  retention: 'retain',
  inMemory: false,
  unaligned: false,
} as const;

/** The attempt after a look at a JobManager that says this of its snapshots. */
const lookedAt = (attempt: Attempt, checkpoints: Partial<Checkpoints>, state = 'RUNNING'): Attempt =>
  withLedger(attempt, [aView(jm(), { jobs: [aFlinkJob(idOf(), state)], checkpoints: { [idOf()]: checkpoints } })]);

describe('the ledger of an attempt', () => {
  it('begins with the first snapshot that a look sees', () => {
    expect(lookedAt(ranOn(jm()), { completed: 1, snapshots: [at(1, t0)] })).toMatchObject({
      hadState: true,
      snapshots: [at(1, t0)],
    });
    expect(lookedAt(ranOn(jm()), {})).toStrictEqual(ranOn(jm()));
    expect(lookedAt(ranOn(jm()), { completed: 0, snapshots: [at(1, t0)] })).toHaveProperty('hadState', true);
  });

  it('knows of state that lies in its JobManager’s memory, too', () => {
    expect(lookedAt(ranOn(jm()), { completed: 3 })).toEqual(ranOn(jm(), 1, { hadState: true }));
  });

  it.each<[string, number, Partial<Snapshot>, string, boolean]>([
    ['a checkpoint a moment later', defaults.ledgerEveryMs - 1, {}, 'RUNNING', false],
    ['a checkpoint some minutes later', defaults.ledgerEveryMs, {}, 'RUNNING', true],
    ['a savepoint, whose place nobody else may know', 1, { kind: 'savepoint' }, 'RUNNING', true],
    ['the last one of a job that ended (F110)', 1, {}, 'FINISHED', true],
  ])('%s after %i ms is written: no write for each checkpoint', (_, laterMs, changes, state, isWritten) => {
    const before = ranOn(jm(), 1, { hadState: true, snapshots: [at(1, t0)] });
    const newer = at(2, t0 + laterMs, changes);
    expect(lookedAt(before, { completed: 2, snapshots: [newer] }, state).snapshots).toEqual(
      isWritten ? [newer, at(1, t0)] : [at(1, t0)],
    );
  });

  it.each<[string, string, string, boolean]>([
    ['its own end', 'FINISHED', 'RUNNING', true],
    ['that of another job', 'RUNNING', 'FINISHED', false],
  ])('is written at once at %s', (_, own, other, isWritten) => {
    const jobs = [aFlinkJob(idOf(), own), aFlinkJob(idOf(2), other)];
    const checkpoints = { [idOf()]: { completed: 2, snapshots: [at(2, t0 + 1)] } };
    const before = ranOn(jm(), 1, { hadState: true, snapshots: [at(1, t0)] });
    const { snapshots } = withLedger(before, [aView(jm(), { jobs, checkpoints })]);
    expect(snapshots).toHaveLength(isWritten ? 2 : 1);
  });

  it('keeps the newest by their ids, so many and no more; the same look twice changes nothing (I12)', () => {
    const ids = Array.from({ length: defaults.snapshotsMax + 2 }, (_, index) => index + 1);
    const once = lookedAt(ranOn(jm()), { completed: 9, snapshots: ids.map((id) => at(id, t0)) });
    expect(once.snapshots?.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, defaults.snapshotsMax));
    expect(lookedAt(once, { completed: 9, snapshots: ids.map((id) => at(id, t0)) })).toEqual(once);
  });

  it('has a savepoint at once and once, and with it a checkpoint that alone could wait', () => {
    const before = ranOn(jm(), 1, { hadState: true, snapshots: [at(1, t0)] });
    const seen = { completed: 3, snapshots: [at(3, t0 + 2, { kind: 'savepoint' }), at(2, t0 + 1)] };
    const once = lookedAt(before, seen);
    expect(once.snapshots).toEqual([...seen.snapshots, at(1, t0)]);
    expect(lookedAt(once, seen)).toEqual(once);
  });

  it('says what it began from, and not what Flink took up again later', () => {
    const restored = { path: aCheckpoint(42).path, id: 42 };
    const once = lookedAt(ranOn(jm()), { restored });
    expect(once.restored).toEqual(restored);
    expect(lookedAt(once, { restored: { path: aCheckpoint(43).path, id: 43 } }).restored).toEqual(restored);
  });

  it('says how it takes checkpoints; what could not be asked changes nothing (F23)', () => {
    const jobs = [aFlinkJob(idOf())];
    const view = aView(jm(), { jobs, checkpointConfigs: { [idOf()]: known(config) } });
    expect(withLedger(ranOn(jm()), [view]).checkpointing).toEqual(config);
    const blind = { ...aView(jm(), { jobs }), checkpoints: { [idOf()]: unknown() } };
    expect(withLedger(ranOn(jm()), [blind])).toEqual(ranOn(jm()));
  });
});

describe('a savepoint that ends its job', () => {
  const stop: Stop = {
    how: 'savepoint',
    order: 'restart',
    because: 'anna: x',
    triggerId: 'f'.repeat(32),
    sentMs: t0,
    to: jm(),
  };
  const heard = (status: SavepointStatus, changes: Partial<Attempt> = {}): Attempt => {
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf())], savepoints: { [stop.triggerId ?? '']: status } })];
    return withLedger(ranOn(jm(), 1, { stop, ...changes }), views);
  };
  const failed: SavepointStatus = { state: 'failed', because: 'AccessDenied' };

  it.each<SavepointStatus>([{ state: 'in-progress' }, { state: 'unknown' }, { state: 'completed', path: 's3://a/b' }])(
    'is waited for while it is %j (F57)',
    (status) => {
      expect(heard(status)).toEqual(ranOn(jm(), 1, { stop }));
    },
  );

  it('that failed ends the order; the job runs on, and why is kept', () => {
    const { stop: over, savepointFailed } = heard(failed);
    expect({ over, savepointFailed }).toEqual({ over: undefined, savepointFailed: 'AccessDenied' });
  });

  it.each<[string, Partial<Attempt>, 'cancel' | undefined]>([
    ['its checkpoints outlive that', { hadState: true, checkpointing: config }, 'cancel'],
    ['it has none yet', { checkpointing: config }, undefined],
    ['a cancel deletes them', { hadState: true, checkpointing: { ...config, retention: 'delete' } }, undefined],
    ['nobody knows what becomes of them', { hadState: true }, undefined],
  ])('that failed makes it a cancel only where %s (I2)', (_, changes, how) => {
    const { stop: next } = heard(failed, changes);
    expect(next?.how).toBe(how);
    if (how !== undefined) expect(next).toEqual({ how, order: 'restart', because: 'anna: x' });
  });

  it('is known to whichever JobManager was asked for it', () => {
    const { triggerId = '' } = stop;
    const views = [aView(jm(1)), aView(jm(2), { savepoints: { [triggerId]: failed } })];
    expect(statusOf(stop, observed({ views }))).toEqual(failed);
    expect(statusOf(stop, observed())).toBeUndefined();
    const blind = { ...aView(), savepoints: { [triggerId]: unknown() } };
    expect(statusOf(stop, observed({ views: [blind] }))).toBeUndefined();
  });

  it('says nothing of a job that has ended', () => {
    const end = { state: 'FINISHED', atMs: t0 } as const;
    expect(heard(failed, { end })).toEqual(ranOn(jm(), 1, { stop, end }));
  });
});
