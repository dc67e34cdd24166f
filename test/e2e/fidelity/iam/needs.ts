import * as z from 'zod/mini';
import { ACCOUNT, REGION } from '../../../../local/aws.ts';
import type { Decoded } from '../model/decode.ts';
import type { KeyNeed, Need } from './evaluate.ts';

/**
 * What IAM asks a caller for before the service answers, as AWS's Service Authorization Reference has it. Throws an Error
 * for an operation without a line here: add it with what the reference says.
 */
export const needsOf = ({ service, operation, input, status }: Decoded): readonly Need[] => {
  const rule = RULES[`${service}:${operation}`];
  if (rule === undefined) throw new Error(`${service}:${operation} has no line among the needs`);
  return rule(input, status);
};

/** The keys that a service uses in the caller's name to answer. */
export const keyNeedsOf = ({ service, operation }: Decoded): readonly KeyNeed[] =>
  (KEY_ACTIONS[`${service}:${operation}`] ?? []).map((keyAction) => ({
    keyAction,
    context: { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` },
  }));

/** SNS encrypts and reads a message in the name of who publishes it, S3 decrypts an object for who reads it. */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'ssm:GetParameter': ['kms:Decrypt'],
  'secretsmanager:GetSecretValue': ['kms:Decrypt'],
  's3:GetObject': ['kms:Decrypt'],
  'sns:Publish': ['kms:GenerateDataKey', 'kms:Decrypt'],
};

/** Actions that a service takes in the caller's name, on keys of a person's own alone: without them a call may fail or not. */
export const isKeyAction = (action: string): boolean => Object.values(KEY_ACTIONS).some((one) => one.includes(action));

type Rule = (input: unknown, status: number) => readonly Need[];

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const isArn = (text: string): boolean => text.startsWith('arn:');

const onTable =
  (action: string): Rule =>
  (input) => {
    const { TableName, IndexName } = z
      .object({ TableName: z.string(), IndexName: z.optional(z.string()) })
      .parse(input);
    const table = isArn(TableName) ? TableName : arn('dynamodb', `table/${TableName}`);
    const resource = IndexName === undefined ? table : `${table}/index/${IndexName}`;
    return [{ action: `dynamodb:${action}`, resource }];
  };

/** A transaction has no permission of its own: each part needs that of its kind. */
const inTransaction =
  (actions: Readonly<Record<string, string>>): Rule =>
  (input) => {
    const { TransactItems } = z.object({ TransactItems: z.array(z.record(z.string(), z.unknown())) }).parse(input);
    return TransactItems.flatMap((item) =>
      Object.entries(item).flatMap(([kind, part]) => onTable(actions[kind] ?? kind)(part, 0)),
    );
  };

const inCluster = z.object({ cluster: z.optional(z.string()) });

/** ECS takes names and ARNs of clusters; without one it means `default`. */
const clusterOf = (input: unknown): { name: string; context: Record<string, string> } => {
  const { cluster = 'default' } = inCluster.parse(input);
  const name = cluster.slice(cluster.lastIndexOf('/') + 1);
  return { name, context: { 'ecs:cluster': arn('ecs', `cluster/${name}`) } };
};

const onEach =
  (action: string, kind: string, member: string): Rule =>
  (input) => {
    const { name, context } = clusterOf(input);
    const asked = z.looseObject({ [member]: z.array(z.string()) }).parse(input)[member] ?? [];
    return asked.map((one) => ({
      action: `ecs:${action}`,
      resource: isArn(one) ? one : arn('ecs', `${kind}/${name}/${one}`),
      context,
    }));
  };

const object = z.object({ Bucket: z.string(), Key: z.string(), VersionId: z.optional(z.string()) });

/** For a key that is not there S3 says so only to who may list the bucket; others are refused. */
const ofObject: Rule = (input, status) => {
  const { Bucket, Key, VersionId } = object.parse(input);
  const action = VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  const read = { action, resource: `arn:aws:s3:::${Bucket}/${Key}` };
  return status === 404 ? [read, { action: 's3:ListBucket', resource: `arn:aws:s3:::${Bucket}` }] : [read];
};

/** Without the permission of one object only its own line of the answer is an error. */
const ofObjects: Rule = (input) => {
  const { Bucket, Delete } = objects.parse(input);
  return Delete.Objects.map(({ Key }) => ({ action: 's3:DeleteObject', resource: `arn:aws:s3:::${Bucket}/${Key}` }));
};

const objects = z.object({
  Bucket: z.string(),
  Delete: z.object({ Objects: z.array(z.object({ Key: z.string() })) }),
});

const named = <K extends string>(key: K, input: unknown): string =>
  z.string().parse(z.record(z.string(), z.unknown()).parse(input)[key]);

/** A parameter's name may begin with a slash and end with a version or a label. */
const ofParameter = (name: string): Need => ({
  action: 'ssm:GetParameter',
  resource: isArn(name) ? name : arn('ssm', `parameter/${name.replace(/^\//, '').replace(/:.*$/, '')}`),
});

/** ARNs of secrets end with six letters that the name does not tell. */
const ofSecret: Rule = (input) => {
  const id = named('SecretId', input);
  const resource = isArn(id) ? id : arn('secretsmanager', `secret:${id}-AbCdEf`);
  return [{ action: 'secretsmanager:GetSecretValue', resource }];
};

const RULES: Readonly<Record<string, Rule>> = {
  'dynamodb:GetItem': onTable('GetItem'),
  'dynamodb:Query': onTable('Query'),
  'dynamodb:PutItem': onTable('PutItem'),
  'dynamodb:UpdateItem': onTable('UpdateItem'),
  'dynamodb:DeleteItem': onTable('DeleteItem'),
  'dynamodb:TransactWriteItems': inTransaction({
    Put: 'PutItem',
    Update: 'UpdateItem',
    Delete: 'DeleteItem',
    ConditionCheck: 'ConditionCheckItem',
  }),
  'dynamodb:TransactGetItems': inTransaction({ Get: 'GetItem' }),
  // Its resource is a container instance, which a task on Fargate has not: only the condition tells the cluster.
  'ecs:ListTasks': (input) => [{ action: 'ecs:ListTasks', resource: '*', context: clusterOf(input).context }],
  'ecs:DescribeTasks': onEach('DescribeTasks', 'task', 'tasks'),
  'ecs:DescribeServices': onEach('DescribeServices', 'service', 'services'),
  'ecs:DescribeTaskDefinition': () => [{ action: 'ecs:DescribeTaskDefinition', resource: '*' }],
  's3:HeadObject': ofObject,
  's3:GetObject': ofObject,
  's3:GetBucketLifecycleConfiguration': (input) => [
    { action: 's3:GetLifecycleConfiguration', resource: `arn:aws:s3:::${named('Bucket', input)}` },
  ],
  's3:ListObjectsV2': (input) => [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${named('Bucket', input)}` }],
  's3:DeleteObjects': ofObjects,
  'sns:Publish': (input) => [{ action: 'sns:Publish', resource: named('TopicArn', input) }],
  'ssm:GetParameter': (input) => [ofParameter(named('Name', input))],
  'secretsmanager:GetSecretValue': ofSecret,
};
