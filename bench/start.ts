import { cpus, loadavg, totalmem } from 'node:os';
import { deployExample, deployProduct, uploadSampleJar } from '../local/deploy/deployments.ts';
import type { Timeline } from '../local/show/timeline.ts';
import type { World } from '../local/world.ts';
import { createArms } from './arms.ts';
import { createCluster } from './cluster.ts';
import { type BenchJob, benchJob } from './job.ts';
import { createProduct } from './product.ts';
import { type Pair, type Report, ratioOf, summarize } from './report.ts';

/**
 * Measures the start of a job on a real Flink inside a local world: pairs of one sample with a bare loop and one with
 * the autopilot, each on a JobManager and a TaskManager of its own, in turns. Throws when a sample does not come to its end.
 */
export const benchStart = async ({ world, runs, timeline }: BenchOptions): Promise<Report> => {
  const [load = 0] = loadavg();
  const pairs = await measure(world, await benchJob(), runs, timeline);
  const machine = { cpus: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), load: Number(load.toFixed(2)) };
  return summarize({ at: new Date().toISOString(), machine, pairs });
};

/** A world in which nothing is deployed yet; whoever made it ends it. */
export type BenchOptions = { readonly world: World; readonly runs: number; readonly timeline: Timeline };

const measure = async (world: World, job: BenchJob, runs: number, { step }: Timeline): Promise<Pair[]> => {
  await Promise.all([
    step('serverless deploy of the Flink cluster', () => deployExample(world)).then(() => uploadSampleJar(world)),
    step('serverless deploy of the autopilot', () => deployProduct(world)),
  ]);
  const [cluster, product] = await Promise.all([createCluster(world), createProduct(world)]);
  world.agent.startTasks();
  const arms = createArms({ cluster, product, job });
  const pairs: Pair[] = [];
  for (let n = 1; n <= runs; n++) {
    const sample = <T>(arm: string, take: () => Promise<T>) => step(`pair ${n} of ${runs}, ${arm}`, take);
    // In turns, so that whatever changes on the machine meanwhile meets both alike.
    const early = n % 2 === 1 ? await sample('bare loop', arms.floor) : undefined;
    const autopilot = await sample('autopilot', arms.autopilot);
    const floor = early ?? (await sample('bare loop', arms.floor));
    pairs.push({ floor, autopilot, ratio: ratioOf(floor, autopilot) });
  }
  product.close();
  cluster.close();
  return pairs;
};
