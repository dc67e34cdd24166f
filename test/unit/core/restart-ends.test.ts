import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, FlinkJob, JobMemory, Observation } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  aStatefulJob,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  nowhere,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

const listing = (...jobs: readonly FlinkJob[]): Observation => observed({ views: [aView(jm(), { jobs })] });
const live = listing(aFlinkJob(idOf()));
const ordered = (order: 'restart' | 'apply', changes: Partial<Attempt> = {}): JobMemory =>
  memoryOf(
    ranOn(jm(), 1, {
      stop: { how: 'cancel', order, because: 'anna: looked at it', sentMs: t0, to: jm() },
      ...changes,
    }),
  );
const canceled = { end: { state: 'CANCELED', atMs: t0 } } as const;

describe('an ordered end that has to wait', () => {
  const expiresMs = t0 + defaults.orderWithinMs;
  const stop = { how: 'cancel', order: 'restart', because: 'anna: x', expiresMs } as const;
  const pause = { who: 'ben', why: 'y', sinceMs: t0 };
  const at = (nowMs: number, changes: Partial<Attempt> = {}, more: Parameters<typeof look>[0] = {}) =>
    look({ memory: memoryOf(ranOn(jm(), 1, { stop, ...changes })), observation: live, nowMs, ...more }).memory
      .attempts[0]?.stop;

  it.each<[string, Parameters<typeof look>[0]]>([
    ['a pause', { pause }],
    ['a pause of the job', { memory: { ...memoryOf(ranOn(jm(), 1, { stop })), pause } }],
    ['`enabled: false`', { job: aJob({ enabled: false }) }],
  ])('for the end of %s is dropped when the order expires', (_, more) => {
    expect([expiresMs - 1, expiresMs, expiresMs + 1].map((nowMs) => at(nowMs, {}, more))).toEqual([
      stop,
      undefined,
      undefined,
    ]);
  });

  it.each<[string, Partial<Attempt>]>([
    ['was sent', { stop: { ...stop, sentMs: t0, to: jm() } }],
    ['came to its end', canceled],
  ])('but not once it %s', (_, changes) => {
    expect(at(expiresMs, changes, { observation: observed() })).toBeDefined();
  });
});

describe('an end that we ordered', () => {
  it('holds a job that may not start empty after all (I2)', () => {
    const observation = observed({ snapshots: nowhere });
    const { decision } = look({ job: aStatefulJob(), memory: ordered('restart', canceled), observation });
    expect(decision.problem?.code).toBe('STATE_REQUIRED');
  });
});
