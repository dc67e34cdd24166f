import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packSamples, readSamples } from '../../../lib/adapters/dynamo/samples.ts';
import { itemsOf, readMemory } from '../../../lib/adapters/dynamo-items.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Samples } from '../../../lib/core/health/samples.ts';
import { keptOf, samplesOf } from '../core/health/samples.ts';

const kept: Samples = {
  orders: keptOf(samplesOf(16), {
    underWay: { id: 17, sinceMs: 1 },
    failure: 'denied',
    exception: { atMs: 1, cause: 'x', byCheckpoints: true, seenMs: 2 },
    causes: [{ id: '811c9dc5', text: 'x', firstMs: 1, lastMs: 2 }],
    newestMs: 3,
    still: { as: 'CREATED 0/2, restarted 0 times', sinceMs: 4 },
    flow: {
      atMs: 1,
      flinkMs: 2,
      pressuredMs: [1, 2],
      busyMs: [3, 4],
      shares: [{ fromMs: 0, atMs: 1, percent: 97 }],
      words: 'x',
    },
    output: { atMs: 1, newestMs: 2, hasGrown: true, records: 3, readSinceMs: 4, readMs: 5, unseen: 'x' },
  }),
};
const [item] = itemsOf('c', { jobs: {}, incidents: [], log: [], samples: kept }, () => 'x');

describe('the samples of a cluster', () => {
  it('are one item, and read as they were written', () => {
    expect(item).toMatchObject({ pk: 'CLUSTER#c', sk: 'LOOK', schema: 1 });
    expect(readMemory([item ?? {}])).toEqual({ jobs: {}, incidents: [], orders: [], samples: kept });
  });

  it('are small: of 100 jobs with all that may be kept they are a fraction of an item', () => {
    const { samplesMax } = defaults.health;
    const jobs = Array.from({ length: 100 }, (_, n) => [
      `job-${n}`,
      keptOf(samplesOf(samplesMax, (index) => ({ restarts: (n * 7 + index) % 90, completed: n + index * 6 }))),
    ]);
    expect(packSamples(Object.fromEntries(jobs)).byteLength).toBeLessThan(100_000);
  });

  it('are not there in the table of an earlier version', () => {
    expect(readMemory([{ pk: 'CLUSTER#c', sk: 'LEASE', schema: 1 }])).not.toHaveProperty('samples');
  });

  it('of a later schema are none: its release keeps its own', () => {
    const later = { ...item, pk: 'CLUSTER#c', sk: 'LOOK', schema: 2 };
    expect(readSamples(later)).toBeUndefined();
    expect(readMemory([later])).toEqual({ jobs: {}, incidents: [], orders: [] });
  });

  const packed = (value: unknown) => ({ ...item, samples: deflateRawSync(JSON.stringify(value)) });
  it.each<[string, object]>([
    ['without bytes', { ...item, samples: 'x' }],
    ['of bytes that are none of ours', { ...item, samples: new Uint8Array([1, 2, 3]) }],
    ['of another shape', packed({ orders: { jobId: 1 } })],
    ['of text', { ...item, samples: deflateRawSync('{') }],
    ['that would fill the memory', packed({ orders: 'x'.repeat(9_000_000) })],
  ])('begin anew where the item is one %s: no pass fails for it', (_, other) => {
    expect(readMemory([other as { pk: string; sk: string }])).toEqual({ jobs: {}, incidents: [], orders: [] });
    expect(readSamples(other)).toBeUndefined();
  });
});
