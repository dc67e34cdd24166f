import assert from 'node:assert/strict';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoStore, documentOptions } from '../../../../lib/adapters/dynamo-store.ts';
import type { LogEntry } from '../../../../lib/core/model.ts';
import type { Store } from '../../../../lib/ports.ts';
import { type AwsPlace, chance, clientOptions, timing } from '../aws-live.ts';
import { type Case, expectFault } from '../case.ts';
import { exampleIncident, exampleJob, exampleLogEntry } from './examples.ts';
import type { StoreTarget } from './target.ts';

/** The store on a DynamoDB, in a table of its own, with the table at hand. */
export type DynamoTarget = StoreTarget & {
  readonly put: (item: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly items: (pk: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Of another stack that shares the table. */
  readonly neighbour: Store;
  /** On a table that does not exist. */
  readonly absent: Store;
  readonly close: () => void;
};

const NAMESPACE = 'flink-autopilot-contract';

/** Makes the table as the product's template does. */
export const dynamoTarget = async (place: AwsPlace): Promise<DynamoTarget> => {
  const plain = new DynamoDBClient(clientOptions(place));
  const client = DynamoDBDocumentClient.from(plain, documentOptions);
  const table = `contract-${chance.hex(6)}`;
  await makeTable(plain, table);
  const items = async (pk: string) => {
    const ExpressionAttributeValues = { ':pk': pk };
    const query = { TableName: table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues };
    return (await client.send(new QueryCommand({ ...query, ConsistentRead: true }))).Items ?? [];
  };
  return {
    store: createDynamoStore({ ...timing, client, table, namespace: NAMESPACE, chance }),
    neighbour: createDynamoStore({ ...timing, client, table, namespace: `${NAMESPACE}-2`, chance }),
    cluster: () => `cluster-${chance.hex(6)}`,
    log: async (cluster) => (await items(`LOG#${cluster}`)).map(entryOf),
    absent: createDynamoStore({ ...timing, client, table: `${table}-absent`, namespace: NAMESPACE, chance }),
    items,
    put: async (Item) => {
      await client.send(new PutCommand({ TableName: table, Item }));
    },
    close: () => plain.destroy(),
  };
};

const makeTable = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
};

const entryOf = ({
  job,
  attempt,
  jobId,
  what,
  because,
  atMs,
  orderId,
}: Readonly<Record<string, unknown>>): LogEntry => ({
  job: String(job),
  attempt: Number(attempt),
  jobId: String(jobId),
  what: String(what),
  because: String(because),
  atMs: Number(atMs),
  ...(orderId === undefined ? {} : { orderId: String(orderId) }),
});

const soon = () => Date.now() + 10_000;

/** What only a table can show. */
export const dynamoCases: readonly Case<DynamoTarget>[] = [
  {
    name: 'an item of a newer schema makes the whole cluster unreadable (F84)',
    run: async ({ store, put, cluster }) => {
      const name = cluster();
      await put({ pk: `CLUSTER#${name}`, sk: 'JOB#a', schema: 1, memory: exampleJob });
      assert.deepEqual((await store.load(name, soon())).jobs, { a: exampleJob });
      await put({ pk: `CLUSTER#${name}`, sk: 'ORDER#1', schema: 2 });
      await expectFault(store.load(name, soon()), 'invalid', 'SCHEMA_NEWER');
    },
  },
  {
    name: 'an item that is not what it should be is refused, by its name',
    run: async ({ store, put, cluster }) => {
      const name = cluster();
      await put({ pk: `CLUSTER#${name}`, sk: 'JOB#a', schema: 1, memory: { schema: 1, attempts: 'none' } });
      const fault = await expectFault(store.load(name, soon()), 'invalid', 'ITEM_UNREADABLE');
      assert.match(fault.message, /JOB#a .*attempts/);
    },
  },
  {
    name: 'what a later release of the same schema added is loaded and survives',
    run: async ({ store, put, cluster }) => {
      const name = cluster();
      const memory = { ...exampleJob, budget: { left: 3 } };
      await put({ pk: `CLUSTER#${name}`, sk: 'JOB#a', schema: 1, memory });
      assert.deepEqual((await store.load(name, soon())).jobs.a, memory);
    },
  },
  {
    name: "stacks that share a table know the names of their own clusters alone, in no cluster's own items",
    run: async ({ store, neighbour, cluster, items }) => {
      const name = cluster();
      await store.addCluster(name, soon());
      assert.deepEqual(await neighbour.clusters(soon()), []);
      await neighbour.forgetCluster(name, soon());
      assert.deepEqual(await items(`CLUSTERS#${NAMESPACE}`), [{ pk: `CLUSTERS#${NAMESPACE}`, sk: name, schema: 1 }]);
      assert.deepEqual(await items(`CLUSTER#${name}`), []);
      await store.forgetCluster(name, soon());
    },
  },
  {
    name: 'a table that is not there is said so',
    run: async ({ absent }) => {
      await expectFault(absent.load('any', soon()), 'rejected', 'STORE_MISSING');
      await expectFault(
        absent.acquire('any', { owner: 'a', nowMs: 1, untilMs: 2 }, soon()),
        'rejected',
        'STORE_MISSING',
      );
    },
  },
  {
    name: 'closed incidents and the audit trail expire, open incidents and jobs do not',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await target.store.acquire(cluster, { owner: 'a', nowMs: 1, untilMs: 20_001 }, soon());
      assert(lease !== undefined);
      const closed = { ...exampleIncident, key: 'closed', state: 'closed', closedMs: 1_700_000_000_001 } as const;
      const changes = { jobs: { a: exampleJob }, incidents: [exampleIncident, closed], log: [exampleLogEntry] };
      await target.store.commit(lease, changes, 30_000, 2, soon());
      const items = [...(await target.items(`CLUSTER#${cluster}`)), ...(await target.items(`LOG#${cluster}`))];
      const expiring = items.filter(({ expiresAt }) => expiresAt !== undefined);
      assert.deepEqual(
        expiring.map(({ expiresAt }) => expiresAt),
        [1_700_000_001 + 30 * 86_400, 1_700_000_000 + 90 * 86_400],
      );
      assert(items.every(({ schema }) => schema === 1));
    },
  },
];
