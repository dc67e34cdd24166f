import type { Cluster, Job } from '../../../lib/core/model.ts';
import type { World } from '../world/world.ts';

/** Every copy of the job that lives. */
export const copiesOf = ({ truth }: World, { lineage }: Job) => truth.copies.filter((copy) => copy.lineage === lineage);

/** No copy of it lives but what other hands started, where nobody ever said or saw by which name this job goes. */
export const isNowhere = (world: World, cluster: Cluster, job: Job): boolean => {
  const attempts = world.store.memory(cluster.name).jobs[job.name]?.attempts ?? [];
  const isNamed = job.flinkName !== undefined || attempts.some(({ flinkName }) => flinkName !== undefined);
  const isRecorded = (id: string): boolean => attempts.some(({ jobId }) => jobId === id);
  // Also when Flink brought it back since.
  const isByPerson = (id: string): boolean =>
    world.truth.starts.some(({ copy: { jobId, by } }) => jobId === id && by === 'person');
  return copiesOf(world, job).every(({ jobId }) => isByPerson(jobId) && !isNamed && !isRecorded(jobId));
};
