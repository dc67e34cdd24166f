import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import type { Guard } from './guards.ts';

/** What threads need for some days on a busy machine. */
const TIMEOUT_MS = 240_000;

const days = (seeds: readonly number[], guard?: Guard) =>
  explore({ seeds: seeds.map((seed) => ({ seed, profile: 'healthy' })), ...(guard && { guard }) });

const inCore = (file: string, text: string, instead: string): Guard => ({
  ...{ name: text, what: text, profile: 'healthy', file: `lib/core/${file}` },
  text,
  instead,
});

// Four more days are among the seeds that were red once.
describe('a day of clusters that are well', () => {
  it(
    'needs no person, with late ticks, slow answers, a JobManager that is deployed and a TaskManager that is replaced',
    async () => {
      const { red, died, summary } = await days([1, 2]);
      expect({ red, died }).toEqual({ red: [], died: [] });
      expect(summary.medians.virtualHours).toBeGreaterThanOrEqual(24);
      expect(summary.medians.faults).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );

  // Or the day would have none of it.
  it.each<[string, readonly number[], Guard]>([
    ['every restart by Flink were a loop', [1], inCore('defaults.ts', 'restartsMax: 5,', 'restartsMax: 1,')],
    ['every loss with a JobManager were a crash loop', [1], inCore('defaults.ts', 'lossesMax: 3,', 'lossesMax: 1,')],
    [
      'a late tick began the proof over REST anew',
      [116],
      inCore('defaults.ts', 'restStaleMs: 600_000,', 'restStaleMs: 90_000,'),
    ],
  ])(
    'would need one if %s',
    async (_, seeds, guard) => {
      const { red, died } = await days(seeds, guard);
      expect(died).toEqual([]);
      expect(red.length).toBeGreaterThan(0);
      for (const { broken } of red) expect(broken.I4).toContain('is well, and');
    },
    TIMEOUT_MS,
  );
});
