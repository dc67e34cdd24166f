import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { profiles } from './profiles.ts';
import { simulate } from './simulate.ts';
import { states } from './sometimes.ts';

describe('500 runs of trouble', () => {
  let all: Awaited<ReturnType<typeof explore>>;
  beforeAll(async () => {
    all = await explore(1, 500);
  }, 120_000);

  it('keep every invariant', () => expect(all.red).toEqual([]));
  it.each(Object.keys(states))('reached: %s', (state) => expect(all.sometimes[state]).toBeGreaterThan(0));
});

describe('the simulation', () => {
  const seeds: { seed: number; word: string }[] = JSON.parse(readFileSync(`${import.meta.dirname}/seeds.json`, 'utf8'));
  it('keeps clean what was red once', async () => {
    for (const { seed } of seeds) expect((await simulate(seed, profiles.uniform)).broken).toEqual({});
  });

  it('runs a seed the same way each time, watched or not', async () => {
    const timelineOf = async (seed: number) => {
      const lines: string[] = [];
      const { portCalls, virtualMs } = await simulate(seed, profiles.uniform, lines);
      expect(await simulate(seed, profiles.uniform)).toMatchObject({ portCalls, virtualMs });
      return lines;
    };
    expect(await timelineOf(7)).toEqual(await timelineOf(7));
    expect(await timelineOf(7)).not.toEqual(await timelineOf(8));
  });
});
