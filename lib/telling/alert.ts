import type { Incident } from '../core/model.ts';
import { severityOf } from '../core/problems.ts';
import { isFlapping } from '../core/telling/flapping.ts';
import { tellingLimits } from '../core/telling/limits.ts';
import { type Channel, endOf, marksOf } from '../core/telling/marks.ts';
import { utc } from '../core/times.ts';
import type { Alert } from '../ports.ts';

/** What a person reads: what, where, since when, what was done, what comes next, what they can do, and the page about it. */
export const alertOf = (
  cluster: string,
  now: Incident,
  state: Alert['state'],
  { channel, runbookUrl }: { readonly channel?: Channel; readonly runbookUrl?: string | undefined } = {},
): Alert => {
  const incident = state === 'closed' ? endOf(now, channel) : now;
  const { code, job } = incident;
  const where = job === undefined ? cluster : `${cluster}/${job}`;
  const runbook = `${runbookUrl?.replace(/\/+$/, '') ?? 'docs/runbook'}/${code}.md`;
  const severity = severityOf(code);
  const parts = state === 'closed' ? closedParts(incident, where) : openParts(incident, where, severity, runbook);
  const text = parts.map(([name, said]) => `${name}: ${said}`).join('\n');
  const { updates = 0, reminders = 0 } = marksOf(incident, channel);
  const counts = { update: updates + 1, reminder: reminders + 1, open: undefined, closed: undefined };
  const count = counts[state];
  return {
    subject: `${WORDS[state]} ${code} ${where}`,
    parts,
    text,
    incident,
    cluster,
    state,
    severity,
    runbook,
    ...(count === undefined ? {} : { count }),
  };
};

const WORDS = { open: 'OPEN', update: 'OPEN, CHANGED:', reminder: 'STILL OPEN:', closed: 'CLOSED' } as const;

const openParts = (incident: Incident, where: string, severity: string, runbook: string): Alert['parts'] => [
  ['What', incident.what],
  ['Where', where],
  ['Since', utc(incident.firstSeenMs)],
  ['Severity', severity],
  ...(isFlapping(incident) ? [['It comes and goes', COMES_AND_GOES] as const] : []),
  ...(incident.done === undefined ? [] : [['Done', incident.done] as const]),
  ['Next', incident.next],
  ['You can', incident.fix],
  ['Runbook', runbook],
];

const MINUTE_MS = 60_000;

const COMES_AND_GOES = `told ${tellingLimits.flapsMax} times within ${tellingLimits.flapWithinMs / MINUTE_MS} min; from now on nothing is said until it has not come back for ${tellingLimits.flapStableMs / MINUTE_MS} min`;

const closedParts = (incident: Incident, where: string): Alert['parts'] => [
  ['Over', incident.what],
  ['Where', where],
  ['Lasted', `from ${utc(incident.firstSeenMs)} to ${utc(incident.closedMs ?? incident.lastSeenMs)}`],
  ...(incident.closedBecause === undefined ? [] : [['Because', incident.closedBecause] as const]),
];
