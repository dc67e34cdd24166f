import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { clientConfig } from '../../local/aws.ts';
import { CLUSTER } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import type { World } from '../../local/world.ts';
import { type Arrivals, arrivalLogging, readArrivals } from './arrivals.ts';
import { SAMPLE_JAR } from './flink.ts';

/**
 * The deployed example cluster as the benchmark needs it: asleep until `start`, its JobManager with a folder for baked
 * jars and a log of the requests that arrive, in both arms alike. Before the agent starts tasks.
 */
export const createCluster = async (world: World): Promise<Cluster> => {
  const ecs = new ECSClient({ ...clientConfig(world.client), endpoint: world.client.ecsEndpoint });
  const dir = join(world.dir, 'flink');
  if (/\s/.test(dir)) throw new Error(`Flink's image drops blanks from its settings: ${dir} must have none.`);
  const jars = join(dir, 'flink-web-upload'); // where Flink looks below web.upload.dir
  mkdirSync(jars, { recursive: true });
  const log = join(dir, 'arrivals.txt');
  writeFileSync(join(dir, 'log4j.properties'), arrivalLogging(log));
  const settings = {
    'web.upload.dir': dir,
    'env.java.opts.jobmanager': `-Dlog4j.configurationFile=file:${join(dir, 'log4j.properties')}`,
  };
  await addSettings(ecs, settings);
  await scale(ecs, 0);
  return {
    bakeJar: () => {
      copyFileSync(SAMPLE_JAR, join(jars, BAKED));
      return BAKED;
    },
    start: async () => {
      await scale(ecs, 1);
      return waitFor('a JobManager process', START_MAX_MS, async () => jobManagerOf(world), 5);
    },
    kill: async () => {
      const atMs = Date.now();
      const [taskArn] = await world.agent.kill({ role: 'jobmanager' }, 'SIGKILL');
      if (taskArn === undefined) throw new Error('There is no JobManager to be killed.');
      const next = await waitFor(
        'the next JobManager process',
        START_MAX_MS,
        async () => jobManagerOf(world, taskArn),
        5,
      );
      return { atMs, next };
    },
    stop: async () => {
      await scale(ecs, 0);
      const stopped = async () => world.agent.tasks().every(({ lastStatus }) => lastStatus === 'STOPPED');
      await waitFor('all tasks to stop', STOP_MAX_MS, stopped);
      await new Promise((resolve) => setTimeout(resolve, FORGET_MS));
    },
    arrivals: (sinceMs) => readArrivals(log, sinceMs),
    close: () => ecs.destroy(),
  };
};

export type Cluster = {
  /** Puts the sample jar where Flink runs it without an upload; gives its name. */
  bakeJar(): string;
  /** Wakes JobManager and TaskManager; resolves when the JobManager's process was started. */
  start(): Promise<JobManager>;
  /** Ends the JobManager's process as a crash does, at `atMs` (epoch); resolves when ECS has started the next one. */
  kill(): Promise<{ readonly atMs: number; readonly next: JobManager }>;
  /** Puts both to sleep and waits until every task has stopped and is forgotten by the discovery names. */
  stop(): Promise<void>;
  /** When JobManagers took requests to upload and to run, since a moment. */
  arrivals(sinceMs: number): Arrivals;
  close(): void;
};

/** `startedAtMs` (epoch): when the agent started its process. */
export type JobManager = { readonly address: string; readonly pid: number; readonly startedAtMs: number };

const BAKED = 'baked.jar';
const START_MAX_MS = 30_000;
const STOP_MAX_MS = 90_000;

/** Discovery names change a second late: the next TaskManager must not find the address of a JobManager that is gone. */
const FORGET_MS = 2_000;

const jobManagerOf = (world: World, before?: string): JobManager | undefined =>
  world.agent
    .tasks()
    .find(
      ({ role, alive, desiredStatus, taskArn }) =>
        role === 'jobmanager' && alive && desiredStatus === 'RUNNING' && taskArn !== before,
    );

// The JobManager first: a TaskManager looks for its name.
const scale = async (ecs: ECSClient, desiredCount: number): Promise<void> => {
  for (const service of ['jobmanager', 'taskmanager'])
    await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, desiredCount }));
};

/** A new revision of the JobManager's task definition, as a person would make it. */
const addSettings = async (ecs: ECSClient, settings: Readonly<Record<string, string>>): Promise<void> => {
  const found = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: ['jobmanager'] }));
  const taskDefinition = found.services?.[0]?.taskDefinition;
  const { taskDefinition: old } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  if (old === undefined) throw new Error('The example cluster has no JobManager service.');
  const lines = Object.entries(settings).map(([key, value]) => `${key}: ${value}\n`);
  const containerDefinitions = (old.containerDefinitions ?? []).map((container) => ({
    ...container,
    environment: (container.environment ?? []).map(({ name, value = '' }) =>
      name === 'FLINK_PROPERTIES' ? { name, value: `${value.trimEnd()}\n${lines.join('')}` } : { name, value },
    ),
  }));
  const { family, cpu, memory, networkMode, requiresCompatibilities, taskRoleArn, executionRoleArn } = old;
  const rest = { family, cpu, memory, networkMode, requiresCompatibilities, taskRoleArn, executionRoleArn };
  const made = await ecs.send(new RegisterTaskDefinitionCommand({ ...rest, containerDefinitions }));
  const revision = made.taskDefinition?.taskDefinitionArn;
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'jobmanager', taskDefinition: revision }));
};
