import { Fault } from '../../../../lib/core/errors.ts';
import type { JobException, JobFlow } from '../../../../lib/core/health/figures.ts';
import { type JobLife, restartsBy } from './job.ts';
import { type Process, STALE_MS, stateOf } from './process.ts';

/** The metric numRestarts; Flink has none of a job that it does not know, nor of one that is not initialised. */
export const restartsOf = (process: Process, jobId: string, nowMs: number): number | undefined => {
  const life = lifeOf(process, jobId, nowMs);
  return life === undefined || nowMs - life.bornMs < STALE_MS ? undefined : restartsBy(life, nowMs).length;
};

/** The newest entry of `/jobs/:id/exceptions`. */
export const exceptionOf = (process: Process, jobId: string, nowMs: number): JobException | undefined => {
  const life = lifeOf(process, jobId, nowMs);
  if (life === undefined) throw new Fault('rejected', 'JOB_UNKNOWN', 'Flink does not know the job');
  const atMs = restartsBy(life, nowMs - STALE_MS).at(-1);
  return atMs === undefined ? undefined : { atMs, cause: 'java.io.IOException: the connection was reset' };
};

/** Its figures of `/jobs/:id`, which begin anew with each restart: it waits for nothing. */
export const flowOf = (process: Process, jobId: string, nowMs: number): JobFlow | undefined => {
  const life = lifeOf(process, jobId, nowMs);
  if (life === undefined) throw new Fault('rejected', 'JOB_UNKNOWN', 'Flink does not know the job');
  const sinceMs = restartsBy(life, nowMs).at(-1) ?? life.bornMs;
  const vertices = [{ name: 'Source: orders', parallelism: 1, pressuredMs: 0, busyMs: nowMs - sinceMs }];
  return nowMs - sinceMs < STALE_MS ? undefined : { atMs: nowMs, vertices, records: nowMs - sinceMs };
};

const lifeOf = (process: Process, jobId: string, nowMs: number): JobLife | undefined =>
  stateOf(process, jobId, nowMs) === 'absent' ? undefined : process.jobs.get(jobId);
