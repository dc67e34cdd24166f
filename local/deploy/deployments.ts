import { createReadStream, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT, clientConfig, REGION } from '../aws.ts';
import type { World } from '../world.ts';
import { deploy, PROJECT } from './deploy.ts';

/** What the example and the product are called inside a world. */
export const STAGE = 'dev';
export const CLUSTER = 'flink-on-ecs';
export const BUCKET = `${CLUSTER}-${STAGE}-${ACCOUNT}-${REGION}`;
export const PRODUCT = `flink-autopilot-${STAGE}`;

/** Where the example's cluster keeps checkpoints and savepoints: below its bucket, or below a folder of the world. */
export const stateUri = ({ state }: World): string => (state.kind === 's3' ? `s3://${BUCKET}` : state.uri);

/** Deploys the example cluster; `params` adds or replaces parameters of it. */
export const deployExample = (world: World, params: Readonly<Record<string, string>> = {}): Promise<void> =>
  deploy({
    ...workplace(world, 'example'),
    source: join(PROJECT, 'examples/flink-on-ecs'),
    params: {
      image: `flink:${world.flink}-java17`,
      s3Plugin: `flink-s3-fs-hadoop-${world.flink}.jar`,
      stateUri: stateUri(world),
      ...params,
    },
  });

/**
 * What makes the example's JobManagers one cluster, where the world has a ZooKeeper: parameters of the example, and `leader`
 * of its entry in the manifest.
 */
export const highAvailability = ({ zookeeper }: World, jobManagers: number): HighAvailability => {
  if (zookeeper === undefined) return { params: {} };
  const { quorum } = zookeeper;
  const params = { jobManagers: String(jobManagers), zookeeperQuorum: quorum };
  return { params, leader: { quorum, clusterId: `/${CLUSTER}` } };
};

export type HighAvailability = {
  readonly params: Readonly<Record<string, string>>;
  readonly leader?: { readonly quorum: string; readonly clusterId: string };
};

/** Puts the sample job's jar where the manifest says it is. The example has to be deployed: the bucket is its. */
export const uploadSampleJar = async (world: World, key = 'jars/realtime-data-pipeline.jar'): Promise<void> => {
  const jar = join(PROJECT, 'examples/realtime-data-pipeline/realtime-data-pipeline.jar');
  const s3 = new S3Client({ ...clientConfig(world.client), forcePathStyle: true });
  const Body = createReadStream(jar);
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body, ContentLength: statSync(jar).size }));
  s3.destroy();
};

/** Deploys the product, with the checkout's manifest or another file in its place. */
export const deployProduct = (world: World, { manifest }: { manifest?: string } = {}): Promise<void> =>
  deploy({
    ...workplace(world, 'product'),
    source: PROJECT,
    entries: ['serverless.yml', 'flink-jobs.yml', 'package.json', 'functions', 'lib', 'serverless'],
    ...(manifest === undefined ? {} : { replacements: { 'flink-jobs.yml': manifest } }),
    params: {},
  });

/**
 * Everything in the order of a first installation: the example beside the product, the jar into the example's bucket,
 * and only then the tasks.
 */
export const deployAll = async (world: World, options: DeployAllOptions = {}): Promise<void> => {
  const step = options.step ?? ((_name, work) => work());
  await Promise.all([
    step('serverless deploy of the Flink cluster', () => deployExample(world, options.params)).then(() =>
      step('upload of the job jar', () => uploadSampleJar(world)),
    ),
    step('serverless deploy of the autopilot', () => deployProduct(world, options)),
  ]);
  world.agent.startTasks();
};

export type DeployAllOptions = {
  params?: Readonly<Record<string, string>>;
  manifest?: string;
  /** Called around each step, to show and to measure it. */
  step?: (name: string, work: () => Promise<void>) => Promise<void>;
};

const workplace = (world: World, name: string) => ({
  processes: world.processes,
  name,
  workFolder: join(world.dir, 'deploy'),
  logFile: join(world.dir, `deploy-${name}.log`),
  env: {
    ...world.env,
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: join(world.dir, 'deploy'),
    TMPDIR: join(world.dir, 'deploy'),
    // Asks after each 0.2 s how far CloudFormation is, instead of 5 s.
    SLS_AWS_MONITORING_FREQUENCY: '200',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    NODE_NO_WARNINGS: '1',
  },
});
