import { ACCOUNT, REGION } from '../../../../local/aws.ts';
import type { Role } from '../roles.ts';
import type { Need } from './evaluate.ts';

/** What Lambda itself does with a function's role: no call of ours, and yet the role must allow it. Nothing else may be here. */
export const platformNeeds = (functionName: string, { failureDestination, inVpc }: Role): readonly Need[] => [
  // It writes what the function prints; the group is made by the stack.
  ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
    action,
    resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/${functionName}:log-stream:2026/01/01/[$LATEST]0`,
  })),
  // It sends an event whose function failed to the function's destination.
  ...(failureDestination === undefined ? [] : [{ action: 'sqs:SendMessage', resource: failureDestination }]),
  // It makes and removes the network interfaces of a function in a VPC.
  ...(inVpc ? NETWORK.map((action) => ({ action: `ec2:${action}`, resource: '*' })) : []),
];

const NETWORK = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'DeleteNetworkInterface',
  'AssignPrivateIpAddresses',
  'UnassignPrivateIpAddresses',
];
