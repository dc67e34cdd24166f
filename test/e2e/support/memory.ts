import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { clusterPk, orderItem, readMemory } from '../../../lib/adapters/dynamo-items.ts';
import type { Samples } from '../../../lib/core/health/samples.ts';
import type { Attempt, Order } from '../../../lib/core/model.ts';
import { clientConfig } from '../../../local/aws.ts';
import type { World } from '../../../local/world.ts';
import { productOutputs } from './stack.ts';

/** Looks at what the deployed product remembers, in its own table. */
export const connectMemory = (world: World): Memory => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(world.client)));
  const load = async (cluster: string) => {
    const { TableName } = await productOutputs(world);
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': clusterPk(cluster) },
      }),
    );
    return readMemory(Items);
  };
  const items = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { TableName } = await productOutputs(world);
    const found: Record<string, unknown>[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: from }));
      found.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  };
  return {
    items,
    clusters: async () =>
      (await items()).filter(({ pk }) => String(pk).startsWith('CLUSTERS#')).map(({ sk }) => String(sk)),
    attempts: async (cluster, job) => (await load(cluster)).jobs[job]?.attempts ?? [],
    samples: async (cluster) => (await load(cluster)).samples ?? {},
    order: async (cluster, order) => {
      const { TableName } = await productOutputs(world);
      await documents.send(new PutCommand({ TableName, Item: orderItem(cluster, order) }));
    },
    lose: async (cluster) => {
      const { TableName } = await productOutputs(world);
      for (const { pk, sk } of await items())
        if (pk === clusterPk(cluster) && sk !== 'LEASE')
          await documents.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
    },
    close: () => documents.destroy(),
  };
};

export type Memory = {
  /** All items of the table, of every partition. */
  items(): Promise<readonly unknown[]>;
  /** The names of the clusters that the product knows. */
  clusters(): Promise<readonly string[]>;
  /** The attempts of a job, oldest first. */
  attempts(cluster: string, job: string): Promise<readonly Attempt[]>;
  /** What is kept of the health of its jobs, by their names. */
  samples(cluster: string): Promise<Samples>;
  /** Leaves an order there, as `operate` does, without anybody looking. */
  order(cluster: string, order: Order): Promise<void>;
  /** What is kept of the cluster is gone but for the lease. */
  lose(cluster: string): Promise<void>;
  close(): void;
};
