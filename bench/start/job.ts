import type { JobSpec } from '../../lib/core/model.ts';
import { PROJECT } from '../../local/deploy/deploy.ts';
import { CLUSTER, PRODUCT } from '../../local/deploy/deployments.ts';
import { readManifest } from '../../serverless/read-manifest.ts';

/** The job that both arms start: the only enabled one of the checkout's manifest on the example cluster. */
export const benchJob = async (): Promise<BenchJob> => {
  const { clusters } = await readManifest(PROJECT, undefined, PRODUCT);
  const ours = clusters.filter(({ ecsCluster }) => ecsCluster === CLUSTER);
  const enabled = ours.flatMap(({ jobs }) => jobs.filter((job) => job.enabled));
  const [spec] = enabled;
  if (spec === undefined || enabled.length > 1)
    throw new Error(`flink-jobs.yml has ${enabled.length} enabled jobs on ${CLUSTER}; the benchmark compares one.`);
  return { spec, slots: spec.slots ?? spec.parallelism ?? 1 };
};

/** `slots`: how many free ones it waits for. */
export type BenchJob = { readonly spec: JobSpec; readonly slots: number };
