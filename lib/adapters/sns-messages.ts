import type { Alert } from '../ports.ts';

/** SNS takes 256 KB in all; each text is in the message four times, and JSON inside JSON may make it four times as long. */
const TEXT_MAX = 16_000;

/** Limits of SNS and of Amazon Q Developer in chat applications. */
const SUBJECT_MAX = 100;
const TITLE_MAX = 250;
const DESCRIPTION_MAX = 4_000;
const THREAD_MAX = 200;
const STEP_MAX = 350;

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

/** What Amazon Q Developer shows in a chat channel; one thread for each incident. */
const chat = ({ subject, incident, cluster, state }: Alert, text: string) => ({
  version: '1.0',
  source: 'custom',
  id: limit(`${incident.key}-${incident.firstSeenMs}-${state}`, THREAD_MAX),
  content: {
    textType: 'client-markdown',
    title: limit(subject.trim() || incident.code, TITLE_MAX),
    description: limit(text, DESCRIPTION_MAX),
    nextSteps: state === 'open' && incident.fix !== '' ? [limit(incident.fix, STEP_MAX)] : [],
    keywords: [cluster, ...(incident.job === undefined ? [] : [incident.job]), incident.code],
  },
  metadata: {
    threadId: limit(incident.key, THREAD_MAX),
    summary: limit(incident.what || incident.code, TITLE_MAX),
    eventType: incident.code,
    relatedResources: [cluster, ...(incident.job === undefined ? [] : [incident.job])],
    additionalContext: { state },
  },
});

const machine = ({ incident, cluster, state, subject }: Alert, text: string) => ({
  schema: 1,
  cluster,
  state,
  subject: limit(subject, TITLE_MAX),
  text,
  incident: {
    ...incident,
    what: limit(incident.what, DESCRIPTION_MAX),
    next: limit(incident.next, DESCRIPTION_MAX),
    fix: limit(incident.fix, DESCRIPTION_MAX),
  },
});

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
