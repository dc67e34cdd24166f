import type { Alert } from '../ports.ts';
import { limit, machineJson, messageIdOf, textOf, threadIdOf } from './machine-json.ts';

/** Limits of SNS and of Amazon Q Developer in chat applications. */
const SUBJECT_MAX = 100;
const TITLE_MAX = 250;
const DESCRIPTION_MAX = 4_000;
const STEP_MAX = 350;

/** One alert for every kind of subscriber: text for people, a chat schema for https, plain JSON for machines. */
export const snsMessage = (alert: Alert): SnsMessage => {
  const text = textOf(alert);
  return {
    Subject: subjectOf(alert),
    MessageStructure: 'json',
    Message: JSON.stringify({
      default: text,
      email: text,
      https: JSON.stringify(chat(alert, text)),
      sqs: JSON.stringify(machineJson(alert)),
    }),
    MessageAttributes: attributes({
      severity: alert.severity,
      cluster: alert.cluster,
      job: alert.incident.job,
      kind: alert.incident.code,
      state: alert.state,
    }),
  };
};

export type SnsMessage = {
  readonly Subject: string;
  readonly MessageStructure: 'json';
  readonly Message: string;
  readonly MessageAttributes: Record<string, { DataType: 'String'; StringValue: string }>;
};

/** SNS refuses a subject over 100 characters, with a line break, or outside printable ASCII. */
const subjectOf = ({ subject, state, incident }: Alert): string => {
  const plain = subject
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[–—]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
  const fallback = `Flink Autopilot: ${incident.code} ${state}`;
  return (plain === '' ? fallback : plain).slice(0, SUBJECT_MAX).trim();
};

/** What Amazon Q Developer shows in a chat channel: messages with one thread id are one thread, so that it is the incident's own. */
const chat = (alert: Alert, text: string) => {
  const { subject, incident, cluster, state, severity } = alert;
  const where = [cluster, ...(incident.job === undefined ? [] : [incident.job])];
  return {
    version: '1.0',
    source: 'custom',
    id: messageIdOf(alert),
    content: {
      textType: 'client-markdown',
      title: limit(subject.trim() || incident.code, TITLE_MAX),
      description: limit(text, DESCRIPTION_MAX),
      nextSteps: state !== 'closed' && incident.fix !== '' ? [limit(incident.fix, STEP_MAX)] : [],
      keywords: [...where, incident.code],
    },
    metadata: {
      threadId: threadIdOf(alert),
      summary: limit(incident.what || incident.code, TITLE_MAX),
      eventType: incident.code,
      relatedResources: where,
      additionalContext: { state, severity },
    },
  };
};

/** For filter policies; SNS refuses an empty value. */
const attributes = (values: Readonly<Record<string, string | undefined>>): SnsMessage['MessageAttributes'] =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, { DataType: 'String', StringValue: value }] as const],
    ),
  );
