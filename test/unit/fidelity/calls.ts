import type { Statement } from '../../e2e/fidelity/iam/policy.ts';
import type { Models, ServiceModel } from '../../e2e/fidelity/model/model.ts';
import type { RecordedCall, RecordedRoles, Recording } from '../../e2e/fidelity/recording.ts';

export const CALLER = 'flink-autopilot-dev-health-check';

const ACCOUNT = 'eu-west-1:000000000000';
export const TABLE = `arn:aws:dynamodb:${ACCOUNT}:table/memory`;
export const QUEUE = `arn:aws:sqs:${ACCOUNT}:failed`;
export const ECS = `arn:aws:ecs:${ACCOUNT}`;

const TYPES = {
  Name: { type: 'string', min: 3, max: 8, pattern: '[a-z]+' },
  Kind: { type: 'string', enum: ['ALL', 'NONE'] },
  Count: { type: 'integer', min: 1, max: 10 },
  Flag: { type: 'boolean' },
  Bytes: { type: 'blob' },
  Names: { type: 'list', member: { shape: 'Name' }, max: 2 },
  Either: { type: 'structure', union: true, members: { A: { shape: 'Flag' }, B: { shape: 'Flag' } } },
  Tags: {
    type: 'map',
    key: { shape: 'Name', locationName: 'Name' },
    value: { shape: 'Tag', locationName: 'Value' },
  },
  Tag: { type: 'structure', required: ['Text'], members: { Text: { shape: 'Name' } } },
} as const;

const MEMBERS = {
  Name: { shape: 'Name' },
  Kind: { shape: 'Kind' },
  Count: { shape: 'Count' },
  Flag: { shape: 'Flag' },
  Bytes: { shape: 'Bytes' },
  Names: { shape: 'Names' },
  Either: { shape: 'Either' },
  Tags: { shape: 'Tags' },
} as const;

const post = { method: 'POST', requestUri: '/' };

/** A service with one operation `Put`, whose one required member is `Name`. */
const service = (protocol: 'json' | 'query'): ServiceModel => ({
  metadata: { protocol, targetPrefix: 'Made_1' },
  operations: { Put: { name: 'Put', http: post, input: { shape: 'PutInput' } } },
  shapes: { ...TYPES, PutInput: { type: 'structure', required: ['Name'], members: MEMBERS } },
});

const objects: ServiceModel = {
  metadata: { protocol: 'rest-xml' },
  operations: {
    GetObject: {
      name: 'GetObject',
      http: { method: 'GET', requestUri: '/{Bucket}/{Key+}' },
      input: { shape: 'ObjectInput' },
    },
    DeleteObjects: {
      name: 'DeleteObjects',
      http: { method: 'POST', requestUri: '/{Bucket}?delete' },
      httpChecksum: { requestChecksumRequired: true },
      input: { shape: 'DeleteInput' },
    },
    GetTagging: {
      name: 'GetTagging',
      http: { method: 'GET', requestUri: '/{Bucket}/{Key+}?tagging' },
      input: { shape: 'ObjectInput' },
    },
  },
  shapes: {
    Text: { type: 'string' },
    Part: { type: 'integer' },
    Quiet: { type: 'boolean' },
    Delete: {
      type: 'structure',
      members: {
        Objects: { shape: 'Objects', locationName: 'Object' },
        Reasons: { shape: 'Reasons' },
        Quiet: { shape: 'Quiet' },
      },
    },
    Objects: { type: 'list', member: { shape: 'Identifier' }, flattened: true },
    Reasons: { type: 'list', member: { shape: 'Text' } },
    Identifier: { type: 'structure', members: { Key: { shape: 'Text' } } },
    DeleteInput: {
      type: 'structure',
      members: {
        Bucket: { shape: 'Text', location: 'uri', locationName: 'Bucket' },
        Delete: { shape: 'Delete', locationName: 'Delete' },
      },
      payload: 'Delete',
    },
    ObjectInput: {
      type: 'structure',
      required: ['Bucket', 'Key'],
      members: {
        Bucket: { shape: 'Text', location: 'uri', locationName: 'Bucket' },
        Key: { shape: 'Text', location: 'uri', locationName: 'Key' },
        VersionId: { shape: 'Text', location: 'querystring', locationName: 'versionId' },
        PartNumber: { shape: 'Part', location: 'querystring', locationName: 'partNumber' },
        IfMatch: { shape: 'Text', location: 'header', locationName: 'If-Match' },
      },
    },
  },
};

/** Two of our services with fewer operations, and two that are made up. */
export const models: Models = (name) => {
  switch (name) {
    case 'made':
      return service('json');
    case 'form':
      return service('query');
    case 's3':
      return objects;
    case 'dynamodb':
      return memory;
    default:
      return undefined;
  }
};

const memory: ServiceModel = {
  metadata: { protocol: 'json', targetPrefix: 'DynamoDB_20120810' },
  operations: Object.fromEntries(
    ['Query', 'PutItem', 'Scan'].map((name) => [name, { name, http: post, input: { shape: 'Input' } }]),
  ),
  shapes: {
    Text: { type: 'string' },
    Input: { type: 'structure', required: ['TableName'], members: { TableName: { shape: 'Text' } } },
  },
};

export const callOf = (changes: Partial<RecordedCall>): RecordedCall => ({
  kind: 'call',
  atMs: 2_000,
  caller: CALLER,
  service: 'dynamodb',
  method: 'POST',
  url: '/',
  headers: {},
  body: '',
  status: 200,
  ...changes,
});

/** A call of DynamoDB on the table of the role below. */
export const memoryCall = (operation: string, input: object = { TableName: 'memory' }): RecordedCall =>
  callOf({ headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` }, body: JSON.stringify(input) });

export const statement = (changes: Partial<Statement>): Statement => ({
  name: 'function[0]',
  shared: false,
  effect: 'Allow',
  actions: ['dynamodb:Query'],
  resources: [TABLE],
  conditions: {},
  ...changes,
});

/** What Lambda needs of every role here. */
export const LAMBDAS_OWN: readonly Statement[] = [
  statement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`arn:aws:logs:${ACCOUNT}:log-group:/aws/lambda/${CALLER}:*`],
  }),
  statement({ actions: ['sqs:SendMessage'], resources: [QUEUE] }),
];

export const rolesOf = (statements: readonly Statement[], seenMs = 1_000, sinceMs = seenMs): RecordedRoles => ({
  kind: 'roles',
  sinceMs,
  seenMs,
  roles: { [CALLER]: { statements, failureDestination: QUEUE, inVpc: false } },
});

export const recordingOf = (lines: Recording['lines']): Recording => ({ name: 'stage', lines });
