import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { clientConfig } from '../../../local/aws.ts';
import { PRODUCT } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';

/** The outputs of the product's stack, as `serverless info --verbose` shows them. */
export const productOutputs = async (world: World): Promise<Readonly<Record<string, string>>> => {
  const { Outputs = [] } = await productStack(world);
  return Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
};

/** When the product's stack was last changed. */
export const lastDeployed = async (world: World): Promise<Date> => {
  const { LastUpdatedTime, CreationTime } = await productStack(world);
  const time = LastUpdatedTime ?? CreationTime;
  if (time === undefined) throw new Error('CloudFormation does not say when the stack was changed');
  return time;
};

const productStack = async ({ client }: World) => {
  const formation = new CloudFormationClient(clientConfig(client));
  try {
    const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName: PRODUCT }));
    if (Stacks[0] === undefined) throw new Error(`there is no stack ${PRODUCT}`);
    return Stacks[0];
  } finally {
    formation.destroy();
  }
};
