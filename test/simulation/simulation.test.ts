import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Explored, explore } from './explore.ts';
import { unreached } from './summary.ts';

/** What threads need for so many seeds on a busy machine. */
const TIMEOUT_MS = 240_000;

describe('500 runs of trouble', () => {
  let all: Explored;
  beforeAll(async () => {
    all = await explore({ seeds: { from: 1, count: 500 } });
  }, TIMEOUT_MS);

  it('keep every invariant', () => {
    expect(all.died).toEqual([]);
    expect(all.red).toEqual([]);
    expect(all.summary.seeds).toBe(500);
  });
  it('reach every state that matters', () => expect(unreached(all.summary)).toEqual([]));
  it('are worth something: hours of several jobs, hundreds of calls, a few faults', () => {
    const { virtualHours, jobs, portCalls, faults } = all.summary.medians;
    expect(virtualHours).toBeGreaterThanOrEqual(2);
    expect(jobs).toBeGreaterThanOrEqual(3);
    expect(portCalls).toBeGreaterThanOrEqual(300);
    expect(faults).toBeGreaterThanOrEqual(3);
  });
});

describe('the seeds that were red once', () => {
  type Recorded = { readonly seed: number; readonly profile: string; readonly word: string };
  const recorded: readonly Recorded[] = JSON.parse(readFileSync(`${import.meta.dirname}/seeds.json`, 'utf8'));

  it(
    'stay clean',
    async () => {
      const { red, died } = await explore({ seeds: recorded });
      expect({ red, died }).toEqual({ red: [], died: [] });
    },
    TIMEOUT_MS,
  );
});
