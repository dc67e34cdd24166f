import { createHash } from 'node:crypto';
import { parseManifest } from '../../lib/config.ts';
import { jobIdOf } from '../../lib/core/identity.ts';
import type { Cluster, Manifest } from '../../lib/core/model.ts';
import { identify } from '../../lib/identify.ts';

/** So many clusters with so many jobs each, all of which run. */
export type Arm = { readonly clusters: number; readonly jobs: number };

/** The whole, half of the clusters, half of the jobs; and the least there is, for what an installation costs. */
export const ARMS = {
  whole: { clusters: 50, jobs: 20 },
  halfClusters: { clusters: 25, jobs: 20 },
  halfJobs: { clusters: 50, jobs: 10 },
  one: { clusters: 1, jobs: 1 },
} as const satisfies Readonly<Record<string, Arm>>;

export type ArmName = keyof typeof ARMS;

export const NAMESPACE = 'bench-tick';

/** Its manifest; `ports`: where each cluster's JobManager answers, on the loopback address. */
export const manifestOf = ({ clusters, jobs }: Arm, ports: readonly number[]): Manifest =>
  parseManifest(
    {
      clusters: Array.from({ length: clusters }, (_, n) => ({
        name: `cluster-${n}`,
        ecsCluster: `ecs-${n}`,
        jobManagers: ['jobmanager'],
        restPort: ports[n],
        checkpointDir: STATE,
        savepointDir: STATE,
        jobs: Array.from({ length: jobs }, (_, job) => ({ name: `job-${job}`, jar: 's3://jars/job.jar' })),
      })),
    },
    { namespace: NAMESPACE, file: 'the manifest of the benchmark' },
  );

/** Where snapshots are said to be. */
export const STATE = 's3://state/checkpoints';

/** Flink's ids of a cluster's jobs, each the first attempt of its own lineage: so the function knows them as its own. */
export const jobIdsOf = ({ jobs }: Cluster): readonly string[] =>
  jobs.map(({ lineage }) => jobIdOf(lineage, 1, '0badcafe'));

export const clustersOf = (manifest: Manifest): readonly Cluster[] =>
  identify(manifest, (text) => createHash('sha256').update(text).digest('hex'));
