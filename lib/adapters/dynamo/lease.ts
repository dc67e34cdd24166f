import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { defaults } from '../../core/defaults.ts';
import { Fault } from '../../core/errors.ts';
import type { Holder, Lease, Owner, Store } from '../../ports.ts';
import { callAws } from '../aws.ts';
import { leaseKey, readLease, readRefusedLease, SCHEMA, type StoredLease } from '../dynamo-items.ts';
import { frozen } from '../frozen.ts';
import { type DynamoTable, STORE_CODES } from './table.ts';

/** One conditional update: the fence grows with each owner and is never taken back. A lease that ends too far ahead is none. */
export const acquire = async (
  table: DynamoTable,
  ...[cluster, { owner, nowMs, untilMs, staysUntilMs = 0 }, deadlineMs]: Parameters<Store['acquire']>
): Promise<Lease | undefined> => {
  const { lease } = await updateLease(table, cluster, deadlineMs, {
    ConditionExpression: 'attribute_not_exists(#owner) OR untilMs < :now OR untilMs > :far',
    UpdateExpression:
      'SET #owner = :owner, untilMs = :until, staysUntilMs = :stays, #schema = :schema ADD fence :one, bell :zero',
    ExpressionAttributeNames: { '#owner': 'owner', '#schema': 'schema' },
    ExpressionAttributeValues: {
      ':owner': owner,
      ':now': nowMs,
      ':far': nowMs + defaults.leaseFarMs,
      ':until': untilMs,
      ':stays': staysUntilMs,
      ':schema': SCHEMA,
      ':one': 1,
      ':zero': 0,
    },
  });
  // A refused condition may be our own write, made by a try whose answer was lost.
  if (lease === undefined || lease.owner !== owner || lease.untilMs !== untilMs) return undefined;
  return frozen({ cluster, owner, fence: lease.fence, bell: lease.bell, untilMs });
};

/** Counts the bell while somebody is there to hear it. A try whose answer was lost may ring twice, which is once. */
export const ring = async (
  table: DynamoTable,
  ...[cluster, nowMs, deadlineMs]: Parameters<Store['ring']>
): Promise<Owner | undefined> => {
  const { written, lease } = await updateLease(table, cluster, deadlineMs, {
    ConditionExpression: 'attribute_exists(#owner) AND untilMs >= :now AND untilMs <= :far',
    UpdateExpression: 'ADD bell :one',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':now': nowMs, ':far': nowMs + defaults.leaseFarMs, ':one': 1 },
  });
  if (!written) return undefined;
  return frozen(lease?.staysUntilMs ? { staysUntilMs: lease.staysUntilMs } : {});
};

/** A query and not a get: the functions' roles allow it already. */
export const holder = async (
  { client, table, ...timing }: DynamoTable,
  ...[cluster, nowMs, deadlineMs]: Parameters<Store['holder']>
): Promise<Holder | undefined> => {
  const { pk, sk } = leaseKey(cluster);
  const command = new QueryCommand({
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk = :sk',
    ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
  });
  const call = { action: 'dynamodb:Query', codes: STORE_CODES };
  const { Items = [] } = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
  const { untilMs = 0, staysUntilMs = 0 } = Items[0] === undefined ? {} : readLease(Items[0]);
  if (untilMs < nowMs || untilMs > nowMs + defaults.leaseFarMs) return undefined;
  return frozen({ untilMs, ...(staysUntilMs > 0 ? { staysUntilMs } : {}) });
};

/** Gives the lease back, unless the bell rang since it was read. */
export const release = async (
  table: DynamoTable,
  ...[lease, deadlineMs]: Parameters<Store['release']>
): Promise<Lease | undefined> => {
  const { written, lease: found } = await updateLease(table, lease.cluster, deadlineMs, {
    ConditionExpression: '#owner = :owner AND fence = :fence AND bell = :bell',
    UpdateExpression: 'REMOVE #owner, untilMs, staysUntilMs',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': lease.owner, ':fence': lease.fence, ':bell': lease.bell },
  });
  if (written) return undefined;
  if (found === undefined || found.fence !== lease.fence) throw lost(lease);
  // Nobody took it since, so it was released by a try of ours whose answer was lost.
  if (found.owner === undefined) return undefined;
  return frozen({ ...lease, bell: found.bell });
};

/** Extends a lease that is still ours. */
export const renew = async (table: DynamoTable, lease: Lease, untilMs: number, deadlineMs: number): Promise<void> => {
  const { written } = await updateLease(table, lease.cluster, deadlineMs, extension(lease, untilMs));
  if (!written) throw lost(lease);
};

/** What extends a lease. Not compared with the clock: with the fence unchanged nobody took it, however late it is. */
export const extension = (lease: Lease, untilMs: number) => ({
  ConditionExpression: '#owner = :owner AND fence = :fence',
  UpdateExpression: 'SET untilMs = :until',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':owner': lease.owner, ':fence': lease.fence, ':until': untilMs },
});

/** Someone else owns the lease, or nobody does any more. */
export const lost = ({ cluster, fence }: Lease): Fault =>
  new Fault('conflict', 'LEASE_LOST', `the lease of ${cluster} with fence ${fence} is no longer ours`);

type Written = { readonly written: boolean; readonly lease: StoredLease | undefined };

/** A conditional update of the lease; when the condition is refused, the lease as it was found. */
const updateLease = (
  { client, table, ...timing }: DynamoTable,
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
  const call = { action: 'dynamodb:UpdateItem', codes: STORE_CODES, writes: true } as const;
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
