import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import { createDynamoStore, documentOptions } from '../../../lib/adapters/dynamo-store.ts';
import { type AwsAnswer, quickTiming, startAwsStub } from '../../support/aws-stub.ts';

/** The store on a DynamoDB that gives these answers in turn, the last one for ever. */
export const storeThat = async (...answers: [AwsAnswer, ...AwsAnswer[]]) => {
  let asked = 0;
  const [first] = answers;
  const stub = await startAwsStub(() => {
    asked += 1;
    return answers[asked - 1] ?? answers.at(-1) ?? first;
  });
  const plain = new DynamoDBClient(stub.clientOptions);
  onTestFinished(async () => {
    await stub.close();
    plain.destroy();
  });
  let drawn = 0;
  const hex = (bytes: number) => {
    drawn += 1;
    return String(drawn).padStart(bytes * 2, '0');
  };
  const client = DynamoDBDocumentClient.from(plain, documentOptions);
  const store = createDynamoStore({ ...quickTiming, client, table: 'T', namespace: 'autopilot-dev', chance: { hex } });
  return { store, requests: stub.requests };
};
