import { createHash } from 'node:crypto';
import { cut } from '../core/cut.ts';
import type { Alert } from '../ports.ts';

/** SNS takes 256 KB in all; each text is in the message four times, and JSON inside JSON may make it four times as long. */
const TEXT_MAX = 16_000;
const PART_MAX = 4_000;
/** Names, and texts that are short anyway. */
const NAME_MAX = 500;
const TITLE_MAX = 250;
const THREAD_MAX = 200;
const DIGEST_CHARS = 16;

/** What machines get, over SQS and over a webhook: the incident with all that was told of it, bounded. */
export const machineJson = (alert: Alert) => {
  const { cluster, state, severity, runbook, subject } = alert;
  // What other channels have heard, or are still to hear, is nobody's business.
  const { channels: _, ended: __, ...incident } = alert.incident;
  return {
    schema: 1,
    id: messageIdOf(alert),
    threadId: threadIdOf(alert),
    severity,
    cluster,
    state,
    subject: limit(subject, TITLE_MAX),
    text: textOf(alert),
    runbook: limit(runbook, NAME_MAX),
    incident: {
      ...limited(incident, NAME_MAX),
      ...limited({ what: incident.what, next: incident.next, fix: incident.fix }, PART_MAX),
    },
  };
};

/** The text for people, never empty. */
export const textOf = (alert: Alert): string =>
  limit(alert.text.trim() || alert.incident.what.trim() || alert.incident.code, TEXT_MAX);

/** One for each incident: one that returns later is another, however long its key is. */
export const threadIdOf = ({ incident, cluster }: Alert): string => {
  const id = `${incident.firstSeenMs}-${cluster}-${incident.key}`;
  if (id.length <= THREAD_MAX) return id;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, DIGEST_CHARS);
  return `${limit(id, THREAD_MAX - DIGEST_CHARS - 1)}-${digest}`;
};

/** The same again when the same message is repeated. */
export const messageIdOf = (alert: Alert): string =>
  [threadIdOf(alert), alert.state, ...(alert.count === undefined ? [] : [alert.count])].join('-');

/** The same with all texts in it of at most `max`. */
const limited = (fields: object, max: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? limit(value, max) : value]),
  );

/** At most `max` UTF-16 units, never half of a letter, and without control characters, which JSON makes six times as long. */
export const limit = (text: string, max: number): string => {
  const clean = text.slice(0, max + 1).replace(/[^\P{Cc}\n\t]/gu, ' ');
  return cut(clean, max);
};
