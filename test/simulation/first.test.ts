import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { seedsFrom, simulateAll } from './run.ts';
import { simulate } from './simulate.ts';

describe('500 runs of trouble', () => {
  let first: Awaited<ReturnType<typeof simulateAll>>;
  beforeAll(async () => {
    first = await simulateAll(seedsFrom(1, 500));
  }, 50_000);

  it('keep I1, I3 and I10', () => expect(first.red).toEqual([]));

  it.each([
    ['F27 a POST carried out, its reply lost', 'POST: reply lost'],
    ['F28 a POST lost', 'POST: lost'],
    ['F28 the same id once more', 'same id once more'],
    ['F29 a POST late, after its repeat, refused by its id', 'POST late: DUPLICATE_JOB'],
    ['F30 two at once: one works, the other rings the bell', 'busy, rang the bell'],
    ['F31 one id twice in main() at once', 'one id twice in main()'],
    ['F32, F33 a crash before or after the POST', 'POST: crash'],
    ['F34 live in another state', 'MELTING 1/1'],
    ['F121 a main() that is slower than the call, its job starting later', 'POST late: its job starts'],
    ['F122 a repeat not connected', 'POST: error'],
    ['F131 an owner frozen between intent and POST', 'POST: freeze'],
    ['F94 an owner overtaken', 'someone else took over'],
    ['a POST that finds another process', 'POST late: JAR_GONE'],
  ])('met %s', (_, state) => expect(first.sometimes[state]).toBeGreaterThan(0));
});

describe('the simulation', () => {
  it('keeps the seeds that were red once', async () => {
    const seeds: { seed: number }[] = JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8'));
    expect((await simulateAll(seeds.map(({ seed }) => seed))).red).toEqual([]);
  });

  it('runs a seed the same way each time', async () => {
    expect((await simulate(7)).lines).toEqual((await simulate(7)).lines);
    expect((await simulate(7)).lines).not.toEqual((await simulate(8)).lines);
  });

  it.each(['intent', 'unsettled'] as const)('breaks I1 within 500 seeds without the guard: %s', async (guard) => {
    const { red } = await simulateAll(seedsFrom(1, 25), guard);
    expect(red.filter(({ I1 }) => I1 !== undefined).length).toBeGreaterThan(0);
  });
});
