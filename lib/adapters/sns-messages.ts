import type { Alert } from '../ports.ts';

/** SNS takes 256 KB in all; each text is in the message four times, and JSON inside JSON may make it four times as long. */
const TEXT_MAX = 16_000;

/** Limits of SNS and of Amazon Q Developer in chat applications. */
const SUBJECT_MAX = 100;
const TITLE_MAX = 250;
const DESCRIPTION_MAX = 4_000;
const THREAD_MAX = 200;
const STEP_MAX = 350;

/** Names, and texts that are short anyway. */
const NAME_MAX = 500;

/** One alert for every kind of subscriber: text for people, a chat schema for https, plain JSON for machines. */
export const snsMessage = (alert: Alert): SnsMessage => {
  const text = limit(alert.text.trim() || alert.incident.what.trim() || alert.incident.code, TEXT_MAX);
  return {
    Subject: subjectOf(alert),
    MessageStructure: 'json',
    Message: JSON.stringify({
      default: text,
      email: text,
      https: JSON.stringify(chat(alert, text)),
      sqs: JSON.stringify(machine(alert, text)),
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
      nextSteps: state === 'open' && incident.fix !== '' ? [limit(incident.fix, STEP_MAX)] : [],
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

/** One for each incident: one that returns later is another. The time comes first, so that no length can cut it off. */
const threadIdOf = ({ incident, cluster }: Alert): string =>
  limit(`${incident.firstSeenMs}-${cluster}-${incident.key}`, THREAD_MAX);

/** The same again when the same message is repeated. */
const messageIdOf = (alert: Alert): string => `${threadIdOf(alert)}-${alert.state}`;

const machine = (alert: Alert, text: string) => {
  const { incident, cluster, state, severity, runbook, subject } = alert;
  return {
    schema: 1,
    id: messageIdOf(alert),
    threadId: threadIdOf(alert),
    severity,
    cluster,
    state,
    subject: limit(subject, TITLE_MAX),
    text,
    runbook: limit(runbook, NAME_MAX),
    incident: {
      ...limited(incident, NAME_MAX),
      ...limited({ what: incident.what, next: incident.next, fix: incident.fix }, DESCRIPTION_MAX),
    },
  };
};

/** The same with all texts in it of at most `max`. */
const limited = (fields: object, max: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? limit(value, max) : value]),
  );

/** For filter policies; SNS refuses an empty value. */
const attributes = (values: Readonly<Record<string, string | undefined>>): SnsMessage['MessageAttributes'] =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, { DataType: 'String', StringValue: value }] as const],
    ),
  );

/** At most `max` UTF-16 units, never half of a letter, and without control characters, which JSON makes six times as long. */
const limit = (text: string, max: number): string => {
  const clean = text.slice(0, max + 1).replace(/[^\P{Cc}\n\t]/gu, ' ');
  const fitting = clean.length <= max ? clean : `${clean.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
  return fitting.toWellFormed();
};
