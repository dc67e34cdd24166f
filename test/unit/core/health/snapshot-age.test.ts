import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { limitsOf } from '../../../../lib/core/health/limits.ts';
import { snapshotAge } from '../../../../lib/core/health/snapshot-age.ts';
import type { Attempt, CheckpointConfig } from '../../../../lib/core/model.ts';
import { aPost, jm, ranOn, t0 } from '../../../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../../pass/fake-jobmanager.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

const { intervalMs: _, ...SAVEPOINTS_ALONE } = CHECKPOINT_CONFIG;
const limits = limitsOf({ health: { checkpointAge: '30m' } }).checkpoints;
const snapshot = (ageMs: number, more = {}) => ({
  kind: 'checkpoint' as const,
  path: `s3://b/${ageMs}`,
  id: 1,
  atMs: t0 - ageMs,
  ...more,
});
type Given = {
  readonly attempt?: Partial<Attempt>;
  readonly config?: CheckpointConfig;
  readonly samples?: ReturnType<typeof samplesOf>;
  readonly newestMs?: number;
  readonly of?: typeof limits;
};
const judged = ({ attempt = {}, config = SAVEPOINTS_ALONE, samples = samplesOf(3), newestMs, of = limits }: Given) =>
  snapshotAge(
    ranOn(jm(), 1, { checkpointing: config, ...attempt }),
    keptOf(samples, newestMs === undefined ? {} : { newestMs }),
    of,
    t0,
  );

describe('is the newest snapshot older than its manifest allows', () => {
  it.each([
    [30 * minute - 1, 'well'],
    [30 * minute, 'ill'],
  ] as const)('one of %d ms ago is %s', (ageMs, is) => {
    expect(judged({ newestMs: t0 - ageMs }).is).toBe(is);
    expect(judged({ attempt: { snapshots: [snapshot(ageMs), snapshot(3 * ageMs)] } }).is).toBe(is);
    expect(judged({ attempt: { source: { ...snapshot(ageMs), attempt: 1 } } }).is).toBe(is);
    expect(
      judged({ attempt: { posts: [aPost({ sentMs: 0 }), aPost({ sentMs: 1 }), aPost({ sentMs: t0 - ageMs })] } }).is,
    ).toBe(is);
  });

  it('the newest of all that are known counts, and none that was deleted', () => {
    const old = { snapshots: [snapshot(90 * minute)], source: { ...snapshot(80 * minute), attempt: 1 } };
    expect(judged({ attempt: old, newestMs: t0 - 29 * minute }).is).toBe('well');
    expect(judged({ attempt: old, newestMs: t0 - 95 * minute }).is).toBe('ill');
    const gone = { snapshots: [snapshot(minute, { disposedMs: t0 }), snapshot(90 * minute)] };
    expect(judged({ attempt: gone }).is).toBe('ill');
  });

  it('says what it could go back to, and names an interval that is as long', () => {
    expect(judged({ newestMs: t0 - 30 * minute })).toEqual({
      is: 'ill',
      text: 'it could go back to 2026-01-02 02:34:05 UTC at best, 30 min are allowed',
    });
    const config = { ...CHECKPOINT_CONFIG, intervalMs: 30 * minute };
    expect(judged({ config, newestMs: t0 - 30 * minute })).toMatchObject({
      text: expect.stringMatching(/allowed; its interval is 30 min$/),
    });
    const of = limitsOf({ health: { checkpointAge: '1000s' } }).checkpoints;
    expect(judged({ config: { ...config, intervalMs: 1_000_001 }, newestMs: 0, of })).toMatchObject({
      text: expect.stringMatching(/ at best, 16\.7 min are allowed; its interval is 16\.7 min$/),
    });
  });

  it('of a job that takes checkpoints, CHECKPOINTS_FAILING has the first word', () => {
    const { freshMs } = defaults.health;
    const config = { ...CHECKPOINT_CONFIG, intervalMs: 30 * minute - 1 };
    expect(judged({ config, newestMs: t0 - 60 * minute - freshMs + 2 + 1 }).is).toBe('well');
    expect(judged({ config, newestMs: t0 - 60 * minute - freshMs + 2 }).is).toBe('ill');
    const quick = { ...CHECKPOINT_CONFIG, intervalMs: minute };
    expect(judged({ config: quick, newestMs: t0 - 30 * minute - freshMs + 1 }).is).toBe('well');
    expect(judged({ config: quick, newestMs: t0 - 30 * minute - freshMs }).is).toBe('ill');
  });

  it('of a job without the key nobody is told', () => {
    const none = limitsOf({}).checkpoints;
    expect(judged({ of: none, newestMs: 0 }).is).toBe('well');
  });

  it('two clocks may differ by minutes: a shorter age than 15 minutes counts as that', () => {
    const short = limitsOf({ health: { checkpointAge: '1m' } }).checkpoints;
    expect(judged({ of: short, newestMs: t0 - 15 * minute + 1 }).is).toBe('well');
    expect(judged({ of: short, newestMs: t0 - 15 * minute }).is).toBe('ill');
  });

  it('nobody knows without a look of now, without a beginning, and while not all tasks run', () => {
    const newestMs = t0 - 90 * minute;
    const { freshMs } = defaults.health;
    const seen = (ageMs: number) => samplesOf(1, () => ({ atMs: t0 - ageMs }));
    expect(judged({ newestMs, samples: seen(freshMs) }).is).toBe('ill');
    expect(judged({ newestMs, samples: seen(freshMs + 1) }).is).toBe('unclear');
    expect(judged({ newestMs, samples: samplesOf(2).map(({ completed: _c, ...rest }) => rest) }).is).toBe('unclear');
    expect(judged({ newestMs, samples: samplesOf(2, () => ({ allRun: false })) }).is).toBe('unclear');
    expect(judged({ attempt: { posts: [] } }).is).toBe('unclear');
    expect(snapshotAge(ranOn(jm()), undefined, limits, t0).is).toBe('unclear');
  });

  it('its interval is named where that is longer than the age, and only there', () => {
    const textOf = (intervalMs?: number) => {
      const config = intervalMs === undefined ? SAVEPOINTS_ALONE : { ...CHECKPOINT_CONFIG, intervalMs };
      return (judged({ config, newestMs: t0 - 90 * minute }) as { text?: string }).text;
    };
    const text = 'it could go back to 2026-01-02 01:34:05 UTC at best, 30 min are allowed';
    expect([textOf(), textOf(minute)]).toEqual([text, text]);
    expect(textOf(30 * minute)).toBe(`${text}; its interval is 30 min`);
  });

  it('that is told, too, of a job of which nobody knows how it takes checkpoints', () => {
    const kept = keptOf(samplesOf(3), { newestMs: t0 - 30 * minute });
    expect(snapshotAge(ranOn(jm()), kept, limits, t0)).toMatchObject({ is: 'ill' });
  });
});
