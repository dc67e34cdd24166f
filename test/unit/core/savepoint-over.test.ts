import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Observation, Savepoint, Snapshot } from '../../../lib/core/model.ts';
import { outcomeIn, withSavepoint } from '../../../lib/core/state/savepoints.ts';
import { aCheckpoint, aView, idOf, jm, observed, ranOn, stopped, t0 } from '../../support/builders.ts';

const directory = `s3://state/savepoints/${idOf()}`;
const triggerId = 'f'.repeat(32);
const sent: Savepoint = {
  directory,
  because: 'anna: x',
  expiresMs: t0 + 1,
  triggerId,
  sentMs: t0,
  to: jm(),
};
const { sentMs: _, ...wanted } = sent;
const { to: __, ...toNobody } = sent;
const path = `${directory}/savepoint-1`;
const taken: Snapshot = { kind: 'savepoint', path, id: 7, atMs: t0 + 100 };
const other = ranOn(jm(9), 0, { jobId: idOf(9) });
const running = (savepoint: Savepoint, snapshots: readonly Snapshot[] = []): Attempt =>
  ranOn(jm(), 1, { savepoint, snapshots });
const looked = (attempt: Attempt, before: readonly Attempt[] = [attempt]): Attempt =>
  withSavepoint(attempt, before, forgotten, t0);
/** Flink answers, and knows the trigger no more. */
const forgotten = observed({ views: [aView(jm(), { savepoints: { [triggerId]: { state: 'unknown' } } })] });

const completed = observed({ views: [aView(jm(), { savepoints: { [triggerId]: { state: 'completed', path } } })] });

describe('a savepoint beside the work', () => {
  it.each<[string, boolean, readonly Attempt[]]>([
    ['is new', true, [ranOn(jm(9), 0, { jobId: idOf(9), snapshots: [taken] }), running(sent)]],
    ['is the first that anybody sees', true, []],
    ['was there before', false, [ranOn(jm(9), 0, { jobId: idOf(9) }), running(sent, [taken])]],
  ])('is over with one below its directory, if that %s', (_, isOver, before) => {
    expect(looked(running(sent, [taken]), before).savepoint === undefined).toBe(isOver);
  });

  it.each<[string, string, readonly Snapshot[], boolean]>([
    ['the ledger has it', path, [aCheckpoint(8), taken], true],
    ['the ledger has it by another name', `${path.replace('s3:', 's3a:')}/_metadata`, [taken], true],
    ['the ledger has others', `${directory}/savepoint-2`, [aCheckpoint(8), taken], false],
  ])('of which is known where it lies is over once %s', (_, place, snapshots, isOver) => {
    expect(looked(running({ ...sent, path: place }, snapshots)).savepoint === undefined).toBe(isOver);
  });

  const isOver = (attempt: Attempt, nowMs: number): boolean =>
    withSavepoint(attempt, [], forgotten, nowMs).savepoint === undefined;
  const settledMs = t0 + defaults.savepointLateMs;

  it.each<[string, number, number, boolean]>([
    ['as long before as clocks may differ', t0 - defaults.clockSkewMs, settledMs, true],
    ['longer before', t0 - defaults.clockSkewMs - 1, settledMs, false],
    ['before, while the call may still arrive', t0 - 1, settledMs - 1, false],
    ['since then', t0, t0, true],
  ])('is over with one that was complete %s, and is heard of only now (F58)', (_, atMs, nowMs, expected) => {
    expect(isOver(running(sent, [{ ...taken, atMs }]), nowMs)).toBe(expected);
  });

  it.each<[string, Partial<Savepoint>]>([
    ['Flink told where it lies', { path }],
    ['it counted as failed', { failed: 'full' }],
  ])('is over with one that was complete before by its time at once, if %s', (_, changes) => {
    expect(isOver(running({ ...sent, ...changes }, [{ ...taken, atMs: t0 - 1 }]), t0)).toBe(true);
  });

  it.each<[string, Partial<Attempt>, Observation, boolean]>([
    ['Flink gives no answer about it', {}, observed(), false],
    ['it was never asked for', { savepoint: wanted }, observed(), false],
    ['it counted as failed', { savepoint: { ...sent, failed: 'full' } }, observed(), true],
    ['the job has ended', { end: { state: 'FAILED', atMs: t0 } }, observed(), true],
    ['who was asked has ended', {}, observed({ tasks: [stopped(jm())] }), true],
    ['Flink says that it is complete', {}, completed, true],
    ['nobody knows who was asked', { savepoint: toNobody }, observed(), false],
  ])('is over with a new one where %s: only while this one cannot go on (F58)', (_, changes, observation, isOver) => {
    const attempt: Attempt = { ...running(sent, [taken]), ...changes };
    expect(withSavepoint(attempt, [other], observation, t0).savepoint === undefined).toBe(isOver);
  });

  it('has no outcome while it was never asked for', () => {
    expect(outcomeIn(wanted, [], [taken])).toBeUndefined();
    expect(outcomeIn({ ...wanted, path }, [], [taken])).toBeUndefined();
    expect(outcomeIn(sent, [], [taken])).toBe(taken);
  });

  it('is not over with a checkpoint, although those lie below the same directory', () => {
    const checkpoint = aCheckpoint(8, 1, { path: `${directory}/chk-8` });
    expect(looked(running(sent, [checkpoint]), [other]).savepoint).toEqual(sent);
  });

  it('of which there is no news leaves the attempt as it is', () => {
    const attempt = running(sent);
    expect(looked(attempt)).toBe(attempt);
  });
});
