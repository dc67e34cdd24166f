import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { createDynamoStore, documentOptions } from '../../../lib/adapters/dynamo-store.ts';
import { type AwsAnswer, awsError, quickTiming, startAwsStub } from '../../support/aws-stub.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** The store of the stack autopilot-dev, on a DynamoDB that gives these answers in turn, the last one for ever. */
const storeThat = async (...answers: readonly AwsAnswer[]) => {
  let asked = 0;
  const stub = await startAwsStub(() => {
    asked += 1;
    return answers[asked - 1] ?? answers.at(-1) ?? { json: {} };
  });
  const plain = new DynamoDBClient(stub.clientOptions);
  cleanups.push(stub.close, () => plain.destroy());
  const client = DynamoDBDocumentClient.from(plain, documentOptions);
  const chance = { hex: () => '' };
  const store = createDynamoStore({ ...quickTiming, client, table: 'T', namespace: 'autopilot-dev', chance });
  return { store, requests: stub.requests };
};

const soon = () => Date.now() + 5_000;
const key = (sk: string) => ({ pk: { S: 'CLUSTERS#autopilot-dev' }, sk: { S: sk } });
const named = (sk: string, schema = '1') => ({ ...key(sk), schema: { N: schema } });

describe('the names of clusters in the table', () => {
  it('are read whole, strongly consistent', async () => {
    const { store, requests } = await storeThat(
      { json: { Items: [named('a')], LastEvaluatedKey: key('a') } },
      { json: { Items: [named('b')] } },
    );
    expect(await store.clusters(soon())).toEqual(['a', 'b']);
    expect(requests.map(({ action }) => action)).toEqual(['Query', 'Query']);
    expect(requests.map((request) => request.json().ConsistentRead)).toEqual([true, true]);
  });

  it('are refused where a newer release wrote one', async () => {
    const { store } = await storeThat({ json: { Items: [named('a'), named('b', '2')] } });
    await expect(store.clusters(soon())).rejects.toMatchObject({ kind: 'invalid', code: 'SCHEMA_NEWER' });
  });

  it.each([
    ['addCluster', 'PutItem', { Item: named('größe') }],
    ['forgetCluster', 'DeleteItem', { Key: key('größe') }],
  ] as const)('are changed once more where an answer was lost: %s', async (method, action, sent) => {
    const { store, requests } = await storeThat('break', { json: {} });
    await store[method]('größe', soon());
    expect(requests.map((request) => request.action)).toEqual([action, action]);
    expect(requests[1]?.json()).toEqual({ TableName: 'T', ...sent });

    const silent = await storeThat(awsError('InternalServerError', 500));
    const unknown = { kind: 'unknown-outcome', code: 'STORE_UNAVAILABLE' };
    await expect(silent.store[method]('größe', soon())).rejects.toMatchObject(unknown);
  });
});
