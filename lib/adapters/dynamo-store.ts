import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { Chance, Lease, Store } from '../ports.ts';
import { type AwsCodes, callAws, type Timing } from './aws.ts';
import {
  clusterPk,
  itemsOf,
  leaseKey,
  readLease,
  readMemory,
  readRefusedLease,
  SCHEMA,
  type StoredLease,
} from './dynamo-items.ts';
import { frozen } from './frozen.ts';

/** One DynamoDB table with the keys `pk` and `sk` and the TTL attribute `expiresAt`. */
export const createDynamoStore = (options: DynamoStoreOptions): Store => ({
  acquire: (...args) => acquire(options, ...args),
  ring: (...args) => ring(options, ...args),
  load: (...args) => load(options, ...args),
  commit: (...args) => commit(options, ...args),
  release: (...args) => release(options, ...args),
});

/** `client` must drop undefined values: `DynamoDBDocumentClient.from(client, documentOptions)`. */
export type DynamoStoreOptions = Timing & {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly chance: Chance;
};

export const documentOptions = { marshallOptions: { removeUndefinedValues: true } } as const;

const CODES: AwsCodes = {
  denied: 'STORE_DENIED',
  unavailable: 'STORE_UNAVAILABLE',
  rejected: { ResourceNotFoundException: 'STORE_MISSING' },
};

const acquire = async (
  options: DynamoStoreOptions,
  ...[cluster, owner, nowMs, untilMs, deadlineMs]: Parameters<Store['acquire']>
): Promise<Lease | undefined> => {
  const result = await updateLease(options, cluster, deadlineMs, {
    ConditionExpression: 'attribute_not_exists(#owner) OR untilMs < :now',
    UpdateExpression: 'SET #owner = :owner, untilMs = :until, #schema = :schema ADD fence :one, bell :zero',
    ExpressionAttributeNames: { '#owner': 'owner', '#schema': 'schema' },
    ExpressionAttributeValues: {
      ':owner': owner,
      ':now': nowMs,
      ':until': untilMs,
      ':schema': SCHEMA,
      ':one': 1,
      ':zero': 0,
    },
  });
  // A refused condition may be our own write, made by a try whose answer was lost.
  const found = result.lease;
  if (found === undefined || found.owner !== owner || found.untilMs !== untilMs) return undefined;
  return frozen({ cluster, owner, fence: found.fence, bell: found.bell, untilMs });
};

const ring = async (
  options: DynamoStoreOptions,
  ...[cluster, nowMs, deadlineMs]: Parameters<Store['ring']>
): Promise<boolean> => {
  const { written } = await updateLease(options, cluster, deadlineMs, {
    ConditionExpression: 'attribute_exists(#owner) AND untilMs >= :now',
    UpdateExpression: 'ADD bell :one',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':now': nowMs, ':one': 1 },
  });
  return written;
};

/** The fence stays: it must grow over the whole life of a cluster. */
const release = async (
  options: DynamoStoreOptions,
  ...[lease, deadlineMs]: Parameters<Store['release']>
): Promise<Lease | undefined> => {
  const result = await updateLease(options, lease.cluster, deadlineMs, {
    ConditionExpression: '#owner = :owner AND fence = :fence AND bell = :bell',
    UpdateExpression: 'REMOVE #owner, untilMs',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': lease.owner, ':fence': lease.fence, ':bell': lease.bell },
  });
  if (result.written) return undefined;
  const found = result.lease;
  if (found === undefined || found.fence !== lease.fence) throw lost(lease);
  // Nobody took it since, so it was released by a try of ours whose answer was lost.
  if (found.owner === undefined) return undefined;
  return frozen({ ...lease, bell: found.bell });
};

const load = async (
  { client, table, ...timing }: DynamoStoreOptions,
  ...[cluster, deadlineMs]: Parameters<Store['load']>
): Promise<ReturnType<typeof readMemory>> => {
  const call = { action: 'dynamodb:Query', codes: CODES };
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const command = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': clusterPk(cluster) },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const page = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return frozen(readMemory(items));
};

/** Repeating it is safe: the same items under the same fence, and one token for all tries. */
const commit = async (
  { client, table, chance, ...timing }: DynamoStoreOptions,
  ...[lease, changes, untilMs, , deadlineMs]: Parameters<Store['commit']>
): Promise<Lease> => {
  const puts = itemsOf(lease.cluster, changes, () => chance.hex(4)).map((Item) => ({
    Put: { TableName: table, Item },
  }));
  if (puts.length + 1 > defaults.transactionItemsMax) {
    throw new Fault('bug', 'COMMIT_TOO_LARGE', `${puts.length} items of ${lease.cluster} in one transaction`);
  }
  const input: TransactWriteCommandInput = {
    ClientRequestToken: chance.hex(16),
    TransactItems: [{ Update: { TableName: table, ...extend(lease, untilMs) } }, ...puts],
  };
  const call = { action: 'dynamodb:TransactWriteItems', codes: CODES, writes: true } as const;
  await callAws(timing, call, deadlineMs, async (abort) => {
    try {
      await client.send(new TransactWriteCommand(input), abort);
    } catch (thrown) {
      throw thrown instanceof TransactionCanceledException ? canceled(thrown, lease) : thrown;
    }
  });
  return frozen({ ...lease, untilMs });
};

// Not compared with the clock: with the fence unchanged nobody took it, however late it is.
const extend = (lease: Lease, untilMs: number) => ({
  Key: leaseKey(lease.cluster),
  ConditionExpression: '#owner = :owner AND fence = :fence',
  UpdateExpression: 'SET untilMs = :until',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':owner': lease.owner, ':fence': lease.fence, ':until': untilMs },
});

/** The lease is the first item. What else can stand in the way of a put is another transaction, or a limit. */
const canceled = (thrown: TransactionCanceledException, lease: Lease): Fault => {
  const codes = (thrown.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
  if (codes[0] === 'ConditionalCheckFailed') return lost(lease);
  const failed = codes.filter((code) => code !== 'None');
  const context = { reasons: failed, answered: true };
  const text = `the transaction was canceled: ${failed.join(', ') || thrown.message}`;
  const passing = failed.every((code) => /Conflict|Throttling|ThroughputExceeded/.test(code));
  if (passing) return new Fault('transient', CODES.unavailable, text, { cause: thrown, context });
  return new Fault('bug', 'COMMIT_REFUSED', text, { cause: thrown, context });
};

const lost = ({ cluster, fence }: Lease): Fault =>
  new Fault('conflict', 'LEASE_LOST', `the lease of ${cluster} with fence ${fence} is no longer ours`);

type Written = { readonly written: boolean; readonly lease: StoredLease | undefined };

/** A conditional update of the lease; when the condition is refused, the lease as it was found. */
const updateLease = (
  { client, table, ...timing }: DynamoStoreOptions,
  cluster: string,
  deadlineMs: number,
  update: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
): Promise<Written> => {
  const command = new UpdateCommand({
    ...update,
    TableName: table,
    Key: leaseKey(cluster),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const call = { action: 'dynamodb:UpdateItem', codes: CODES, writes: true } as const;
  return callAws(timing, call, deadlineMs, async (abort) => {
    try {
      const { Attributes } = await client.send(command, abort);
      return { written: true, lease: readLease(Attributes) };
    } catch (thrown) {
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown;
      return { written: false, lease: thrown.Item === undefined ? undefined : readRefusedLease(thrown.Item) };
    }
  });
};
