import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { ClusterMemory } from '../core/model.ts';
import type { Lease, Store } from '../ports.ts';
import { callAws } from './aws.ts';
import { acquire, extension, lost, release, renew, ring } from './dynamo/lease.ts';
import { type DynamoTable, STORE_CODES } from './dynamo/table.ts';
import { clusterPk, type Item, itemsOf, leaseKey, readMemory } from './dynamo-items.ts';
import { frozen } from './frozen.ts';

/** One DynamoDB table with the keys `pk` and `sk` and the TTL attribute `expiresAt`. */
export const createDynamoStore = (table: DynamoTable): Store => ({
  acquire: (...args) => acquire(table, ...args),
  ring: (...args) => ring(table, ...args),
  load: (...args) => load(table, ...args),
  commit: (...args) => commit(table, ...args),
  release: (...args) => release(table, ...args),
});

/** Options of the document client: the store keeps no undefined fields. */
export const documentOptions = { marshallOptions: { removeUndefinedValues: true } } as const;

/** A cluster's partition has at most some thousand small items; each page holds a megabyte. */
const PAGES_MAX = 50;

const load = async (
  { client, table, ...timing }: DynamoTable,
  ...[cluster, deadlineMs]: Parameters<Store['load']>
): Promise<ClusterMemory> => {
  const call = { action: 'dynamodb:Query', codes: STORE_CODES };
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const command = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': clusterPk(cluster) },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const answer = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
    items.push(...(answer.Items ?? []));
    from = answer.LastEvaluatedKey;
    if (from === undefined) return frozen(readMemory(items));
  }
  throw new Fault('invalid', 'ITEM_UNREADABLE', `over ${PAGES_MAX} pages of items of ${cluster}`);
};

const commit = async (
  table: DynamoTable,
  ...[lease, changes, untilMs, , deadlineMs]: Parameters<Store['commit']>
): Promise<Lease> => {
  const items = itemsOf(lease.cluster, changes, () => table.chance.hex(4));
  if (items.length + 1 > defaults.transactionItemsMax) {
    throw new Fault('bug', 'COMMIT_TOO_LARGE', `${items.length} items of ${lease.cluster} in one transaction`);
  }
  // A transaction of the lease alone would cost twice as much as an update.
  if (items.length === 0) await renew(table, lease, untilMs, deadlineMs);
  else await transact(table, lease, items, untilMs, deadlineMs);
  return frozen({ ...lease, untilMs });
};

/** Repeating it is safe: the same items under the same fence, and one token for all tries. */
const transact = async (
  { client, table, chance, ...timing }: DynamoTable,
  lease: Lease,
  items: readonly Item[],
  untilMs: number,
  deadlineMs: number,
): Promise<void> => {
  const update = { TableName: table, Key: leaseKey(lease.cluster), ...extension(lease, untilMs) };
  const command = new TransactWriteCommand({
    ClientRequestToken: chance.hex(16),
    TransactItems: [{ Update: update }, ...items.map((item) => ({ Put: { TableName: table, Item: item } }))],
  });
  const call = { action: 'dynamodb:TransactWriteItems', codes: STORE_CODES, writes: true } as const;
  await callAws(timing, call, deadlineMs, async (abort) => {
    try {
      await client.send(command, abort);
    } catch (thrown) {
      throw thrown instanceof TransactionCanceledException ? canceled(thrown, lease) : thrown;
    }
  });
};

/** The lease is the first item. What else can stand in the way of a put is another transaction, or a limit. */
const canceled = (thrown: TransactionCanceledException, lease: Lease): Fault => {
  const codes = (thrown.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
  if (codes[0] === 'ConditionalCheckFailed') return lost(lease);
  const reasons = codes.filter((code) => code !== 'None');
  const context = { reasons, answered: true };
  const text = `the transaction was canceled: ${reasons.join(', ') || thrown.message}`;
  const passing = reasons.every((code) => /Conflict|Throttling|ThroughputExceeded/.test(code));
  if (passing) return new Fault('transient', STORE_CODES.unavailable, text, { cause: thrown, context });
  return new Fault('bug', 'COMMIT_REFUSED', text, { cause: thrown, context });
};
