import type { ClusterMemory, JobMemory, JobSpec, Manifest } from '../lib/core/model.ts';

/** What is remembered of each cluster of a manifest, by its name. */
export type Memories = Readonly<Record<string, ClusterMemory>>;

/**
 * The manifest with what its jobs run by now beside what it wants of them. A job that is lost is started again from its record,
 * so the functions have to read the jar and the secrets of that too, where a new manifest already names others.
 */
export const withRecordedJobs = (manifest: Manifest, memories: Memories): Manifest => ({
  ...manifest,
  clusters: manifest.clusters.map((cluster) => {
    const wanted = cluster.jobs.filter(({ enabled }) => enabled);
    const recorded = wanted.flatMap(({ name }) => recordedSpecs(memories[cluster.name]?.jobs[name]));
    return { ...cluster, jobs: [...cluster.jobs, ...recorded.map((spec) => ({ ...spec, enabled: true }))] };
  }),
});

/** Of what was last seen to run, and of every try since. */
const recordedSpecs = ({ attempts }: JobMemory = { schema: 1, attempts: [] }): readonly JobSpec[] => {
  const from = attempts.findLastIndex(({ sightedOn }) => sightedOn !== undefined);
  return attempts.slice(from < 0 ? -1 : from).map(({ spec }) => spec);
};
