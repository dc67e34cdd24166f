import { describe, expect, it } from 'vitest';
import type { FlinkJob } from '../../../../lib/core/model.ts';
import { aStatefulJob, aView, idOf, jm, look, memoryOf, observed, t0 } from '../../../support/builders.ts';
import { ran, running, stuck } from './patient.ts';

describe('the cancel of a job that was ill', () => {
  const stop = { how: 'cancel', order: 'heal', because: 'restart 1 of 3', to: jm() } as const;
  const asked = (agoMs: number, seen: FlinkJob) =>
    look({
      job: aStatefulJob(),
      memory: memoryOf(ran({ stop: { ...stop, sentMs: t0 - agoMs } })),
      observation: observed({ views: [aView(jm(), { jobs: [seen] })] }),
    });

  it('is asked for again while it is ill, by the same id (F70)', () => {
    expect(asked(10_000, stuck).decision.effect).toMatchObject({ kind: 'cancel', attempt: { jobId: idOf() } });
    expect(asked(9_999, stuck).decision.effect).toBeUndefined();
  });

  it('is not asked for again once all its tasks run, and given up when a late call would have come', () => {
    expect(asked(10_000, running)).toMatchObject({ decision: { verdict: 'wait' } });
    expect(asked(10_000, running).decision.effect).toBeUndefined();
    expect(asked(179_999, running).memory.attempts[0]?.stop).toBeDefined();
    expect(asked(180_000, running).memory.attempts[0]).not.toHaveProperty('stop');
    expect(asked(180_000, running).decision.verdict).toBe('steady');
  });
});
