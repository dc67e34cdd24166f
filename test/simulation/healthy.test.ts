import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import type { Guard } from './guards.ts';

/** What threads need for some days on a busy machine. */
const TIMEOUT_MS = 240_000;

const days = (count: number, guard?: Guard) =>
  explore({ profile: 'healthy', seeds: { from: 1, count }, ...(guard && { guard }) });

const inDefaults = (text: string, instead: string): Guard => ({
  ...{ name: text, what: text, profile: 'healthy', file: 'lib/core/defaults.ts' },
  text,
  instead,
});

describe('a day of clusters that are well', () => {
  it(
    'needs no person, with late ticks, slow answers, a JobManager that is deployed and a TaskManager that is replaced',
    async () => {
      const { red, died, summary } = await days(4);
      expect({ red, died }).toEqual({ red: [], died: [] });
      expect(summary.medians.virtualHours).toBeGreaterThanOrEqual(24);
      expect(summary.medians.faults).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );

  // Or the day would have none of it.
  it.each([
    ['every restart by Flink were a loop', inDefaults('restartsMax: 5,', 'restartsMax: 1,')],
    ['every loss with a JobManager were a crash loop', inDefaults('lossesMax: 3,', 'lossesMax: 1,')],
  ])(
    'would need one if %s',
    async (_, guard) => {
      const { red, died } = await days(2, guard);
      expect(died).toEqual([]);
      expect(red.length).toBeGreaterThan(0);
      for (const { broken } of red) expect(broken.I4).toContain('is well, and');
    },
    TIMEOUT_MS,
  );
});
