import { leaderOf } from '../../local/control/leader.ts';
import { isRunning, listJobs } from '../../local/show/list-jobs.ts';
import type { Stage } from '../e2e/support/stage.ts';

/** Jobs that do not run as the product remembers them: all of their tasks, under the id of the newest attempt, on the JobManager that counts. */
export const downJobs = async (stage: Stage, cluster: string, jobs: readonly string[]): Promise<readonly string[]> => {
  const address = await addressOf(stage);
  const listed = address === undefined ? [] : await listJobs(address).catch(() => []);
  const each = jobs.map(async (name) => {
    const attempt = (await stage.memory.attempts(cluster, name)).at(-1);
    const runs = listed.some((job) => job.jobId === attempt?.jobId && job.name === name && isRunning(job));
    return runs && attempt?.end === undefined ? [] : [name];
  });
  return (await Promise.all(each)).flat();
};

/** Of the JobManager that leads, or of the only one. */
const addressOf = async ({ world }: Stage): Promise<string | undefined> => {
  if (world.zookeeper !== undefined) return (await leaderOf(world).catch(() => undefined))?.address;
  const living = world.agent.tasks().filter(({ role, alive }) => role === 'jobmanager' && alive);
  return living.length === 1 && living[0]?.desiredStatus === 'RUNNING' ? living[0].address : undefined;
};
