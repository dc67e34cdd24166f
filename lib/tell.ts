import { defaults } from './core/defaults.ts';
import { asFault, type Fault } from './core/errors.ts';
import { markTold, untold } from './core/incidents.ts';
import type { Incident } from './core/model.ts';
import type { Alert, Ports } from './ports.ts';
import { alertOf } from './telling/alert.ts';

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
    await ports.alerts.publish(alertOf(cluster, incident, state, ports.telling?.runbookUrl), deadlineMs);
    ports.log.info('told', fields);
    return markTold(incident, state, ports.clock.nowMs());
  } catch (thrown) {
    const fault = asFault(thrown);
    ports.log.error('not told', { ...fields, because: fault.message });
    return { fault };
  }
};
