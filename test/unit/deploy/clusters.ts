import type { ClusterSpec, Manifest } from '../../../lib/core/model.ts';

/** A cluster of a parsed manifest. */
export const clusterOf = (fields: Partial<ClusterSpec> = {}): ClusterSpec => ({
  name: 'c',
  ecsCluster: 'ecs',
  jobManagers: ['jobmanager'],
  taskManagers: [],
  restPort: 8081,
  jobs: [],
  ...fields,
});

/** A manifest with one job for each of the jars, all on one cluster. */
export const manifestOf = (jars: readonly string[], fields: Partial<ClusterSpec> = {}): Manifest => {
  const jobs = jars.map((jar, i) => ({ name: `job-${i}`, jar, args: [], flinkConfiguration: {}, enabled: true }));
  return { namespace: 'flink-autopilot-test', clusters: [clusterOf({ jobs, ...fields })] };
};
