import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { clientConfig } from '../../../local/aws.ts';
import type { World } from '../../../local/world.ts';

/** A queue of the world that things are sent to, to see them. */
export const openQueue = async (world: World, name: string): Promise<Queue> => {
  const sqs = new SQSClient(clientConfig(world.client));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  sqs.destroy();
  return queueAt(world, QueueUrl);
};

/** A queue that is there. */
export const queueAt = async (world: World, QueueUrl: string): Promise<Queue> => {
  const sqs = new SQSClient(clientConfig(world.client));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const takeSome = async (): Promise<readonly string[]> => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.map(({ Body = '' }) => Body);
  };
  return {
    arn: Attributes?.QueueArn ?? '',
    take: async () => {
      const bodies: string[] = [];
      for (let some = await takeSome(); some.length > 0; some = await takeSome()) bodies.push(...some);
      return bodies;
    },
    close: () => sqs.destroy(),
  };
};

export type Queue = {
  readonly arn: string;
  /** Takes all that lies in it. */
  take(): Promise<readonly string[]>;
  close(): void;
};
