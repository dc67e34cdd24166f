import { limitsOf } from './core/health/limits.ts';
import { samplesOf } from './core/health/samples.ts';
import type { Cluster, ClusterMemory, Observation } from './core/model.ts';
import type { Ports } from './ports.ts';
import { seen } from './seen.ts';

/** The newest finished file of each job whose output is watched, and which Flink was asked about now: without its word nothing can be said. */
export const lookAtOutputs = async (
  { snapshots, clock }: Ports,
  cluster: Cluster,
  memory: ClusterMemory,
  flink: Observation['flink'],
  deadlineMs: number,
): Promise<NonNullable<Observation['outputs']>> => {
  const asked = new Set(
    Object.values(flink).flatMap((view) => (view.known ? Object.keys(view.value.flows ?? {}) : [])),
  );
  if (asked.size === 0) return {};
  const nowMs = clock.nowMs();
  const due = [...asked].flatMap((jobId) => {
    const job = jobOf(cluster, memory, jobId);
    const output = job && limitsOf(job).output;
    if (job === undefined || output === undefined) return [];
    const newestMs = samplesOf(memory.samples, job.name, jobId)?.output?.newestMs;
    return [
      {
        name: job.name,
        prefix: output.prefix,
        sinceMs: newestMs === undefined ? nowMs - output.withinMs : newestMs + 1,
      },
    ];
  });
  const files = await Promise.all(
    due.map(({ prefix, sinceMs }) => seen(() => snapshots.newest(prefix, sinceMs, deadlineMs))),
  );
  return Object.fromEntries(due.flatMap(({ name }, index) => (files[index] ? [[name, files[index]]] : [])));
};

/** Whether it has to be known what the sources of this Flink job read. */
export const watchesOutput = (cluster: Cluster, memory: ClusterMemory, jobId: string): boolean => {
  const job = jobOf(cluster, memory, jobId);
  return job !== undefined && limitsOf(job).output !== undefined;
};

const jobOf = ({ jobs }: Cluster, memory: ClusterMemory, jobId: string) =>
  jobs.find(({ name }) => Object.hasOwn(memory.jobs, name) && memory.jobs[name]?.attempts.at(-1)?.jobId === jobId);
