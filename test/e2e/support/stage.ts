import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { stringify } from 'yaml';
import { clientConfig } from '../../../local/aws.ts';
import { PROJECT } from '../../../local/deploy/deploy.ts';
import {
  CLUSTER,
  deployExample,
  deployProduct,
  highAvailability,
  uploadSampleJar,
} from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { startWorld, type World } from '../../../local/world.ts';
import { followRoles } from '../fidelity/follow-roles.ts';
import { startProxy } from '../fidelity/proxy.ts';
import { newRecording } from '../fidelity/recording.ts';
import { startWatcher, type Watcher } from '../watcher/watcher.ts';
import { chosenFlink } from './flink.ts';
import { connectMemory, type Memory } from './memory.ts';

/**
 * A world with the example cluster and, given a manifest, the product, both deployed by `serverless deploy`; the watcher is
 * on, no task is started. `example` adds parameters of the example cluster; from two JobManagers on a ZooKeeper says who leads.
 */
export const openStage = async (
  name: string,
  cluster?: ClusterEntry,
  example: Readonly<Record<string, string>> = {},
  jobManagers = 1,
): Promise<Stage> => {
  const recording = newRecording(name);
  const proxy = startProxy(recording);
  const { functionsClient } = proxy;
  const world = await startWorld({
    dir: join(PROJECT, '.local', 'e2e', name),
    flink: chosenFlink(),
    functionsClient,
    zookeeper: jobManagers > 1,
  });
  const roles = followRoles(world, recording);
  const watcher = startWatcher(world);
  const memory = connectMemory(world);
  const ecs = new ECSClient({ ...clientConfig(world.client), endpoint: world.client.ecsEndpoint });
  const close = async (): Promise<void> => {
    memory.close();
    ecs.destroy();
    await watcher.close();
    await roles.close();
    await world.stop();
    await proxy.close();
  };
  const { params, leader } = highAvailability(world, jobManagers);
  try {
    await Promise.all([
      deployExample(world, { slots: '4', ...params, ...example }).then(() => uploadSampleJar(world)),
      cluster &&
        deployProduct(world, {
          manifest: writeManifest(world, leader === undefined ? cluster : { leader, ...cluster }),
        }),
    ]);
    return { world, watcher, ecs, memory, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** What the tests of one file share. */
export type Stage = {
  readonly world: World;
  readonly watcher: Watcher;
  readonly ecs: ECSClient;
  readonly memory: Memory;
  close(): Promise<void>;
};

/** One entry of the manifest, as a person writes it. Without `url` it stands for the services of the example. */
export type ClusterEntry = {
  readonly name: string;
  readonly url?: string;
  readonly leader?: Readonly<Record<string, string>> | 'rest';
  readonly restPort?: number;
  readonly tls?: Readonly<Record<string, string>>;
  readonly auth?: Readonly<Record<string, string>>;
  readonly mode?: string;
  readonly checkpointDir?: string;
  readonly savepointDir?: string;
  /** Stands beside the clusters, for all of them. */
  readonly alerts?: Readonly<Record<string, unknown>>;
  readonly jobs: readonly Readonly<Record<string, unknown>>[];
};

/** Deploys the product into a stage that was opened without it, as onto a cluster that has been running for long. */
export const installProduct = (
  { world }: Stage,
  ...clusters: readonly [ClusterEntry, ...ClusterEntry[]]
): Promise<void> => deployProduct(world, { manifest: writeManifest(world, ...clusters) });

/**
 * Begins a scene of its own on the same stage: the JobManager goes, the product is deployed with another manifest (whose
 * cluster and jobs have no past if their names are new); then the JobManager comes back.
 */
export const nextScene = async (stage: Stage, cluster: ClusterEntry): Promise<void> => {
  const { world } = stage;
  await wantJobManagers(stage, 0);
  await waitFor('the JobManager to end', END_MAX_MS, async () => jobManagers(world).every(isOver));
  // What was killed in another scene is no crash loop of this one.
  world.agent.forgetStopped();
  await deployProduct(world, { manifest: writeManifest(world, cluster) });
  await wantJobManagers(stage, 1);
  world.agent.startTasks();
};

const END_MAX_MS = 70_000; // SIGKILL comes after the container's stopTimeout of 60 s

const isOver = ({ alive, lastStatus }: Task): boolean => !alive && lastStatus === 'STOPPED';

/** What an operator's `aws ecs update-service --desired-count` does. */
export const wantJobManagers = async ({ ecs }: Stage, desiredCount: number): Promise<void> => {
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'jobmanager', desiredCount }));
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: ['jobmanager'] }));
  if (services?.[0]?.desiredCount !== desiredCount) throw new Error('ECS did not take the desired count');
};

/** All JobManager tasks, newest last. */
export const jobManagers = ({ agent }: World): readonly Task[] =>
  agent.tasks().filter(({ role }) => role === 'jobmanager');

export type Task = ReturnType<World['agent']['tasks']>[number];

/** Writes a manifest with these clusters; gives its path. */
export const writeManifest = ({ dir }: World, ...clusters: readonly [ClusterEntry, ...ClusterEntry[]]): string => {
  const folder = join(dir, 'manifests');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${clusters[0].name}.yml`);
  const [alerts] = clusters.flatMap((cluster) => cluster.alerts ?? []);
  writeFileSync(file, stringify({ ...(alerts === undefined ? {} : { alerts }), clusters: clusters.map(placed) }));
  return file;
};

const placed = ({ name, url, alerts: _, ...rest }: ClusterEntry) => {
  const services = { ecsCluster: CLUSTER, jobManagers: ['jobmanager'], taskManagers: ['taskmanager'] };
  return { name, ...(url === undefined ? services : { url }), ...rest };
};
