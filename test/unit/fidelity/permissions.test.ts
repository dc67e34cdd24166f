import { describe, expect, test } from 'vitest';
import { grantOf, keyGrantsOf, type Need } from '../../e2e/fidelity/iam/evaluate.ts';
import { keyNeedsOf, needsOf } from '../../e2e/fidelity/iam/needs.ts';
import { readStatements, type Statement } from '../../e2e/fidelity/iam/policy.ts';
import { ECS, statement, TABLE } from './calls.ts';

const need = (action: string, resource: string, context = {}): Need => ({ action, resource, context });

describe('what a statement allows', () => {
  const tasks = statement({ actions: ['ecs:DescribeTasks'], resources: [`${ECS}:task/one/*`] });
  const list = statement({
    actions: ['ecs:ListTasks'],
    resources: ['*'],
    conditions: { ArnEquals: { 'ecs:cluster': [`${ECS}:cluster/one`] } },
  });
  const deny = statement({ effect: 'Deny', actions: ['ecs:*'], resources: ['*'] });
  const ofCluster = (name: string) => ({ 'ecs:cluster': `${ECS}:cluster/${name}` });

  test.each<[string, readonly Statement[], Need, boolean]>([
    ['the action on the resource', [statement({})], need('dynamodb:Query', TABLE), true],
    ['the action in other letters', [statement({})], need('DynamoDB:QUERY', TABLE), true],
    ['another action', [statement({})], need('dynamodb:Scan', TABLE), false],
    ['another resource', [statement({})], need('dynamodb:Query', `${TABLE}-2`), false],
    ['what lies below the resource', [statement({})], need('dynamodb:Query', `${TABLE}/index/i`), false],
    ['a resource under a wildcard', [tasks], need('ecs:DescribeTasks', `${ECS}:task/one/a1`), true],
    ['one of another cluster', [tasks], need('ecs:DescribeTasks', `${ECS}:task/two/a1`), false],
    ['a dot that is no wildcard', [statement({ resources: ['a.b'] })], need('dynamodb:Query', 'axb'), false],
    ['under its condition', [list], need('ecs:ListTasks', '*', ofCluster('one')), true],
    ['against its condition', [list], need('ecs:ListTasks', '*', ofCluster('two')), false],
    ['without the key of its condition', [list], need('ecs:ListTasks', '*'), false],
    ['what another statement denies', [tasks, deny], need('ecs:DescribeTasks', `${ECS}:task/one/a1`), false],
  ])('%s', (_what, statements, asked, isAllowed) => {
    expect(grantOf(statements, asked) !== undefined).toBe(isAllowed);
  });

  test('a wildcard in the ARN of a condition does not reach over a colon', () => {
    const like = (pattern: string) => statement({ conditions: { ArnLike: { 'aws:SourceArn': [pattern] } } });
    const asked = need('dynamodb:Query', TABLE, { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:1:topic' });
    expect(grantOf([like('arn:aws:sns:*:*:topic')], asked)).toBeDefined();
    expect(grantOf([like('arn:aws:*:topic')], asked)).toBeUndefined();
  });

  test('a condition that is not understood is an error, not a yes', () => {
    const odd = statement({ conditions: { NumericLessThan: { 's3:max-keys': ['10'] } } });
    expect(() => grantOf([odd], need('dynamodb:Query', TABLE))).toThrow('NumericLessThan is not understood');
  });

  test('a policy with a word that is not understood is an error, too', () => {
    const document = { Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] };
    expect(() => readStatements('function', encodeURIComponent(JSON.stringify(document)))).toThrow('NotAction');
  });
});

describe('what a call needs', () => {
  const part = { TableName: 'memory' };
  const jar = { Bucket: 'b', Key: 'jars/a.jar' };
  const arn = 'arn:aws:s3:::b';
  const inOne = { 'ecs:cluster': `${ECS}:cluster/one` };
  const secret = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret';
  const parameter = 'arn:aws:ssm:eu-west-1:000000000000:parameter';

  test.each<[string, object, readonly Need[], number?]>([
    ['dynamodb:Query', part, [{ action: 'dynamodb:Query', resource: TABLE }]],
    ['dynamodb:Query', { ...part, IndexName: 'i' }, [{ action: 'dynamodb:Query', resource: `${TABLE}/index/i` }]],
    [
      'dynamodb:TransactWriteItems',
      { TransactItems: [{ Put: part }, { Update: part }, { Delete: part }, { ConditionCheck: part }] },
      ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map((one) => ({
        action: `dynamodb:${one}`,
        resource: TABLE,
      })),
    ],
    ['ecs:ListTasks', { cluster: 'one' }, [{ action: 'ecs:ListTasks', resource: '*', context: inOne }]],
    [
      'ecs:DescribeTasks',
      { cluster: `${ECS}:cluster/one`, tasks: ['a1', `${ECS}:task/one/a2`] },
      ['a1', 'a2'].map((id) => ({
        action: 'ecs:DescribeTasks',
        resource: `${ECS}:task/one/${id}`,
        context: inOne,
      })),
    ],
    [
      'ecs:DescribeServices',
      { cluster: 'one', services: ['jobmanager'] },
      [{ action: 'ecs:DescribeServices', resource: `${ECS}:service/one/jobmanager`, context: inOne }],
    ],
    ['s3:HeadObject', jar, [{ action: 's3:GetObject', resource: `${arn}/jars/a.jar` }]],
    [
      's3:HeadObject',
      jar,
      [
        { action: 's3:GetObject', resource: `${arn}/jars/a.jar` },
        { action: 's3:ListBucket', resource: arn },
      ],
      404,
    ],
    ['s3:GetObject', { ...jar, VersionId: 'v1' }, [{ action: 's3:GetObjectVersion', resource: `${arn}/jars/a.jar` }]],
    ['s3:ListObjectsV2', { Bucket: 'b', Prefix: 'c/' }, [{ action: 's3:ListBucket', resource: 'arn:aws:s3:::b' }]],
    [
      's3:DeleteObjects',
      { Bucket: 'b', Delete: { Objects: [{ Key: 'c/1' }, { Key: 'c/2' }] } },
      ['c/1', 'c/2'].map((key) => ({ action: 's3:DeleteObject', resource: `arn:aws:s3:::b/${key}` })),
    ],
    ['sns:Publish', { TopicArn: 'arn:t' }, [{ action: 'sns:Publish', resource: 'arn:t' }]],
    ['ssm:GetParameter', { Name: '/a/b:3' }, [{ action: 'ssm:GetParameter', resource: `${parameter}/a/b` }]],
    [
      'secretsmanager:GetSecretValue',
      { SecretId: 'db' },
      [{ action: 'secretsmanager:GetSecretValue', resource: `${secret}:db-AbCdEf` }],
    ],
  ])('%s of %j', (called, input, expected, status = 200) => {
    const [service = '', operation = ''] = called.split(':');
    expect(needsOf({ service, operation, input, status })).toEqual(expected);
  });

  test('a key is used by a service in its caller’s name, and by that service alone', () => {
    const key = 'arn:aws:kms:eu-west-1:000000000000:key/*';
    const viaSecrets = statement({
      actions: ['kms:Decrypt'],
      resources: [key],
      conditions: { StringEquals: { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] } },
    });
    const used = (service: string, operation: string) =>
      keyNeedsOf({ service, operation, input: {}, status: 200 }).flatMap((one) => keyGrantsOf([viaSecrets], one));
    expect(used('secretsmanager', 'GetSecretValue')).toEqual([
      { statement: viaSecrets, action: 'kms:Decrypt', resource: key },
    ]);
    expect(used('ssm', 'GetParameter')).toEqual([]);
    expect(used('dynamodb', 'Query')).toEqual([]);
  });

  test('an operation that nobody has looked up is an error', () => {
    const call = { service: 'iam', operation: 'CreateUser', input: {}, status: 200 };
    expect(() => needsOf(call)).toThrow('iam:CreateUser has no line among the needs');
  });
});
