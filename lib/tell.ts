import { defaults } from './core/defaults.ts';
import { asFault, type Fault } from './core/errors.ts';
import { markTold, untold } from './core/incidents.ts';
import type { Incident } from './core/model.ts';
import { utc } from './core/times.ts';
import type { Alert, Ports } from './ports.ts';

/**
 * Publishes what the committed incidents have not told yet, a bounded number at once, and returns them marked, to be
 * committed by the next write.
 * A crash in between repeats the same key; a failed publish stays untold and is tried again at the next pass. `refused`:
 * a publish failed in a way that does not pass by itself, so that nobody hears of it but by another way.
 */
export const tell = async (
  ports: Ports,
  cluster: string,
  incidents: readonly Incident[],
  untilMs: number,
): Promise<Told> => {
  const due = incidents.flatMap((incident) => {
    const state = untold(incident);
    return state === undefined ? [] : [{ incident, state }];
  });
  const now = due.slice(0, defaults.tellsMax);
  const came = await Promise.all(now.map(({ incident, state }) => tellOne(ports, cluster, incident, state, untilMs)));
  const told = came.flatMap((each) => ('fault' in each ? [] : [each]));
  const refused = came.flatMap((each) => ('fault' in each && !mayPass(each.fault) ? [each.fault] : []))[0];
  return { told, ...(refused === undefined ? {} : { refused }) };
};

export type Told = { readonly told: readonly Incident[]; readonly refused?: Fault };

const mayPass = ({ kind }: Fault): boolean => kind === 'transient' || kind === 'unknown-outcome';

const tellOne = async (
  ports: Ports,
  cluster: string,
  incident: Incident,
  state: Alert['state'],
  untilMs: number,
): Promise<Incident | { readonly fault: Fault }> => {
  const deadlineMs = Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs);
  const fields = { cluster, job: incident.job, incident: incident.key, state, because: incident.what };
  try {
    await ports.alerts.publish(alertOf(cluster, incident, state), deadlineMs);
    ports.log.info('told', fields);
    return markTold(incident, state, ports.clock.nowMs());
  } catch (thrown) {
    const fault = asFault(thrown);
    ports.log.error('not told', { ...fields, because: fault.message });
    return { fault };
  }
};

/** What a person reads: what, where, since when, what comes next, what they can do. */
export const alertOf = (cluster: string, incident: Incident, state: Alert['state']): Alert => {
  const where = incident.job === undefined ? cluster : `${cluster}/${incident.job}`;
  const opened = utc(incident.firstSeenMs);
  const lines =
    state === 'open'
      ? [
          `What: ${incident.what}`,
          `Where: ${where}`,
          `Since: ${opened}`,
          `Next: ${incident.next}`,
          `You can: ${incident.fix}`,
          `Runbook: docs/runbook/${incident.code}.md`,
        ]
      : [
          `Over: ${incident.what}`,
          `Where: ${where}`,
          `It lasted from ${opened} to ${utc(incident.closedMs ?? incident.lastSeenMs)}.`,
          ...(incident.closedBecause === undefined ? [] : [`Because: ${incident.closedBecause}`]),
        ];
  const subject = `${state === 'open' ? 'OPEN' : 'CLOSED'} ${incident.code} ${where}`;
  return { subject, text: lines.join('\n'), incident, cluster, state };
};
