import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { createDynamoStore, documentOptions } from '../../../lib/adapters/dynamo-store.ts';
import { quickTiming, startAwsStub } from '../../support/aws-stub.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const lease = (fields: Readonly<Record<string, number>>) => ({
  owner: { S: 'a' },
  ...Object.fromEntries(
    Object.entries({ fence: 1, bell: 0, schema: 1, ...fields }).map(([key, N]) => [key, { N: String(N) }]),
  ),
});

test.each<[string, readonly object[], object | undefined]>([
  ['nobody ever', [], undefined],
  ['nobody now', [lease({})], undefined],
  ['somebody in the last millisecond', [lease({ untilMs: 1_000, staysUntilMs: 0 })], { untilMs: 1_000 }],
  ['somebody who stays', [lease({ untilMs: 2_000, staysUntilMs: 9 })], { untilMs: 2_000, staysUntilMs: 9 }],
  ['somebody whose time is over', [lease({ untilMs: 999 })], undefined],
])('of the lease of a cluster the table says who holds it, and nothing is written: %s', async (_, Items, holder) => {
  const stub = await startAwsStub(() => ({ json: { Items } }));
  const plain = new DynamoDBClient(stub.clientOptions);
  cleanups.push(stub.close, () => plain.destroy());
  const client = DynamoDBDocumentClient.from(plain, documentOptions);
  const store = createDynamoStore({ ...quickTiming, client, table: 'T', namespace: 'n', chance: { hex: () => '' } });
  expect(await store.holder('größe', 1_000, Date.now() + 5_000)).toEqual(holder);
  expect(stub.requests.map(({ action }) => action)).toEqual(['Query']);
  expect(stub.requests[0]?.json()).toMatchObject({
    ConsistentRead: true,
    ExpressionAttributeValues: { ':pk': { S: 'CLUSTER#größe' }, ':sk': { S: 'LEASE' } },
  });
});
