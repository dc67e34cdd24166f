import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientOptions, type Timing } from './adapters/aws.ts';
import { createDynamoStore, documentOptions } from './adapters/dynamo-store.ts';
import { createFlinkHttp } from './adapters/flink-access.ts';
import { createFlinkRest } from './adapters/flink-rest.ts';
import { createHttp } from './adapters/http.ts';
import { createRedaction } from './adapters/redaction.ts';
import type { S3Jars } from './adapters/s3-jars.ts';
import { createSecrets, type SecretsOptions } from './adapters/secrets.ts';
import { createSnapshotFiles } from './adapters/snapshot-files.ts';
import type { WebhookOptions } from './adapters/webhooks/webhook-alerts.ts';
import { type Environment, parseEnvironment, parseManifest } from './config.ts';
import { Fault } from './core/errors.ts';
import type { AlertsSpec, Cluster } from './core/model.ts';
import { clusterOf } from './events.ts';
import { identify } from './identify.ts';
import { createLog } from './log.ts';
import type { Answer } from './operate/answers.ts';
import type { Alerts, Log, Metrics, Ports } from './ports.ts';
import { reconcile, type Stay } from './reconcile.ts';
import { sweep } from './sweep.ts';

/** What a Lambda function works with. */
export type App = {
  readonly log: Log;
  readonly clusters: readonly Cluster[];
  /** The cluster that an ECS event speaks of; undefined = not ours. Throws `invalid` when it is ours but unreadable. */
  clusterOf(event: unknown): Cluster | undefined;
  reconcile(cluster: Cluster, stay: Stay): Promise<void>;
  sweep(stay: { readonly untilMs: number }): Promise<void>;
  /** Answers what a person sent; loaded when it is first asked, so that no other function's start reads it. */
  operate(request: unknown, stay: { readonly untilMs: number }): Promise<Answer>;
  /** When an invocation has to have ended: Lambda's own limit less a moment to save. */
  untilMs(context: { getRemainingTimeInMillis(): number }): number;
};

/**
 * The composition root: builds the adapters, reads the clock and draws chance. `manifestFile` is the manifest as JSON,
 * beside the bundle. Throws `invalid`, naming every problem of the environment and the manifest.
 */
export const wire = (
  env: Readonly<Record<string, string | undefined>>,
  manifestFile: string | URL = new URL('./flink-jobs.json', import.meta.url),
): App => {
  const environment = parseEnvironment(env);
  const { namespace } = environment;
  const manifest = parseManifest(readManifest(manifestFile), { namespace, file: 'flink-jobs.json' });
  const clusters = identify(manifest, sha256Hex);
  const ports = createPorts(environment, manifest.alerts);
  return {
    log: ports.log,
    clusters,
    clusterOf: (event) => clusterOf(clusters, event),
    // An alert that is refused fails the scheduled look alone: the same event again would change nothing.
    reconcile: async (cluster, stay) => {
      await reconcile(ports, cluster, stay);
    },
    sweep: (stay) => sweep(ports, clusters, stay),
    operate: async (...args) => (await import('./operate.ts')).operate(ports, clusters, ...args),
    untilMs: (context) => ports.clock.nowMs() + context.getRemainingTimeInMillis() - SAVE_MS,
  };
};

/** Kept free at the end of an invocation. */
const SAVE_MS = 1_000;

/** A client is loaded when it is first used: who finds the cluster busy rings the bell and needs the table only. */
const createPorts = ({ table, topicArn, namespace, metrics }: Environment, telling: AlertsSpec | undefined): Ports => {
  const clock = { nowMs: () => Date.now(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
  const timing = { clock, random: Math.random };
  const redaction = createRedaction();
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(awsClientOptions), documentOptions);
  const ecs = once(async () => {
    const { createEcsClient, createEcsTasks } = await import('./adapters/ecs/ecs-tasks.ts');
    return createEcsTasks({ ...timing, client: createEcsClient(), redact: redaction.redact });
  });
  const s3 = once(async () => (await import('./adapters/s3-jars.ts')).createS3Client());
  const jars = once(async () => {
    const { createS3Jars } = await import('./adapters/s3-jars.ts');
    return createS3Jars({ ...timing, client: await s3() });
  });
  const s3Snapshots = once(async () => {
    const { createS3Snapshots } = await import('./adapters/s3-snapshots.ts');
    return createS3Snapshots({ ...timing, client: await s3() });
  });
  const fileSnapshots = once(async () => {
    const { createFileSnapshots } = await import('./adapters/file-snapshots.ts');
    return createFileSnapshots({ clock });
  });
  const alerts = once(async () => {
    const { createSnsAlerts, createSnsClient } = await import('./adapters/sns-alerts.ts');
    return createSnsAlerts({ ...timing, client: createSnsClient(), topicArn });
  });
  const told = once(async (): Promise<Metrics> => {
    if (metrics === 'off') return { put: async () => {} };
    return (await import('./adapters/emf-metrics.ts')).createEmfMetrics(namespace, metrics);
  });
  const secrets = createSecrets({ stores: secretStores(timing), redaction, nowMs: clock.nowMs });
  const leaders = once(async () => {
    const { createZooKeeperLeaders } = await import('./adapters/zookeeper-leader.ts');
    return createZooKeeperLeaders({ clock, secrets });
  });
  const flinkHttp = createFlinkHttp({ http: createHttp(clock.nowMs), secrets, redaction });
  const openJar: S3Jars['open'] = async (...args) => (await jars()).open(...args);
  const chance = { hex: (bytes: number) => randomBytes(bytes).toString('hex') };
  return {
    clock,
    chance,
    ecs: {
      look: async (...args) => (await ecs()).look(...args),
      taskManagers: async (...args) => (await ecs()).taskManagers(...args),
    },
    flink: createFlinkRest({ http: flinkHttp, openJar, redact: redaction.redact }),
    leaders: { look: async (...args) => (await leaders()).look(...args) },
    jars: { look: async (...args) => (await jars()).look(...args) },
    snapshots: createSnapshotFiles({ s3: s3Snapshots, file: fileSnapshots }),
    secrets,
    store: createDynamoStore({ ...timing, chance, client: documents, table, namespace }),
    alerts: { publish: async (...args) => (await alerts()).publish(...args) },
    ...(telling === undefined ? {} : { telling }),
    webhooks: webhooksOf(telling, { secrets, redaction, nowMs: clock.nowMs }),
    metrics: { put: async (...args) => (await told()).put(...args) },
    log: createLog(),
  };
};

const webhooksOf = (
  telling: AlertsSpec = {},
  options: Omit<WebhookOptions, 'spec'>,
): Readonly<Record<string, Alerts>> =>
  Object.fromEntries(
    (telling.webhooks ?? []).map((spec) => {
      const alerts = once(async () => {
        const { createWebhookAlerts } = await import('./adapters/webhooks/webhook-alerts.ts');
        return createWebhookAlerts({ ...options, spec });
      });
      return [spec.name, { publish: async (...args) => (await alerts()).publish(...args) }] as const;
    }),
  );

const secretStores = (timing: Timing): SecretsOptions['stores'] => {
  const ssm = once(async () => {
    const { createSsmClient, readParameter } = await import('./adapters/ssm-parameters.ts');
    const options = { ...timing, client: createSsmClient() };
    return (name: string, deadlineMs: number) => readParameter(options, name, deadlineMs);
  });
  const manager = once(async () => {
    const { createSecretsManagerClient, readSecret } = await import('./adapters/secrets-manager.ts');
    const options = { ...timing, client: createSecretsManagerClient() };
    return (name: string, deadlineMs: number) => readSecret(options, name, deadlineMs);
  });
  return {
    ssm: async (...args) => (await ssm())(...args),
    secret: async (...args) => (await manager())(...args),
  };
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

const readManifest = (file: string | URL): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('invalid', 'MANIFEST_UNREADABLE', `the bundle's flink-jobs.json cannot be read: ${why}`, { cause });
  }
};
