import { describe, expect, it } from 'vitest';
import type { Attempt, EndState, Order } from '../../../lib/core/model.ts';
import { anOrder, jm, look, memoryOf, ranOn, startedBy, t0 } from '../../support/builders.ts';

const ended = (state: EndState): Attempt => ranOn(jm(), 1, { end: { state, atMs: t0 - 60_000 } });
describe('`pause`', () => {
  const paused = (untilMs?: number) => anOrder('pause', untilMs === undefined ? {} : { untilMs });
  const { job: _, ...ofCluster } = paused();

  it.each<[string, Order]>([
    ['of a job', paused()],
    ['of the cluster', ofCluster],
  ])('%s: nothing is done, and the decision says who and why', (_, order) => {
    const { decision } = look({ orders: [order] });
    expect(decision.verdict).toBe('wait');
    expect(decision.effect).toBeUndefined();
    expect(decision.because).toBe('it was never submitted; not done: paused by anna until it is resumed: looked at it');
  });

  it('ends by itself, and is not kept', () => {
    const { memory } = look({ orders: [paused(t0 + 1_000)] });
    expect(memory.pause).toEqual({ who: 'anna', why: 'looked at it', sinceMs: t0, untilMs: t0 + 1_000 });
    const during = look({ memory, nowMs: t0 + 999 });
    expect(during.decision.because).toContain('paused by anna until 2026-01-02 03:04:06 UTC');
    const after = look({ memory, nowMs: t0 + 1_000 });
    expect(startedBy(after.decision)).toBeDefined();
    expect(after.memory.pause).toBeUndefined();
  });

  it('of the cluster ends by itself, too', () => {
    const pause = { who: 'anna', why: 'x', sinceMs: t0, untilMs: t0 + 1_000 };
    expect(look({ pause, nowMs: t0 + 999 }).decision.effect).toBeUndefined();
    expect(startedBy(look({ pause, nowMs: t0 + 1_000 }).decision)).toBeDefined();
  });

  it('is taken back by `resume`', () => {
    const { memory } = look({ orders: [paused()] });
    const { decision, consumed } = look({ memory, orders: [anOrder('resume')] });
    expect(startedBy(decision)).toBeDefined();
    expect(consumed).toMatchObject([{ what: 'resume' }]);
  });

  it('leaves alerts as they are', () => {
    const { decision } = look({ memory: memoryOf(ended('FAILED')), orders: [paused()] });
    expect(decision.problem?.code).toBe('JOB_FAILED');
  });
});
