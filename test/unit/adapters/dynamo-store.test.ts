import { describe, expect, test } from 'vitest';
import type { Changes, Lease } from '../../../lib/ports.ts';
import { exampleJob, exampleLogEntry } from '../../contract/suites/store/examples.ts';
import { type AwsAnswer, type AwsRequest, awsError } from '../../support/aws-stub.ts';
import { anOrder } from '../../support/builders.ts';
import { storeThat } from './store-that.ts';

const lease: Lease = { cluster: 'c', owner: 'a', fence: 3, bell: 1, untilMs: 20_000 };
const changes: Changes = { jobs: { orders: exampleJob }, incidents: [], log: [exampleLogEntry, exampleLogEntry] };
const soon = () => Date.now() + 5_000;
const item = (more: object = {}) => ({ fence: { N: '3' }, bell: { N: '1' }, schema: { N: '1' }, ...more });
const canceled = (...codes: string[]) =>
  awsError('TransactionCanceledException', 400, { CancellationReasons: codes.map((Code) => ({ Code })) });
const tokens = (requests: readonly AwsRequest[]) => requests.map((request) => request.json().ClientRequestToken);

describe('a commit', () => {
  test('whose answer was lost is repeated with the same token and the same items (F09)', async () => {
    const { store, requests } = await storeThat('break', { json: {} });
    expect(await store.commit(lease, changes, 30_000, 0, soon())).toEqual({ ...lease, untilMs: 30_000 });
    expect(tokens(requests)).toEqual([expect.stringMatching(/^\d{32}$/), tokens(requests)[0]]);
    expect(requests[1]?.body).toBe(requests[0]?.body);
  });

  test('draws a token of its own each time, and apart keys for what happened at once', async () => {
    const { store, requests } = await storeThat({ json: {} });
    await store.commit(lease, changes, 30_000, 0, soon());
    await store.commit(lease, changes, 30_000, 0, soon());
    expect(new Set(tokens(requests)).size).toBe(2);
    const keys = requests.flatMap(({ body }) => body.match(/2023-11-14T22:13:20\.000Z#[^"]+/g) ?? []);
    expect(new Set(keys).size).toBe(4);
  });

  test.each([
    ['TransactionConflict', canceled('None', 'TransactionConflict')],
    ['throttling', canceled('None', 'ThrottlingError')],
    ['a transaction in progress', awsError('TransactionInProgressException')],
    ['too much load', awsError('ProvisionedThroughputExceededException')],
  ])('that meets %s is tried again', async (_, answer) => {
    const { store, requests } = await storeThat(answer, { json: {} });
    await store.commit(lease, changes, 30_000, 0, soon());
    expect(requests).toHaveLength(2);
  });

  test('that meets conflicts only is surely not done', async () => {
    const { store } = await storeThat(canceled('None', 'TransactionConflict'));
    const commit = store.commit(lease, changes, 30_000, 0, soon());
    await expect(commit).rejects.toMatchObject({ kind: 'transient', code: 'STORE_UNAVAILABLE' });
  });

  test('that is never answered is maybe done', async () => {
    const { store } = await storeThat('break', canceled('None', 'TransactionConflict'));
    const commit = store.commit(lease, changes, 30_000, 0, soon());
    await expect(commit).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'STORE_UNAVAILABLE' });
  });

  test('by a loser stops at once, by the fence of its lease (F82, F94, F131)', async () => {
    const { store, requests } = await storeThat(canceled('ConditionalCheckFailed', 'None', 'TransactionConflict'));
    const commit = store.commit(lease, changes, 30_000, 0, soon());
    await expect(commit).rejects.toMatchObject({ kind: 'conflict', code: 'LEASE_LOST' });
    expect(requests).toHaveLength(1);
    const isStillOurs = {
      ConditionExpression: '#owner = :owner AND fence = :fence',
      ExpressionAttributeValues: { ':owner': { S: 'a' }, ':fence': { N: '3' } },
    };
    expect(requests[0]?.json().TransactItems).toMatchObject([{ Update: isStillOurs }, {}, {}, {}]);
  });

  test('of something that DynamoDB will never take is a bug', async () => {
    const { store, requests } = await storeThat(canceled('None', 'ValidationError'));
    const commit = store.commit(lease, changes, 30_000, 0, soon());
    await expect(commit).rejects.toMatchObject({ kind: 'bug', code: 'COMMIT_REFUSED' });
    expect(requests).toHaveLength(1);
  });

  test('without changes only extends the lease, for half the price', async () => {
    const { store, requests } = await storeThat({ json: { Attributes: item() } });
    const none = { jobs: {}, incidents: [], log: [] };
    expect(await store.commit(lease, none, 30_000, 0, soon())).toEqual({ ...lease, untilMs: 30_000 });
    expect(requests.map(({ action }) => action)).toEqual(['UpdateItem']);
  });
});

describe('an order', () => {
  const unknown = { kind: 'unknown-outcome', code: 'STORE_UNAVAILABLE' };

  test.each<[string, AwsAnswer]>([
    ['is lost', 'break'],
    ['is an error of the service', awsError('InternalServerError', 500)],
  ])('whose answer %s is not written again: a pass may have consumed it since', async (_, answer) => {
    const { store, requests } = await storeThat(answer, { json: {} });
    await expect(store.order('c', anOrder('restart'), soon())).rejects.toMatchObject(unknown);
    expect(requests).toHaveLength(1);
  });

  test('that is throttled was not written, and is tried again', async () => {
    const { store, requests } = await storeThat(awsError('ProvisionedThroughputExceededException'), { json: {} });
    await store.order('c', anOrder('restart'), soon());
    expect(requests).toHaveLength(2);
  });

  test('that is throttled at each try is surely not written', async () => {
    const { store } = await storeThat(awsError('ProvisionedThroughputExceededException'));
    await expect(store.order('c', anOrder('restart'), soon())).rejects.toMatchObject({ kind: 'transient' });
  });
});

describe('a lease', () => {
  const refused = (more: object) => awsError('ConditionalCheckFailedException', 400, { Item: item(more) });

  test('that was taken by a try whose answer was lost is ours', async () => {
    const { store } = await storeThat('break', refused({ owner: { S: 'a' }, untilMs: { N: '20000' } }));
    expect(await store.acquire('c', { owner: 'a', nowMs: 0, untilMs: 20_000 }, soon())).toEqual(lease);
  });

  test.each([
    ['another owner', { owner: { S: 'b' }, untilMs: { N: '20000' } }],
    ['an older claim of the same owner', { owner: { S: 'a' }, untilMs: { N: '19999' } }],
  ])('of %s is busy', async (_, more) => {
    const { store } = await storeThat(refused(more));
    expect(await store.acquire('c', { owner: 'a', nowMs: 0, untilMs: 20_000 }, soon())).toBeUndefined();
  });

  test('of a newer schema is refused (F84)', async () => {
    const { store } = await storeThat(refused({ schema: { N: '2' } }));
    const acquire = store.acquire('c', { owner: 'a', nowMs: 0, untilMs: 20_000 }, soon());
    await expect(acquire).rejects.toMatchObject({ kind: 'invalid', code: 'SCHEMA_NEWER' });
  });
});

describe('the store', () => {
  test('asks for all pages, strongly consistent (F82)', async () => {
    const key = { pk: { S: 'CLUSTER#c' }, sk: { S: 'JOB#a' } };
    const job = (sk: string) => ({
      ...key,
      sk: { S: sk },
      schema: { N: '1' },
      memory: { M: { schema: { N: '1' }, attempts: { L: [] } } },
    });
    const { store, requests } = await storeThat(
      { json: { Items: [job('JOB#a')], LastEvaluatedKey: key } },
      { json: { Items: [job('JOB#b')] } },
    );
    expect(Object.keys((await store.load('c', soon())).jobs)).toEqual(['a', 'b']);
    const bodies = requests.map((request) => request.json());
    expect(bodies.map(({ ConsistentRead }) => ConsistentRead)).toEqual([true, true]);
    expect(bodies.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([undefined, key]);
  });

  test('reads the audit trail strongly consistent, with the order of each line (F82)', async () => {
    const line = { pk: { S: 'LOG#c' }, sk: { S: '1' }, schema: { N: '1' }, attempt: { N: '1' }, atMs: { N: '1' } };
    const texts = { job: { S: 'a' }, jobId: { S: '' }, what: { S: 'resume' }, because: { S: '' } };
    const { store, requests } = await storeThat({ json: { Items: [{ ...line, ...texts, orderId: { S: '7' } }] } });
    expect(await store.history('c', { limit: 1 }, soon())).toMatchObject([{ what: 'resume', orderId: '7' }]);
    expect(requests.map((request) => request.json().ConsistentRead)).toEqual([true]);
  });

  test.each([
    [awsError('AccessDeniedException'), 'rejected', 'STORE_DENIED', 'dynamodb:Query is not allowed'],
    [awsError('ResourceNotFoundException'), 'rejected', 'STORE_MISSING', 'dynamodb:Query'],
    [awsError('InternalServerError', 500), 'transient', 'STORE_UNAVAILABLE', 'dynamodb:Query has no answer'],
    [awsError('ValidationException'), 'bug', 'AWS_REQUEST', 'dynamodb:Query refuses our request'],
  ] as const)('in trouble says so: %j', async (answer, kind, code, text) => {
    const { store } = await storeThat(answer);
    const load = store.load('c', soon());
    await expect(load).rejects.toMatchObject({ kind, code });
    await expect(load).rejects.toThrow(text);
  });

  test('that hangs is given up at the deadline (F81)', async () => {
    const { store } = await storeThat('hang');
    const load = store.load('c', Date.now() + 100);
    await expect(load).rejects.toMatchObject({ kind: 'transient', code: 'STORE_UNAVAILABLE' });
    const acquire = store.acquire('c', { owner: 'a', nowMs: 0, untilMs: 1 }, Date.now() + 100);
    await expect(acquire).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'STORE_UNAVAILABLE' });
  });

  test('is not asked when the time is over', async () => {
    const { store, requests } = await storeThat({ json: {} });
    await expect(store.load('c', Date.now())).rejects.toMatchObject({ kind: 'transient' });
    await expect(store.acquire('c', { owner: 'a', nowMs: 0, untilMs: 1 }, Date.now())).rejects.toMatchObject({
      kind: 'transient',
    });
    expect(requests).toEqual([]);
  });
});
