import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { createSnsAlerts } from '../../lib/adapters/sns-alerts.ts';
import { type AwsAnswer, type AwsStub, quickTiming, startAwsStub } from '../support/aws-stub.ts';
import { alertsCases, type Received } from './suites/alerts.ts';

/** A topic as SNS documents it: what AWS refuses and the emulator takes is refused here. */
describe('alerts keep the contract on an SNS that is as strict as the real one', () => {
  const topicArn = 'arn:aws:sns:eu-west-1:000000000000:alerts';
  const queue: Received[] = [];
  let stub: AwsStub;
  let client: SNSClient;

  const publish = (body: string): AwsAnswer => {
    const fields = new URLSearchParams(body);
    if (fields.get('TopicArn') !== topicArn) return error('NotFound', 404);
    const Message = JSON.parse(fields.get('Message') ?? '');
    const Subject = fields.get('Subject') ?? '';
    const tooLong = Buffer.byteLength(fields.get('Message') ?? '') > 262_144;
    if (!/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(Subject) || !Message.default || tooLong)
      return error('InvalidParameter', 400);
    queue.push({ Subject, Message: Message.sqs, attributes: attributesOf(fields) });
    return { body: '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>' };
  };

  beforeAll(async () => {
    stub = await startAwsStub(({ body }) => publish(body));
    client = new SNSClient(stub.clientOptions);
  });
  afterAll(async () => {
    client.destroy();
    await stub.close();
  });

  const receive = async (): Promise<Received> => {
    const received = queue.shift();
    if (received === undefined) throw new Error('nothing was published');
    return received;
  };
  const alertsOn = (arn: string) => createSnsAlerts({ ...quickTiming, client, topicArn: arn });
  for (const { name, run } of alertsCases) {
    test(name, () => run({ alerts: alertsOn(topicArn), absent: alertsOn(`${topicArn}-absent`), receive }));
  }
});

const error = (code: string, status: number): AwsAnswer => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>x</Message></Error></ErrorResponse>`,
});

const attributesOf = (fields: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [1, 2, 3, 4, 5].flatMap((n) => {
      const name = fields.get(`MessageAttributes.entry.${n}.Name`);
      return name === null ? [] : [[name, fields.get(`MessageAttributes.entry.${n}.Value.StringValue`) ?? '']];
    }),
  );
