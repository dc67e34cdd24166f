import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  type FunctionConfiguration,
  LambdaClient,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../local/aws.ts';
import { PRODUCT } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';
import { readStatements, type Statement } from './iam/policy.ts';

/** The role of each of the product's functions, by the function's name. */
export type Roles = Readonly<Record<string, Role>>;

/** What a function may do, and what makes Lambda itself act with its role. */
export type Role = {
  readonly statements: readonly Statement[];
  /** ARN of the queue for events that failed. */
  readonly failureDestination?: string;
  readonly inVpc: boolean;
};

/** What Lambda and IAM say now. */
export const readRoles = async ({ client }: World): Promise<Roles> => {
  const iam = new IAMClient(clientConfig(client));
  const lambda = new LambdaClient(clientConfig(client));
  try {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const ours = Functions.filter(({ FunctionName }) => FunctionName?.startsWith(`${PRODUCT}-`));
    const roles = ours.map(async (one) => [one.FunctionName ?? '', await roleOf(iam, lambda, one)] as const);
    return Object.fromEntries(await Promise.all(roles));
  } finally {
    iam.destroy();
    lambda.destroy();
  }
};

const roleOf = async (iam: IAMClient, lambda: LambdaClient, one: FunctionConfiguration): Promise<Role> => {
  const { FunctionName, Role: arn = '', VpcConfig } = one;
  const invoked = await lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }));
  const failureDestination = invoked.FunctionEventInvokeConfigs?.[0]?.DestinationConfig?.OnFailure?.Destination;
  return {
    statements: await statementsOf(iam, arn.slice(arn.lastIndexOf('/') + 1)),
    ...(failureDestination === undefined ? {} : { failureDestination }),
    inVpc: (VpcConfig?.SubnetIds ?? []).length > 0,
  };
};

/** Policies inside a role, then those attached to it. */
const statementsOf = async (iam: IAMClient, RoleName: string): Promise<readonly Statement[]> => {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const inside = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return readStatements(PolicyName, PolicyDocument);
  });
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const attached = AttachedPolicies.map(async ({ PolicyArn }) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const which = { PolicyArn, VersionId: Policy?.DefaultVersionId };
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(which));
    return readStatements(Policy?.PolicyName ?? '', PolicyVersion?.Document, true);
  });
  return (await Promise.all([...inside, ...attached])).flat();
};
