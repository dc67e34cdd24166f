import assert from 'node:assert/strict';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createSnsAlerts } from '../../../lib/adapters/sns-alerts.ts';
import type { Alert, Alerts } from '../../../lib/ports.ts';
import { type AwsPlace, chance, clientOptions, timing } from './aws-live.ts';
import { type Case, expectFault, waitFor } from './case.ts';
import { exampleIncident } from './store/examples.ts';

/** Alerts, and what a machine that is subscribed to them receives. */
export type AlertsTarget = {
  readonly alerts: Alerts;
  /** The next message, with its subject and attributes. */
  readonly receive: () => Promise<Received>;
  /** On a topic that does not exist. */
  readonly absent: Alerts;
};

export type Received = {
  readonly Subject: string;
  readonly Message: string;
  readonly attributes: Record<string, string>;
};

/** A topic of its own with a queue behind it. */
export const snsTarget = async (place: AwsPlace): Promise<AlertsTarget & { close: () => void }> => {
  const sns = new SNSClient(clientOptions(place));
  const sqs = new SQSClient(clientOptions(place));
  const name = `contract-${chance.hex(6)}`;
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const Endpoint = (await sqs.send(asked)).Attributes?.QueueArn ?? '';
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  const take = async () => {
    const answer = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    const [message] = answer.Messages ?? [];
    if (message === undefined) return undefined;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    return received(JSON.parse(message.Body ?? ''));
  };
  return {
    alerts: createSnsAlerts({ ...timing, client: sns, topicArn: TopicArn }),
    absent: createSnsAlerts({ ...timing, client: sns, topicArn: `${TopicArn}-absent` }),
    receive: async () => {
      const got = await waitFor('a message', take, (message) => message !== undefined);
      return got ?? assert.fail('no message');
    },
    close: () => {
      sns.destroy();
      sqs.destroy();
    },
  };
};

type Envelope = { Subject: string; Message: string; MessageAttributes: Record<string, { Value: string }> };

const received = ({ Subject, Message, MessageAttributes }: Envelope): Received => ({
  Subject,
  Message,
  attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value])),
});

const soon = () => Date.now() + 10_000;

const opening: Alert = {
  subject: 'orders on realtime: main() threw',
  parts: [['What', 'main() threw: refused']],
  text: 'main() threw: refused\nsince 12:00',
  incident: exampleIncident,
  cluster: 'realtime',
  state: 'open',
  severity: 'critical',
  runbook: 'docs/runbook/MAIN_THREW.md',
};

/** What subscribers can rely on. */
export const alertsCases: readonly Case<AlertsTarget>[] = [
  {
    name: 'an opening and its closing arrive under one incident key, with attributes to filter by',
    run: async ({ alerts, receive }) => {
      const closed = { ...exampleIncident, state: 'closed', closedMs: exampleIncident.lastSeenMs + 1 } as const;
      for (const alert of [opening, { ...opening, state: 'closed', incident: closed } as const]) {
        await alerts.publish(alert, soon());
        const message = await receive();
        assert.equal(message.Subject, opening.subject);
        const attributes = {
          severity: 'critical',
          cluster: 'realtime',
          job: 'orders',
          kind: 'MAIN_THREW',
          state: alert.state,
        };
        assert.deepEqual(message.attributes, attributes);
        const { incident, text, state } = JSON.parse(message.Message);
        assert.deepEqual(
          { incident, text, state },
          { incident: alert.incident, text: opening.text, state: alert.state },
        );
      }
    },
  },
  {
    name: 'a message of any length and any letters passes (F79)',
    run: async ({ alerts, receive }) => {
      const huge = '"\\\n値'.repeat(200_000);
      const incident = { ...exampleIncident, what: huge, next: huge, fix: huge };
      await alerts.publish({ ...opening, subject: huge, text: huge, incident }, soon());
      const { Subject, Message } = await receive();
      assert.match(Subject, /^[\x20-\x7e]{1,100}$/);
      assert.equal(JSON.parse(Message).incident.key, exampleIncident.key);
    },
  },
  {
    name: 'a topic that is not there is said so',
    run: async ({ absent }) => {
      await expectFault(absent.publish(opening, soon()), 'rejected', 'ALERTS_TOPIC_MISSING');
    },
  },
];
