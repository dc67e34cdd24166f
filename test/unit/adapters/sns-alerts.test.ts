import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, test } from 'vitest';
import { createSnsAlerts } from '../../../lib/adapters/sns-alerts.ts';
import { snsMessage } from '../../../lib/adapters/sns-messages.ts';
import type { Alert } from '../../../lib/ports.ts';
import { exampleIncident } from '../../contract/suites/store/examples.ts';
import { type AwsAnswer, quickTiming, startAwsStub } from '../../support/aws-stub.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const alert: Alert = {
  subject: 'orders on realtime: main() threw',
  parts: [['What', 'main() threw: refused']],
  text: 'main() threw: refused\nsince 12:00',
  incident: exampleIncident,
  cluster: 'realtime',
  state: 'open',
  severity: 'critical',
  runbook: 'docs/runbook/MAIN_THREW.md',
};

const parts = (one: Alert) => {
  const { default: fallback, email, https, sqs } = JSON.parse(snsMessage(one).Message);
  return { fallback, email, chat: JSON.parse(https), machine: JSON.parse(sqs) };
};

describe('a subject', () => {
  test.each([
    ['orders: main() threw', 'orders: main() threw'],
    ['two\nlines\r\n and\ttabs', 'two lines and tabs'],
    ['Überfällig – naïve', 'Uberfallig - naive'],
    ['値 is 5 ☕', '? is 5 ?'],
    ['', 'Flink Autopilot: MAIN_THREW open'],
    [' \n ', 'Flink Autopilot: MAIN_THREW open'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['x'.repeat(101), 'x'.repeat(100)],
    [`${'x'.repeat(99)} y`, 'x'.repeat(99)],
  ])('%j is what SNS takes', (subject, expected) => {
    expect(snsMessage({ ...alert, subject }).Subject).toBe(expected);
  });
});

describe('a message', () => {
  test('has a text for people and for whoever else is subscribed', () => {
    const { fallback, email } = parts(alert);
    expect([fallback, email]).toEqual([alert.text, alert.text]);
    expect(snsMessage(alert).MessageStructure).toBe('json');
  });

  test('is never empty', () => {
    expect(parts({ ...alert, text: ' \n' }).fallback).toBe(exampleIncident.what);
    const bare = { ...exampleIncident, what: '' };
    expect(parts({ ...alert, text: '', incident: bare }).fallback).toBe('MAIN_THREW');
  });

  test('is one thread of a chat for each incident, in the schema that chat takes', () => {
    const { chat } = parts(alert);
    expect(chat).toMatchObject({ version: '1.0', source: 'custom' });
    expect(chat.content).toEqual({
      textType: 'client-markdown',
      title: alert.subject,
      description: alert.text,
      nextSteps: [exampleIncident.fix],
      keywords: ['realtime', 'orders', 'MAIN_THREW'],
    });
    expect(chat.metadata).toMatchObject({ eventType: 'MAIN_THREW', additionalContext: { severity: 'critical' } });
    const closed = parts({ ...alert, state: 'closed' }).chat;
    expect(closed.metadata.threadId).toBe(chat.metadata.threadId);
    expect(closed.id).not.toBe(chat.id);
    expect(closed.content.nextSteps).toEqual([]);
  });

  test.each([
    ['returns later', { ...alert, incident: { ...exampleIncident, firstSeenMs: exampleIncident.firstSeenMs + 1 } }],
    ['is the same of another cluster', { ...alert, cluster: 'batch' }],
    [
      'differs at the end of a long key only',
      { ...alert, incident: { ...exampleIncident, key: `${'x'.repeat(300)}b` } },
      { ...alert, incident: { ...exampleIncident, key: `${'x'.repeat(300)}a` } },
    ],
    ['is another of the same job', { ...alert, incident: { ...exampleIncident, key: 'JOB_FAILED#orders' } }],
  ])('is another thread, under another id, where the incident %s', (_, other, first = alert) => {
    const [one, two] = [parts(first).chat, parts(other).chat];
    expect(two.metadata.threadId.length).toBeLessThanOrEqual(200);
    expect(two.metadata.threadId).not.toBe(one.metadata.threadId);
    expect(two.id).not.toBe(one.id);
  });

  test('has the same id for people and machines, which a repetition has, too', () => {
    const { chat, machine } = parts(alert);
    expect([machine.id, machine.threadId]).toEqual([chat.id, chat.metadata.threadId]);
    const later = { ...exampleIncident, what: 'main() threw: timed out', lastSeenMs: exampleIncident.lastSeenMs + 1 };
    expect(parts({ ...alert, incident: later }).chat.id).toBe(chat.id);
  });

  test('tells machines the whole incident', () => {
    expect(parts(alert).machine).toMatchObject({
      schema: 1,
      cluster: 'realtime',
      state: 'open',
      severity: 'critical',
      runbook: 'docs/runbook/MAIN_THREW.md',
      incident: exampleIncident,
    });
  });

  test('of a cluster as a whole has no job', () => {
    const { job: _, ...incident } = exampleIncident;
    const message = snsMessage({ ...alert, incident });
    expect(Object.keys(message.MessageAttributes)).toEqual(['severity', 'cluster', 'kind', 'state']);
    expect(parts({ ...alert, incident }).chat.content.keywords).toEqual(['realtime', 'MAIN_THREW']);
  });

  test.each(['\u0001', '"', '\\', '値', '😀', '\ud800'])(
    'of nothing but %j stays below 256 KB, whole letters only (F79)',
    (letter) => {
      const huge = letter.repeat(1_000_000);
      const incident = { ...exampleIncident, what: huge, next: huge, fix: huge };
      const message = snsMessage({ ...alert, subject: huge, text: huge, incident });
      const attributes = JSON.stringify(message.MessageAttributes);
      expect(Buffer.byteLength(message.Message) + Buffer.byteLength(attributes)).toBeLessThan(262_144);
      expect(message.Message.isWellFormed()).toBe(true);
      expect(parts({ ...alert, text: huge }).fallback.isWellFormed()).toBe(true);
    },
  );
});

describe('publishing', () => {
  const alertsThat = async (...answers: [AwsAnswer, ...AwsAnswer[]]) => {
    let asked = 0;
    const stub = await startAwsStub(() => {
      asked += 1;
      return answers[asked - 1] ?? answers.at(-1) ?? answers[0];
    });
    const client = new SNSClient(stub.clientOptions);
    cleanups.push(stub.close, () => client.destroy());
    const topicArn = 'arn:aws:sns:eu-west-1:000000000000:alerts';
    return { alerts: createSnsAlerts({ ...quickTiming, client, topicArn }), requests: stub.requests };
  };
  const published = {
    body: '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
  };
  const snsError = (code: string, status: number) => ({
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code} it is</Message></Error></ErrorResponse>`,
  });
  const soon = () => Date.now() + 5_000;

  test('carries topic, subject and attributes', async () => {
    const { alerts, requests } = await alertsThat(published);
    await alerts.publish(alert, soon());
    const sent = new URLSearchParams(requests[0]?.body);
    expect(sent.get('Subject')).toBe(alert.subject);
    expect(sent.get('TopicArn')).toMatch(/:alerts$/);
    expect(sent.get('MessageAttributes.entry.2.Name')).toBe('cluster');
    expect(sent.get('MessageAttributes.entry.2.Value.StringValue')).toBe('realtime');
  });

  test('is tried again when its answer was lost: the same incident key (F73)', async () => {
    const { alerts, requests } = await alertsThat('break', published);
    await alerts.publish(alert, soon());
    expect(requests[1]?.body).toBe(requests[0]?.body);
  });

  test.each([
    [snsError('AuthorizationError', 403), 'rejected', 'ALERTS_DENIED'],
    [snsError('KMSAccessDenied', 400), 'rejected', 'ALERTS_DENIED'],
    [snsError('NotFound', 404), 'rejected', 'ALERTS_TOPIC_MISSING'],
    [snsError('Throttled', 429), 'transient', 'ALERTS_UNAVAILABLE'],
    [snsError('InternalError', 500), 'unknown-outcome', 'ALERTS_UNAVAILABLE'],
    ['break', 'unknown-outcome', 'ALERTS_UNAVAILABLE'],
    [snsError('InvalidParameter', 400), 'bug', 'AWS_REQUEST'],
  ] as const)('that gets %j is %s %s', async (answer, kind, code) => {
    const { alerts } = await alertsThat(answer);
    await expect(alerts.publish(alert, soon())).rejects.toMatchObject({ kind, code });
  });
});
