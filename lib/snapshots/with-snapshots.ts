import type { decide } from '../core/decide.ts';
import { defaults } from '../core/defaults.ts';
import type { Cluster, Job, JobMemory, Observation, Search, Seen } from '../core/model.ts';
import type { Ports } from '../ports.ts';
import { seen } from '../seen.ts';
import { findSnapshots } from './find-snapshots.ts';

/** The observation with the snapshots of the jobs that are about to start: a search costs some requests, so that nobody else's are looked for. */
export const withSnapshots = async (
  ports: Ports,
  cluster: Cluster,
  memories: Readonly<Record<string, JobMemory>>,
  observation: Observation,
  { readiness, decisions }: ReturnType<typeof decide>,
  untilMs: number,
): Promise<Observation> => {
  const wanted = decisions.filter(({ wantsSnapshots }) => wantsSnapshots);
  if (wanted.length === 0) return observation;
  const wanting = cluster.jobs.filter(({ name }) => wanted.some(({ job }) => job === name));
  const deadlineMs = Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs);
  const storage = readiness.ready ? readiness.view.identity.storage : undefined;
  const search = (job: Job): Promise<Seen<Search>> =>
    seen(() =>
      findSnapshots(
        ports.snapshots,
        { cluster, job, attempts: memories[job.name]?.attempts ?? [], storage },
        deadlineMs,
      ),
    );
  const found = await Promise.all(wanting.map(async (job) => [job.name, await search(job)] as const));
  return { ...observation, snapshots: Object.fromEntries(found) };
};
