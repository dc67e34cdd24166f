import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Observation, Snapshot } from '../../../lib/core/model.ts';
import { aCheckpoint, aFlinkJob, anOrder, aView, idOf, jm, observed, t0 } from '../../support/builders.ts';
import { expiresMs, given, running, seeing, sent, taken, triggerId } from '../../support/saving.ts';

describe('a savepoint that is under way', () => {
  const later = t0 + defaults.cancelAgainMs;

  it('is not asked for twice, and said', () => {
    const { decision } = given(running(sent), seeing({ state: 'in-progress' }), { nowMs: later });
    expect(decision).toMatchObject({ verdict: 'steady', because: expect.stringContaining('under way') });
    expect(decision.effect).toBeUndefined();
  });

  it('is asked for again under the same trigger, where its JobManager does not know it (F58)', () => {
    const at = (nowMs: number) => given(running(sent), seeing({ state: 'unknown' }), { nowMs }).decision.effect;
    expect(at(later - 1)).toBeUndefined();
    expect(at(later)).toMatchObject({ attempt: { savepoint: { triggerId, sentMs: later } } });
    expect(given(running(sent), seeing(), { nowMs: later }).decision).toMatchObject({ verdict: 'steady' });
  });

  it('is asked for again until its order expires', () => {
    const at = (nowMs: number) => {
      const asked = running({ ...sent, sentMs: nowMs - defaults.cancelAgainMs });
      return given(asked, seeing({ state: 'unknown' }), { nowMs }).decision.effect;
    };
    expect(at(expiresMs - 1)).toMatchObject({ kind: 'savepoint' });
    expect(at(expiresMs)).toBeUndefined();
  });

  it('is kept until the ledger has it, so that no other is taken meanwhile', () => {
    const completed = given(running(sent), seeing({ state: 'completed', path: taken.path })).memory.attempts[0];
    expect(completed?.savepoint).toEqual({ ...sent, path: taken.path });
    const over = given(running({ ...sent, path: taken.path }), seeing(undefined, [taken])).memory.attempts[0];
    expect(over?.savepoint).toBeUndefined();
    expect(over?.snapshots).toEqual([taken]);
  });

  it.each<[string, Observation]>([
    ['java.io.IOException: full', seeing({ state: 'failed', because: 'java.io.IOException: full' })],
    ['the job ended before it was complete', seeing({ state: 'in-progress' }, undefined, 'FAILED')],
    [
      'the JobManager that was asked for it has ended',
      observed({ views: [aView(jm(1, 1), { jobs: [aFlinkJob(idOf())] })] }),
    ],
  ])('fails: %s', (failed, observation) => {
    expect(given(running(sent), observation).memory.attempts[0]?.savepoint).toEqual({ ...sent, failed });
  });

  it('that Flink never took is given up with its order', () => {
    const at = (nowMs: number) => given(running(sent), seeing({ state: 'unknown' }), { nowMs }).memory.attempts[0];
    expect(at(expiresMs - 1)?.savepoint?.failed).toBeUndefined();
    expect(at(expiresMs)?.savepoint?.failed).toBe('Flink knows nothing of the order');
    for (const status of [undefined, { state: 'in-progress' }] as const)
      expect(given(running(sent), seeing(status), { nowMs: expiresMs }).memory.attempts[0]?.savepoint).toEqual(sent);
  });

  it('whose call may still be on its way is waited for, and not asked for again after its order (F58)', () => {
    const sentMs = expiresMs - 1;
    const late = running({ ...sent, sentMs });
    const at = (nowMs: number) => given(late, seeing({ state: 'unknown' }), { nowMs });
    const { decision, memory } = at(sentMs + defaults.savepointLateMs - 1);
    expect(decision.verdict).toBe('steady');
    expect(memory.attempts[0]?.savepoint).toEqual({ ...sent, sentMs });
    const over = at(sentMs + defaults.savepointLateMs).memory.attempts[0]?.savepoint;
    expect(over?.failed).toBe('Flink knows nothing of the order');
  });

  it('whose failure is told while the job runs is over with a late success, or the next order (F57)', () => {
    const failed = running({ ...sent, failed: 'no space' });
    const { decision } = given(failed);
    expect(decision).toMatchObject({ verdict: 'steady', problem: { code: 'SAVEPOINT_FAILED', what: 'no space' } });
    const late = given(failed, seeing(undefined, [taken, aCheckpoint(6)]));
    expect(late.memory.attempts[0]?.savepoint).toBeUndefined();
    expect(late.decision.problem).toBeUndefined();
    const again = given(failed, seeing(), { orders: [anOrder('savepoint')] });
    expect(again.decision).toMatchObject({ effect: { kind: 'savepoint' } });
    expect(again.decision.problem).toBeUndefined();
  });

  it('is not over with one that was complete a moment before, while it may be in progress, or arrive (F58)', () => {
    const earlier = { ...taken, atMs: t0 - 1 };
    const lateMs = t0 + defaults.savepointLateMs;
    const kept = (status: Parameters<typeof seeing>[0], nowMs: number) =>
      given(running(sent), seeing(status, [earlier]), { nowMs }).memory.attempts[0]?.savepoint;
    expect(kept({ state: 'in-progress' }, lateMs)).toEqual(sent);
    expect(kept({ state: 'unknown' }, lateMs - 1)).toMatchObject(sent);
    expect(kept({ state: 'unknown' }, lateMs)).toBeUndefined();
  });

  it('of which nothing is known, while a person took a later one, is no failure to tell', () => {
    const elsewhere = (atMs: number) => ({ ...taken, path: 's3://other/savepoint-1', atMs });
    const at = (snapshot: Snapshot) =>
      given(running(sent), seeing({ state: 'unknown' }, [snapshot]), { nowMs: expiresMs }).decision.problem?.code;
    expect(at(elsewhere(t0 + 1))).toBeUndefined();
    expect(at(elsewhere(t0))).toBe('SAVEPOINT_FAILED');
    expect(at({ ...aCheckpoint(8), atMs: t0 + 1 })).toBe('SAVEPOINT_FAILED');
  });

  it.each<[string, Snapshot]>([
    ['a checkpoint', aCheckpoint(8)],
    ['a savepoint elsewhere', { ...taken, path: 's3://other/savepoint-1' }],
  ])('is not over with %s', (_, snapshot) => {
    expect(given(running(sent), seeing(undefined, [snapshot])).memory.attempts[0]?.savepoint).toEqual(sent);
  });
});
