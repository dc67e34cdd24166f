import type { Attempt } from '../../lib/core/model.ts';
import { checkpointsOf, savepointsOf } from '../e2e/support/bucket.ts';
import type { Stage } from '../e2e/support/stage.ts';
import type { Start } from './judge.ts';

/**
 * Follows the attempts of the jobs: each call gives the starts since the one before, each with the newest snapshot that the
 * attempts before it have left. What ended leaves its snapshots as they are; so it is asked for them before too many came.
 */
export const followStarts = ({ memory, world }: Stage, cluster: string, jobs: readonly string[]) => {
  const known = new Map<string, readonly Attempt[]>(jobs.map((job) => [job, []]));
  const newestBefore = async (before: readonly Attempt[], taken: string | undefined): Promise<string | undefined> => {
    for (const { jobId } of before.toReversed()) {
      const savepoint = (await savepointsOf(world, jobId)).find((path) => path === taken);
      const newest = savepoint ?? (await checkpointsOf(world, jobId)).at(-1)?.path;
      if (newest !== undefined) return newest;
    }
    return undefined;
  };
  return async (): Promise<readonly Start[]> => {
    const starts: Start[] = [];
    for (const job of jobs) {
      const all = new Map((known.get(job) ?? []).map((attempt) => [attempt.n, attempt]));
      const fresh = (await memory.attempts(cluster, job)).filter(({ n }) => !all.has(n));
      for (const attempt of fresh) {
        const from = attempt.source?.path;
        const newest = await newestBefore([...all.values()], from);
        all.set(attempt.n, attempt);
        starts.push({
          of: `${job} ${attempt.n} (${attempt.jobId})`,
          ...(from === undefined ? {} : { from }),
          ...(newest === undefined ? {} : { newest }),
        });
      }
      known.set(job, [...all.values()]);
    }
    return starts;
  };
};
