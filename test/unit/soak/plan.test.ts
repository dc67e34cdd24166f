import { describe, expect, test } from 'vitest';
import { createPlan, type Round } from '../../soak/plan.ts';

const rounds = (seed: number, isLed: boolean, count: number): readonly Round[] => {
  const next = createPlan(seed, isLed);
  return Array.from({ length: count }, next);
};
const kindsOf = (all: readonly Round[]) =>
  new Set(all.flatMap(({ first, beside }) => [first.what, ...(beside === undefined ? [] : [beside.what])]));

describe('the trouble of a soak', () => {
  test('is the same for the same seed, and another for another one', () => {
    expect(rounds(7, false, 20)).toEqual(rounds(7, false, 20));
    expect(rounds(7, false, 20)).not.toEqual(rounds(8, false, 20));
  });

  test.each([
    [false, 7],
    [true, 10],
  ])('with high availability %s: each kind comes within %i rounds', (isLed, kinds) => {
    for (const seed of [1, 2, 3]) expect(kindsOf(rounds(seed, isLed, kinds)).size).toBe(kinds);
  });

  test('comes alone or two at a time, for a moment or past the patience of a view', () => {
    const all = rounds(1, true, 200);
    const beside = all.flatMap((round) => (round.beside === undefined ? [] : [round.beside]));
    expect(beside.length).toBeGreaterThan(50);
    expect(beside.length).toBeLessThan(150);
    const lengths = [...all.map(({ first }) => first), ...beside].map(({ forMs }) => forMs);
    expect(lengths.filter((ms) => ms === 0).length).toBeGreaterThan(50);
    expect(lengths.filter((ms) => ms > 0 && ms <= 30_000).length).toBeGreaterThan(50);
    expect(lengths.filter((ms) => ms > 150_000).length).toBeGreaterThan(20);
    expect(Math.max(...lengths)).toBeLessThan(220_000);
  });
});
