import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { clusterPk, readMemory } from '../../../lib/adapters/dynamo-items.ts';
import type { Attempt, Incident } from '../../../lib/core/model.ts';
import { clientConfig } from '../../../local/aws.ts';
import { PRODUCT } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';

/** Looks at what the deployed product remembers, in its own table. */
export const connectMemory = async (world: World): Promise<Memory> => {
  const outputs = await productOutputs(world);
  const table = outputs.TableName;
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(world.client)));
  const load = async (cluster: string) => {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': clusterPk(cluster) },
      }),
    );
    return readMemory(Items);
  };
  return {
    attempts: async (cluster, job) => (await load(cluster)).jobs[job]?.attempts ?? [],
    incidents: async (cluster) => (await load(cluster)).incidents,
    close: () => documents.destroy(),
  };
};

export type Memory = {
  /** The attempts of a job, oldest first. */
  attempts(cluster: string, job: string): Promise<readonly Attempt[]>;
  incidents(cluster: string): Promise<readonly Incident[]>;
  close(): void;
};

/** The outputs of the product's stack, as `serverless info --verbose` shows them. */
export const productOutputs = async ({ client }: World): Promise<Readonly<Record<string, string>>> => {
  const formation = new CloudFormationClient(clientConfig(client));
  const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName: PRODUCT }));
  formation.destroy();
  const outputs = Stacks[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
};
