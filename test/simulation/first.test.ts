import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulateAll } from './run.ts';
import { simulate } from './simulate.ts';

describe('500 runs of trouble', () => {
  let first: Awaited<ReturnType<typeof simulateAll>>;
  beforeAll(async () => {
    first = await simulateAll(1, 500);
  }, 120_000);

  it('keep I1, I3 and I10', () => expect(first.red).toEqual([]));
  it.each([
    ['F27 a POST carried out, its reply lost', 'POST: reply lost'],
    ['F28 a POST lost', 'POST: lost'],
    ['F28, F122 the same id once more', 'same id once more'],
    ['F29 a POST late, after its repeat, refused by its id', 'POST late: DUPLICATE_JOB'],
    ['F30 two at once: one works, the other rings the bell', 'busy, rang the bell'],
    ['F31 one id twice in main() at once', 'one id twice in main()'],
    ['F32, F33 a crash before or after the POST', 'POST: crash'],
    ['F34 live in another state', 'MELTING 1/1'],
    ['F121 a main() slower than the call, its job starting later', 'POST late: its job starts'],
    ['F122 a repeat not connected', 'POST: error'],
    ['F131 an owner frozen between intent and POST', 'POST: freeze'],
    ['F94 an owner overtaken', 'someone else took over'],
    ['F123 a POST that finds another process', 'POST late: JAR_GONE'],
    ['an order', 'order'],
    ['an ordered restart', 'cancel: restart'],
    ['F35 a job of ours under a foreign id', 'adopted'],
  ])('met %s', (_, state) => expect(first.sometimes[state]).toBeGreaterThan(0));
});

describe('the simulation', () => {
  const seeds: { seed: number; word: string }[] = JSON.parse(readFileSync(`${import.meta.dirname}/seeds.json`, 'utf8'));
  it.each(seeds)('keeps clean what was red once: $seed, $word', async ({ seed }) =>
    expect((await simulate(seed)).broken).toEqual({}),
  );

  it('runs a seed the same way each time', async () => {
    expect((await simulate(7)).lines).toEqual((await simulate(7)).lines);
    expect((await simulate(7)).lines).not.toEqual((await simulate(8)).lines);
  });
  it.each(['intent', 'unsettled'] as const)('has two live copies without the guard: %s', async (guard) => {
    expect((await simulateAll(1, 25, guard)).red.some(({ I1 }) => I1 !== undefined)).toBe(true);
  });
});
