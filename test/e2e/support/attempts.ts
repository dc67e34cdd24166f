import type { Attempt } from '../../../lib/core/model.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { RUNNING_MAX_MS, running } from './jobs.ts';
import { jobManagers, type Stage } from './stage.ts';

/** The newest attempt of a job that the product remembers. */
export const lastAttempt = async ({ memory }: Stage, cluster: string, job: string): Promise<Attempt> => {
  const attempt = (await memory.attempts(cluster, job)).at(-1);
  if (attempt === undefined) throw new Error(`${job} was never started`);
  return attempt;
};

/** Waits until an attempt after that one runs; gives it. */
export const nextAttempt = (stage: Stage, cluster: string, job: string, { n }: Attempt): Promise<Attempt> =>
  waitFor(`an attempt of ${job} after ${n}`, RUNNING_MAX_MS, async () => {
    if ((await lastAttempt(stage, cluster, job)).n <= n) return undefined;
    const { jobId } = await running(stage, job);
    const attempt = await lastAttempt(stage, cluster, job);
    return attempt.jobId === jobId ? attempt : undefined;
  });

/** What Flink itself says a job began from; undefined: from nothing. */
export const restoredFrom = async ({ world }: Stage, jobId: string): Promise<string | undefined> => {
  const { address } = jobManagers(world).at(-1) ?? {};
  const answer = await fetch(`http://${address}:8081/jobs/${jobId}/checkpoints`, {
    signal: AbortSignal.timeout(2_000),
  });
  const { latest } = (await answer.json()) as { latest: { restored: { external_path: string } | null } };
  return latest.restored?.external_path;
};
