import { randomBytes } from 'node:crypto';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoStore, documentOptions } from '../lib/adapters/dynamo-store.ts';
import type { ClusterMemory, Manifest } from '../lib/core/model.ts';
import type { AwsConfig, Provider } from './osls.ts';
import type { Memories } from './recorded-jobs.ts';

/** Enough for some dozen clusters; a deploy takes longer by itself. */
const READ_MS = 20_000;

/**
 * What the autopilot of the deployed stack remembers of the clusters; nothing where there is no stack yet. A deploy does not fail
 * for it: where it cannot be read, `say` tells what that means.
 */
export const deployedMemory = async (
  provider: Provider,
  { table, clusters, say }: MemoryOptions,
): Promise<Memories> => {
  try {
    const config = await provider.getAwsSdkV3Config();
    const stack = provider.naming.getStackName();
    const name = table ?? (await tableOf(stack, config));
    return name === undefined ? {} : await readMemories({ table: name, namespace: stack }, clusters, config);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    say(
      `What the autopilot remembers could not be read (${because}). A running job whose jar or secret has another name in the manifest now is started again by the order apply only, when it is lost.`,
    );
    return {};
  }
};

type MemoryOptions = {
  /** Where it is not the stack's own. */
  readonly table: string | undefined;
  readonly clusters: Manifest['clusters'];
  readonly say: (line: string) => void;
};

const readMemories = async (
  place: { readonly table: string; readonly namespace: string },
  clusters: Manifest['clusters'],
  config: AwsConfig,
): Promise<Memories> => {
  const client = new DynamoDBClient(config);
  const clock = { nowMs: Date.now, sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
  const store = createDynamoStore({
    clock,
    random: Math.random,
    chance: { hex: (bytes) => randomBytes(bytes).toString('hex') },
    client: DynamoDBDocumentClient.from(client, documentOptions),
    ...place,
  });
  const deadlineMs = clock.nowMs() + READ_MS;
  const memories: Record<string, ClusterMemory> = {};
  try {
    for (const { name } of clusters) memories[name] = await store.load(name, deadlineMs);
  } finally {
    client.destroy();
  }
  return memories;
};

const tableOf = async (StackName: string, config: AwsConfig): Promise<string | undefined> => {
  const client = new CloudFormationClient(config);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'TableName')?.OutputValue;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message.includes('does not exist')) return undefined;
    throw thrown;
  } finally {
    client.destroy();
  }
};
