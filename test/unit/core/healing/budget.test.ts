import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../../../lib/core/healing/budget.ts';
import type { Attempt } from '../../../../lib/core/model.ts';
import { aJob, aPost, jm, look, memoryOf, ranOn, t0 } from '../../../support/builders.ts';
import { distanceMs, failed, failures } from './failures.ts';

const spent = (...attempts: readonly Attempt[]): number => budgetOf(aJob(), attempts).spent;
const lost = (n: number, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), n, { end: { state: 'LOST', atMs: t0 }, ...changes });

describe('the budget of a job’s restarts', () => {
  it('is full for one that never ran, or failed for the first time', () => {
    expect(budgetOf(aJob(), [])).toEqual({ restarts: 3, spent: 0 });
    expect(budgetOf(aJob(), [failed(1)])).toEqual({ restarts: 3, spent: 0 });
  });

  it('counts what was started after a failure, also while it runs, and says when the next one may be', () => {
    const [first, second] = failures(2, 7_000);
    if (first === undefined || second === undefined) throw new Error('no attempts');
    const { end: _, ...live } = second;
    const expected = { restarts: 3, spent: 1, notBeforeMs: t0 - 7_000 + distanceMs };
    expect(budgetOf(aJob(), [first, second])).toEqual(expected);
    expect(budgetOf(aJob(), [first, live])).toEqual(expected);
    expect(spent(...failures(4))).toBe(3);
  });

  it('counts from the last submission of a restart that was made twice', () => {
    const posts = [aPost({ sentMs: t0 - 90_000 }), aPost({ id: 2, sentMs: t0 - 50_000 })];
    expect(budgetOf(aJob(), [failed(1), failed(2, { posts })]).notBeforeMs).toBe(t0 - 50_000 + distanceMs);
  });

  it('keeps its distance from a restart that was lost and made again', () => {
    const again = failed(3, { agoMs: 20_000 });
    expect(budgetOf(aJob(), [failed(1), lost(2), again])).toMatchObject({
      spent: 1,
      notBeforeMs: t0 - 20_000 + distanceMs,
    });
  });

  it.each<[string, readonly Attempt[], number]>([
    ['lost with its JobManager', [lost(1), failed(2)], 0],
    ['lost in between: what was spent stays so', [failed(1), lost(2), failed(3), failed(4)], 2],
    ['that was ill in between: that counts', [failed(1), failed(2, healed()), failed(3)], 2],
    ['that Flink gave no snapshot', [failed(1), failed(2, refused()), failed(3)], 1],
    ['ended by order after it failed to', [failed(1), failed(2), failed(3, byOrder()), failed(4)], 0],
  ])('is not touched by a job %s', (_, attempts, count) => {
    expect(spent(...attempts)).toBe(count);
  });

  it.each<[string, readonly Attempt[], number]>([
    ['a person’s word (release)', [failed(1), failed(2), failed(3, { acknowledged: true })], 0],
    ['and what comes after it', [failed(1), failed(2, { acknowledged: true }), failed(3), failed(4)], 1],
    [
      'another entry of the manifest',
      [failed(1), failed(2), failed(3, { revision: 'rev-2' }), failed(4, { revision: 'rev-2' })],
      1,
    ],
    ['another jar under the same name', [failed(1), failed(2), failed(3, { jarVersion: 'v2' })], 0],
    ['having run well for long', [failed(1), failed(2), failed(3, { ranWell: true }), failed(4)], 1],
  ])('is full again after %s', (_, attempts, count) => {
    expect(spent(...attempts)).toBe(count);
  });

  it('is not forgotten because of attempts that cost nothing', () => {
    const vain = (n: number): Attempt => ({ ...failed(n, refused()), n });
    const attempts = [failed(1), failed(2), ...Array.from({ length: 12 }, (_, index) => vain(index + 3))];
    const { memory } = look({ memory: memoryOf(...attempts) });
    expect(memory.attempts).toHaveLength(10);
    expect(memory.attempts.slice(0, 2).map(({ n }) => n)).toEqual([1, 2]);
    expect(spent(...memory.attempts)).toBe(2);
  });

  it('is not filled by a jar or an entry that nobody knows to be another one', () => {
    expect(spent(failed(1, { jarVersion: 'unknown' }), failed(2))).toBe(1);
    expect(spent(failed(1), failed(2, { jarVersion: 'unknown' }))).toBe(1);
    expect(spent(failed(1, { wanted: 'rev-2' }), failed(2, { revision: 'rev-0', wanted: 'rev-2' }))).toBe(1);
  });
});

function refused(): Partial<Attempt> {
  return { posts: [aPost({ answer: 'refused', refusal: { code: 'STATE_INCOMPATIBLE', text: 'x' } })] };
}

function byOrder(): Partial<Attempt> {
  return { stop: { how: 'cancel', order: 'restart', because: 'anna: x', sentMs: t0, to: jm() } };
}

function healed(): Partial<Attempt> {
  const stop = { how: 'cancel', order: 'heal', because: 'x', sentMs: t0, to: jm() } as const;
  return { stop, end: { state: 'CANCELED', atMs: t0 } };
}
