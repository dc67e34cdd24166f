import { readManifest } from '../../serverless/read-manifest.ts';
import { PROJECT } from '../deploy/deploy.ts';
import { CLUSTER, PRODUCT } from '../deploy/deployments.ts';

/** The names of the jobs that the checkout's manifest wants on the example cluster. */
export const enabledJobs = async (): Promise<string[]> => {
  const { clusters } = await readManifest(PROJECT, undefined, PRODUCT);
  const ours = clusters.filter(({ ecsCluster }) => ecsCluster === CLUSTER);
  return ours.flatMap(({ jobs }) => jobs.filter(({ enabled }) => enabled).map(({ name }) => name));
};
