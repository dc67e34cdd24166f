import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { ACCOUNT, clientConfig, REGION } from '../../local/aws.ts';
import { startEmulator } from '../../local/emulator/emulator.ts';
import type { Progress } from '../../local/install/cache.ts';
import { installEmulator } from '../../local/install/emulator.ts';
import { createProcesses } from '../../local/processes.ts';
import { reservePort } from '../../local/reserve.ts';
import { ARMS, type Arm, type ArmName } from './arms.ts';
import { startThrottlingEcs } from './ecs.ts';
import { type Flink, startFlink } from './flink.ts';
import { recordedAnswers } from './recorded.ts';
import { type StoreCount, startStoreCounter } from './store.ts';

/** All that the function speaks to: the emulator (DynamoDB behind a counter, S3, SNS), ECS, and JobManagers. */
export const startCloud = async (dir: string, report: Progress): Promise<Cloud> => {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const { python } = await installEmulator(report);
    const processes = await createProcesses(dir);
    closers.push(processes.close);
    const reserved = await reservePort('127.0.0.1');
    closers.push(reserved.release);
    const endpoint = `http://127.0.0.1:${reserved.port}`;
    const client = { endpoint, ecsEndpoint: endpoint };
    const place = { python, port: reserved.port, region: REGION, account: ACCOUNT, functionsClient: client };
    const emulator = await startEmulator({ processes, dir: join(dir, 'emulator'), ...place });
    closers.push(emulator.stop);
    const ecs = await startThrottlingEcs();
    closers.push(ecs.close);
    const store = await startStoreCounter(emulator.url);
    closers.push(store.close);
    const time = { aheadMs: 0 };
    const world = { nowMs: () => Date.now() + time.aheadMs, asked: 0 };
    const recorded = recordedAnswers();
    const start = async (n: number): Promise<Flink> => {
      const flink = await startFlink(recorded, n, world);
      closers.push(flink.close);
      return flink;
    };
    const numbers = Array.from({ length: ARMS.whole.clusters }, (_, n) => n);
    const startAll = ({ clusters }: Arm) => Promise.all(numbers.slice(0, clusters).map(start));
    const flinks = {
      whole: await startAll(ARMS.whole),
      halfClusters: await startAll(ARMS.halfClusters),
      halfJobs: await startAll(ARMS.halfJobs),
      one: await startAll(ARMS.one),
    };
    const { tables, topicArn } = await createResources(clientConfig(client));
    return {
      tables,
      env: {
        AWS_ENDPOINT_URL: emulator.url,
        AWS_ENDPOINT_URL_DYNAMODB: store.url,
        AWS_ENDPOINT_URL_ECS: ecs.url,
        TOPIC_ARN: topicArn,
      },
      flinks,
      take: () => {
        const { calls: storeCalls, units } = store.take();
        const { calls: ecsCalls, throttled: ecsThrottled } = ecs.count;
        const taken = { storeCalls, units, ecsCalls, ecsThrottled, flinkCalls: world.asked };
        Object.assign(ecs.count, { calls: 0, throttled: 0 });
        world.asked = 0;
        return taken;
      },
      get aheadMs() {
        return time.aheadMs;
      },
      set aheadMs(ms) {
        time.aheadMs = ms;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

export type Cloud = {
  /** One for each arm. */
  readonly tables: Readonly<Record<ArmName, string>>;
  /** Where a function finds all this. */
  readonly env: Readonly<Record<string, string>>;
  /** The JobManagers of each arm. */
  readonly flinks: Readonly<Record<ArmName, readonly Flink[]>>;
  /** What was asked since this was last taken. */
  take(): Counted;
  /** By so much the time of Flink and of the functions is ahead. */
  aheadMs: number;
  close(): Promise<void>;
};

export type Counted = {
  readonly storeCalls: StoreCount['calls'];
  readonly units: StoreCount['units'];
  readonly ecsCalls: number;
  readonly ecsThrottled: number;
  readonly flinkCalls: number;
};

const createResources = async (config: ReturnType<typeof clientConfig>) => {
  const dynamo = new DynamoDBClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const sns = new SNSClient(config);
  const tables = { whole: 'whole', halfClusters: 'half-clusters', halfJobs: 'half-jobs', one: 'one' } as const;
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  for (const TableName of Object.values(tables))
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      }),
    );
  for (const Bucket of ['state', 'jars']) await s3.send(new CreateBucketCommand({ Bucket }));
  const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  for (const each of [dynamo, s3, sns]) each.destroy();
  return { tables, topicArn };
};
