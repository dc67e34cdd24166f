import { afterEach, describe, expect, it } from 'vitest';
import { deployedMemory } from '../../../serverless/deployed-memory.ts';
import { type AwsAnswer, type AwsRequest, type AwsStub, awsError, startAwsStub } from '../../support/aws-stub.ts';
import { clusterOf } from './clusters.ts';

let stub: AwsStub | undefined;
afterEach(() => stub?.close());

/** What is read from an AWS that answers so, and what is said of it. */
const read = async (answer: (request: AwsRequest) => AwsAnswer, table?: string) => {
  const aws = await startAwsStub(answer);
  stub = aws;
  const said: string[] = [];
  const provider = {
    getStage: () => 'dev',
    getRegion: () => 'eu-west-1',
    naming: { getStackName: () => 'autopilot-dev' },
    getAwsSdkV3Config: async () => aws.clientOptions,
  };
  const clusters = [clusterOf({ name: 'realtime' })];
  const memories = await deployedMemory(provider, { table, clusters, say: (line) => said.push(line) });
  return {
    memories,
    said,
    tables: aws.requests.filter(({ action }) => action === 'Query').map((r) => r.json().TableName),
  };
};

const outputs = (members: string): AwsAnswer => ({
  headers: { 'content-type': 'text/xml' },
  body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>autopilot-dev</StackName><Outputs>${members}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
});
const withTable = outputs('<member><OutputKey>TableName</OutputKey><OutputValue>memory-1</OutputValue></member>');
const refusal = (code: string, message: string, status = 400): AwsAnswer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});
const nothing: AwsAnswer = { json: { Items: [], Count: 0, ScannedCount: 0 } };
const remembered = { jobs: {}, incidents: [], orders: [] };

describe('what a deploy reads of the deployed autopilot', () => {
  it('is the memory of each cluster in the table of the stack', async () => {
    const { memories, said, tables } = await read(({ action }) => (action === 'Query' ? nothing : withTable));
    expect(memories).toEqual({ realtime: remembered });
    expect([said, tables]).toEqual([[], ['memory-1']]);
  });

  it('is the memory in the table that is attached, whatever the stack has', async () => {
    const { memories, tables } = await read(() => nothing, 'attached');
    expect([memories, tables]).toEqual([{ realtime: remembered }, ['attached']]);
  });

  it.each([
    ['there is no stack yet', refusal('ValidationError', 'Stack with id autopilot-dev does not exist')],
    ['the stack has no table', outputs('')],
  ])('is nothing, without a word, where %s', async (_, answer) => {
    expect(await read(() => answer)).toEqual({ memories: {}, said: [], tables: [] });
  });

  it('is nothing where AWS refuses, and what follows from that is said', async () => {
    const denied = await read(({ action }) => (action === 'Query' ? awsError('AccessDeniedException') : withTable));
    expect(denied.memories).toEqual({});
    expect(denied.said).toEqual([
      expect.stringMatching(/could not be read \(.*dynamodb:Query.*by the order apply only/),
    ]);
  });
});
