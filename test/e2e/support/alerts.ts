import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { clientConfig } from '../../../local/aws.ts';
import type { World } from '../../../local/world.ts';
import { openQueue } from './queue.ts';
import { productOutputs } from './stack.ts';

/** Subscribes to the product's topic, as a machine that is told does. */
export const subscribe = async (world: World): Promise<Alerts> => {
  const queue = await openQueue(world, 'e2e-alerts');
  const { TopicArn } = await productOutputs(world);
  const sns = new SNSClient(clientConfig(world.client));
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queue.arn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  sns.destroy();
  const bodies: string[] = [];
  const take = async (): Promise<readonly string[]> => {
    bodies.push(...(await queue.take()));
    return bodies;
  };
  const messages = async (): Promise<readonly Message[]> => {
    const all = (await take()).map((body): Message | Alarm => JSON.parse(body));
    // Alarms publish to the same topic; the emulator rings them without regard to dimensions.
    return all.flatMap((message) => ('AlarmName' in message ? [] : [message]));
  };
  return {
    told: async () => (await messages()).map(toldOf),
    incidents: async () =>
      (await messages()).map(({ state, incident: { key, firstSeenMs } }) => ({ key, firstSeenMs, state })),
    bodies: take,
    close: () => queue.close(),
  };
};

export type Told = { readonly code: string; readonly state: string; readonly cluster: string; readonly job?: string };

/** One message of an incident: its key, and since when it is one. */
export type ToldIncident = { readonly key: string; readonly firstSeenMs: number; readonly state: string };

export type Alerts = {
  /** Everything that was told so far, in order. */
  told(): Promise<readonly Told[]>;
  /** The same, with what makes it one incident: a message that came again says the same. */
  incidents(): Promise<readonly ToldIncident[]>;
  /** All messages so far, as they came. */
  bodies(): Promise<readonly string[]>;
  close(): void;
};

type Message = {
  readonly cluster: string;
  readonly state: string;
  readonly incident: {
    readonly code: string;
    readonly job?: string;
    readonly key: string;
    readonly firstSeenMs: number;
  };
};

/** What CloudWatch publishes. */
type Alarm = { readonly AlarmName: string };

export const toldOf = ({ cluster, state, incident }: Message): Told => ({
  code: incident.code,
  state,
  cluster,
  ...(incident.job === undefined ? {} : { job: incident.job }),
});
