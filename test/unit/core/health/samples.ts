import type { JobSamples, Sample } from '../../../../lib/core/health/samples.ts';
import { idOf, t0 } from '../../../support/builders.ts';

export const minute = 60_000;

/** One sample a minute, the last one at `t0`: all tasks run, a checkpoint completes each minute and none failed. */
export const samplesOf = (count: number, at: (index: number) => Partial<Sample> = () => ({})): readonly Sample[] =>
  Array.from({ length: count }, (_, index) => ({
    atMs: t0 - (count - 1 - index) * minute,
    allRun: true,
    restarts: 0,
    completed: index + 1,
    failed: 0,
    ...at(index),
  }));

export const keptOf = (samples: readonly Sample[], more: Partial<JobSamples> = {}): JobSamples => ({
  jobId: idOf(),
  samples,
  progress: { completed: samples.at(-1)?.completed ?? 0, sinceMs: samples.at(-1)?.atMs ?? t0 },
  ...more,
});
