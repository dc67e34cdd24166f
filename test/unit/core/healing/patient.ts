import type { JobSamples } from '../../../../lib/core/health/samples.ts';
import type { Attempt, CheckpointConfig } from '../../../../lib/core/model.ts';
import { aFlinkJob, aPost, idOf, jm, ranOn, t0 } from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from '../health/samples.ts';

export const checkpointing: CheckpointConfig = {
  intervalMs: 10_000,
  timeoutMs: 600_000,
  toleratedFailures: 0,
  retention: 'retain',
  inMemory: false,
  unaligned: false,
};
export const ran = (changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), 1, {
    hadState: true,
    checkpointing,
    posts: [aPost({ answer: 'accepted', sentMs: t0 - 9e6 })],
    ...changes,
  });
export const as = 'RESTARTING 0/2, restarted 1 times';
export const still = (forMs = 15 * minute, more: Partial<JobSamples> = {}): JobSamples =>
  keptOf(
    samplesOf(3, () => ({ allRun: false })),
    { still: { as, sinceMs: t0 - forMs }, ...more },
  );
export const stuck = aFlinkJob(idOf(), 'RESTARTING', { tasksRunning: 0 });
export const running = aFlinkJob(idOf());
