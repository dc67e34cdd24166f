import type { Manifest } from '../lib/core/model.ts';
import { type Statement, statementsOf } from './manifest-statements.ts';
import type { Options } from './options.ts';
import type { FunctionDefinition, Resource } from './osls.ts';

/** IAM's limit of a managed policy, which counts no white space, less its frame. */
const STATEMENTS_CHARS_MAX = 6_144 - 144;
/** IAM's default quota of managed policies on one role. */
export const POLICIES_MAX = 10;

/**
 * One role for each function (under the logical name that its `role` says) and the policies that follow from the manifest.
 * Throws an Error when the manifest asks for more than IAM lets one role hold.
 */
export const permissionResources = (
  manifest: Manifest,
  functions: Readonly<Record<string, FunctionDefinition>>,
  options: Pick<Options, 'vpc' | 'encryptAlerts'>,
): Record<string, Resource> => {
  const policies = pack(statementsOf(manifest)).map(
    (statements, i) => [`ManifestPolicy${i + 1}`, policyOf(statements)] as const,
  );
  if (policies.length > POLICIES_MAX) {
    throw new Error(
      `The jars and secrets of the manifest need ${policies.length} IAM policies and a role takes ${POLICIES_MAX}: keep them in fewer objects and secrets, or deploy two stages.`,
    );
  }
  const ids = policies.map(([id]) => id);
  const roles = Object.values(functions).map(
    (definition) => [definition.role, roleOf(definition, ids, options)] as const,
  );
  return Object.fromEntries([...policies, ...roles]);
};

/** As few policies as hold all statements. */
const pack = (statements: readonly Statement[]): Statement[][] => {
  const packs: Statement[][] = [];
  for (const statement of statements) {
    const last = packs.at(-1);
    if (last !== undefined && renderedChars([...last, statement]) <= STATEMENTS_CHARS_MAX) last.push(statement);
    else packs.push([statement]);
  }
  return packs;
};

/** The length after CloudFormation has filled in the longest partition, region and account there are. */
const renderedChars = (statements: readonly Statement[]): number =>
  JSON.stringify(statements)
    .replaceAll('{"Fn::Sub":', '')
    .replaceAll(/\$\{AWS::Partition\}/g, 'aws-us-gov')
    .replaceAll(/\$\{AWS::Region\}/g, 'ap-southeast-99')
    .replaceAll(/\$\{AWS::AccountId\}/g, '123456789012')
    .replaceAll(/\$\{AWS::URLSuffix\}/g, 'amazonaws.com.cn').length;

const policyOf = (statements: readonly Statement[]): Resource => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    // Never change it: another description is another policy, and a role full of policies has no place for both during an update.
    Description: 'What the manifest of Flink Autopilot names: clusters to look at and jars to read',
    PolicyDocument: { Version: '2012-10-17', Statement: statements },
  },
});

const roleOf = (
  definition: FunctionDefinition,
  policyIds: readonly string[],
  { vpc, encryptAlerts }: Pick<Options, 'vpc' | 'encryptAlerts'>,
): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    Description: `Execution role of ${definition.name}`,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    ManagedPolicyArns: policyIds.map((Ref) => ({ Ref })),
    Policies: [
      {
        PolicyName: 'function',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            ...ownStatements(definition),
            ...(encryptAlerts ? [ALERTS_KEY] : []),
            ...(vpc === undefined ? [] : [NETWORK]),
          ],
        },
      },
    ],
  },
});

const ownStatements = ({ name, destinations }: FunctionDefinition): Statement[] => [
  {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: {
      'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${name}:*`,
    },
  },
  {
    Effect: 'Allow',
    // A transaction has no action of its own: each part of it is allowed or refused by its kind. What is deleted are orders that
    // were carried out, a pause that is over, and the name of a cluster that left the manifest; a person's order is a put like any other.
    Action: ['Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`),
    Resource: { 'Fn::GetAtt': ['Memory', 'Arn'] },
  },
  { Effect: 'Allow', Action: ['sns:Publish'], Resource: { Ref: 'Alerts' } },
  // Lambda writes failed asynchronous events with the function's own role.
  ...(destinations === undefined ? [] : [FAILED_EVENTS]),
];

const FAILED_EVENTS: Statement = {
  Effect: 'Allow',
  Action: ['sqs:SendMessage'],
  Resource: { 'Fn::GetAtt': ['FailedEvents', 'Arn'] },
};

/** SNS encrypts and reads a message in the name of who publishes it. */
const ALERTS_KEY: Statement = {
  Effect: 'Allow',
  Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  Resource: { 'Fn::GetAtt': ['AlertsKey', 'Arn'] },
};

/** Lambda makes the network interfaces of a function with the function's role; EC2 offers no narrower resource for these. */
const NETWORK: Statement = {
  Effect: 'Allow',
  Action: [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  Resource: '*',
};
