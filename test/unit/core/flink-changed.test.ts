import { describe, expect, it } from 'vitest';
import type { Found } from '../../../lib/core/model.ts';
import { aCheckpoint, aStatefulJob, aView, jm, look, memoryOf, observed, ranOn, t0 } from '../../support/builders.ts';

describe('a job whose newest snapshot does not fit the Flink that runs now', () => {
  it.each<[string, string, string, Partial<Found>]>([
    ['of another major version, before it one of nobody knows which', 'unknown', '2.3.0', {}],
    ['of another major version, before it one of this', '2.3.0', '2.3.0', {}],
    ['unaligned, before it an aligned one of an earlier attempt', '1.20.5', '1.21.3', { unaligned: true }],
  ])('is held, and never goes back past a whole attempt by itself: %s (I2)', (_, before, now, changes) => {
    const lost = { hadState: true, end: { state: 'LOST', atMs: t0 } } as const;
    const { decision } = look({
      job: aStatefulJob(),
      memory: memoryOf(ranOn(jm(9), 1, { ...lost, flinkVersion: before }), ranOn(jm(9), 2, lost)),
      observation: observed({
        views: [aView(jm(), { identity: { version: now } })],
        snapshots: [aCheckpoint(42, 2, changes), aCheckpoint(7, 1)],
      }),
    });
    expect(decision).toMatchObject({
      verdict: 'hold',
      problem: { code: 'FLINK_CHANGED', what: expect.stringContaining(aCheckpoint(42, 2).path) },
    });
  });
});
