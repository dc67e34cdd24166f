import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { ClusterMemory, LogEntry } from '../core/model.ts';
import type { Changes, Lease, Store } from '../ports.ts';
import { callAws } from './aws.ts';
import { addCluster, clusters, forgetCluster } from './dynamo/cluster-names.ts';
import { acquire, extension, holder, lost, release, renew, ring } from './dynamo/lease.ts';
import { PAGES_MAX, queryAll } from './dynamo/query.ts';
import { type DynamoTable, STORE_CODES } from './dynamo/table.ts';
import {
  clusterPk,
  itemsOf,
  leaseKey,
  logPk,
  logSk,
  orderItem,
  orderKey,
  pauseItem,
  pauseKey,
  readLogEntry,
  readMemory,
} from './dynamo-items.ts';
import { frozen } from './frozen.ts';

/** One DynamoDB table with the keys `pk` and `sk` and the TTL attribute `expiresAt`. */
export const createDynamoStore = (table: DynamoTable): Store => ({
  acquire: (...args) => acquire(table, ...args),
  ring: (...args) => ring(table, ...args),
  holder: (...args) => holder(table, ...args),
  load: (...args) => load(table, ...args),
  commit: (...args) => commit(table, ...args),
  order: (...args) => order(table, ...args),
  history: (...args) => history(table, ...args),
  clusters: (...args) => clusters(table, ...args),
  addCluster: (...args) => addCluster(table, ...args),
  forgetCluster: (...args) => forgetCluster(table, ...args),
  release: (...args) => release(table, ...args),
});

/** Options of the document client: the store keeps no undefined fields. */
export const documentOptions = { marshallOptions: { removeUndefinedValues: true } } as const;

const load = async (table: DynamoTable, ...[cluster, deadlineMs]: Parameters<Store['load']>): Promise<ClusterMemory> =>
  frozen(readMemory(await queryAll(table, clusterPk(cluster), deadlineMs)));

const commit = async (
  table: DynamoTable,
  ...[lease, changes, untilMs, , deadlineMs]: Parameters<Store['commit']>
): Promise<Lease> => {
  const items = writesOf(table, lease.cluster, changes);
  if (items.length + 1 > defaults.transactionItemsMax) {
    throw new Fault('bug', 'COMMIT_TOO_LARGE', `${items.length} items of ${lease.cluster} in one transaction`);
  }
  // A transaction of the lease alone would cost twice as much as an update.
  if (items.length === 0) await renew(table, lease, untilMs, deadlineMs);
  else await transact(table, lease, items, untilMs, deadlineMs);
  return frozen({ ...lease, untilMs });
};

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const writesOf = ({ table, chance }: DynamoTable, cluster: string, changes: Changes): readonly Write[] => {
  const put = (Item: Record<string, unknown>): Write => ({ Put: { TableName: table, Item } });
  const remove = (Key: Record<string, unknown>): Write => ({ Delete: { TableName: table, Key } });
  const { pause, consumed = [] } = changes;
  return [
    ...itemsOf(cluster, changes, () => chance.hex(4)).map(put),
    ...consumed.map((id) => remove(orderKey(cluster, id))),
    ...(pause === undefined ? [] : [pause === null ? remove(pauseKey(cluster)) : put(pauseItem(cluster, pause))]),
  ];
};

/** Repeating it is safe: the same items under the same fence, and one token for all tries. */
const transact = async (
  { client, table, chance, ...timing }: DynamoTable,
  lease: Lease,
  writes: readonly Write[],
  untilMs: number,
  deadlineMs: number,
): Promise<void> => {
  const update = { TableName: table, Key: leaseKey(lease.cluster), ...extension(lease, untilMs) };
  const command = new TransactWriteCommand({
    ClientRequestToken: chance.hex(16),
    TransactItems: [{ Update: update }, ...writes],
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

/** Written a second time after a pass has consumed it, it would be carried out again. */
const order = async (
  { client, table, ...timing }: DynamoTable,
  ...[cluster, given, deadlineMs]: Parameters<Store['order']>
): Promise<void> => {
  const command = new PutCommand({ TableName: table, Item: orderItem(cluster, given) });
  const call = { action: 'dynamodb:PutItem', codes: STORE_CODES, writes: 'once' } as const;
  await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
};

const history = async (
  { client, table, ...timing }: DynamoTable,
  ...[cluster, { limit, beforeMs }, deadlineMs]: Parameters<Store['history']>
): Promise<readonly LogEntry[]> => {
  const call = { action: 'dynamodb:Query', codes: STORE_CODES };
  const before = beforeMs === undefined ? undefined : logSk(beforeMs);
  const entries: LogEntry[] = [];
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX && entries.length < limit; page += 1) {
    const command = new QueryCommand({
      TableName: table,
      // Whoever gave an order looks for its line right after the commit.
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: limit - entries.length,
      KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
      ExpressionAttributeValues: { ':pk': logPk(cluster), ...(before === undefined ? {} : { ':before': before }) },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const answer = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
    entries.push(...(answer.Items ?? []).map(readLogEntry));
    from = answer.LastEvaluatedKey;
    if (from === undefined) break;
  }
  return frozen(entries);
};
