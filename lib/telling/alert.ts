import type { Incident } from '../core/model.ts';
import { severityOf } from '../core/problems.ts';
import { utc } from '../core/times.ts';
import type { Alert } from '../ports.ts';

/** What a person reads: what, where, since when, what was done, what comes next, what they can do, and the page about it. */
export const alertOf = (cluster: string, incident: Incident, state: Alert['state'], runbookUrl?: string): Alert => {
  const { code, job } = incident;
  const where = job === undefined ? cluster : `${cluster}/${job}`;
  const runbook = `${runbookUrl?.replace(/\/+$/, '') ?? 'docs/runbook'}/${code}.md`;
  const severity = severityOf(code);
  const parts = state === 'open' ? openParts(incident, where, severity, runbook) : closedParts(incident, where);
  const text = parts.map(([name, said]) => `${name}: ${said}`).join('\n');
  const subject = `${state === 'open' ? 'OPEN' : 'CLOSED'} ${code} ${where}`;
  return { subject, parts, text, incident, cluster, state, severity, runbook };
};

const openParts = (incident: Incident, where: string, severity: string, runbook: string): Alert['parts'] => [
  ['What', incident.what],
  ['Where', where],
  ['Since', utc(incident.firstSeenMs)],
  ['Severity', severity],
  ...(incident.done === undefined ? [] : [['Done', incident.done] as const]),
  ['Next', incident.next],
  ['You can', incident.fix],
  ['Runbook', runbook],
];

const closedParts = (incident: Incident, where: string): Alert['parts'] => [
  ['Over', incident.what],
  ['Where', where],
  ['Lasted', `from ${utc(incident.firstSeenMs)} to ${utc(incident.closedMs ?? incident.lastSeenMs)}`],
  ...(incident.closedBecause === undefined ? [] : [['Because', incident.closedBecause] as const]),
];
