import { defaults } from '../../../../lib/core/defaults.ts';
import type { Attempt, Job, JobMemory, Observation } from '../../../../lib/core/model.ts';
import { aFlinkJob, aPost, aView, jm, look, memoryOf, observed, ranOn, t0 } from '../../../support/builders.ts';

export const { restartsMax, distanceMs, refillMs } = defaults.healing;

/** Attempt `n`, submitted and failed so long ago. */
export const failed = (
  n: number,
  { agoMs = 60_000, ...changes }: Partial<Attempt> & { agoMs?: number } = {},
): Attempt =>
  ranOn(jm(), n, {
    posts: [aPost({ answer: 'accepted', sentMs: t0 - agoMs })],
    end: { state: 'FAILED', atMs: t0 - Math.min(agoMs, 1_000) },
    ...changes,
  });

/** So many in a row that failed; the newest was submitted so long ago. */
export const failures = (count: number, agoMs: number = distanceMs): readonly Attempt[] =>
  Array.from({ length: count }, (_, index) => failed(index + 1, { agoMs: agoMs + (count - 1 - index) * distanceMs }));

export const decided = (attempts: readonly Attempt[], job?: Job, nowMs = t0, observation: Observation = observed()) =>
  look({ memory: memoryOf(...attempts), nowMs, observation, ...(job === undefined ? {} : { job }) }).decision;

/** What is remembered after a look at the newest attempt in this state. */
export const seenAs = (memory: JobMemory, state: string, nowMs: number, tasksRunning = 2): JobMemory => {
  const jobId = memory.attempts.at(-1)?.jobId ?? '';
  const jobs = [aFlinkJob(jobId, state, { tasksRunning })];
  return look({ memory, nowMs, observation: observed({ views: [aView(jm(), { jobs })] }) }).memory;
};
