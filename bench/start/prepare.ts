import { deployExample, deployProduct, uploadSampleJar } from '../../local/deploy/deployments.ts';
import type { Timeline } from '../../local/show/timeline.ts';
import type { World } from '../../local/world.ts';
import { type Cluster, createCluster } from './cluster.ts';
import { type BenchJob, benchJob } from './job.ts';
import { createProduct, type Product } from './product.ts';

/** Deploys the example cluster, asleep, and the autopilot, deaf, into an empty world, as a first installation does. */
export const prepare = async (world: World, { step }: Timeline): Promise<Prepared> => {
  const job = await benchJob();
  await Promise.all([
    step('serverless deploy of the Flink cluster', () => deployExample(world)).then(() => uploadSampleJar(world)),
    step('serverless deploy of the autopilot', () => deployProduct(world)),
  ]);
  const [cluster, product] = await Promise.all([createCluster(world), createProduct(world)]);
  world.agent.startTasks();
  const close = () => {
    product.close();
    cluster.close();
  };
  return { cluster, product, job, close };
};

export type Prepared = {
  readonly cluster: Cluster;
  readonly product: Product;
  readonly job: BenchJob;
  close(): void;
};
