import { describe, expect, it } from 'vitest';
import { healthOf } from '../../../../lib/core/health/judge.ts';
import type { JobSamples } from '../../../../lib/core/health/samples.ts';
import { aJob, idOf, jm, ranOn, t0 } from '../../../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../../pass/fake-jobmanager.ts';
import { keptOf, samplesOf } from './samples.ts';

const health = (kept: JobSamples, job = aJob()) =>
  healthOf(job, ranOn(jm(), 1, { checkpointing: CHECKPOINT_CONFIG }), kept, t0);
const threw = (cause: string) => ({ exception: { atMs: 1, cause, seenMs: t0 } });
const loops = samplesOf(3, (n) => ({ restarts: n * 5 }));

describe('what is told of an ill job', () => {
  it('is news when it throws something else, and not as long as it throws the same', () => {
    const gist = (cause: string) => health(keptOf(loops, threw(cause))).problems[0]?.gist;
    expect(gist('refused by 10.0.0.1')).toBe(gist('refused by 10.0.0.2'));
    expect(gist('refused by 10.0.0.1')).not.toBe(gist('timed out'));
    expect(health(keptOf(loops)).problems[0]).not.toHaveProperty('gist');
    expect(health(keptOf(loops)).problems[0]).not.toHaveProperty('about');
  });

  it('leaves its tasks unjudged while it loops, whatever else is wrong with it', () => {
    const output = { atMs: t0, records: 0, unseen: 'denied' };
    const job = aJob({ health: { output: { prefix: 's3://b/o', within: '30m' } } });
    const both = health(keptOf(loops, { output }), job);
    expect(both.problems.map(({ code }) => code)).toEqual(['RESTART_LOOP', 'OUTPUT_UNSEEN']);
    expect(both.unjudged).toEqual(['TASKS_NOT_RUNNING']);
    expect(health(keptOf(samplesOf(3), { output }), job).unjudged).toEqual([]);
  });

  it('of checkpoints that fail has Flink’s reason, and no other one where nothing waits', () => {
    const fails = samplesOf(16, (n) => ({ completed: 1, failed: n }));
    expect(health(keptOf(fails, { failure: 'denied' })).problems[0]?.what).toBe(
      `${idOf()}: 15 checkpoints in a row failed: denied`,
    );
  });
});
