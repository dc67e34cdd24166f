import { defaults } from './core/defaults.ts';
import { asFault, type Fault } from './core/errors.ts';
import type { Incident } from './core/model.ts';
import { type Channel, dueNow, markFailed, markTold, type ToldState } from './core/telling/marks.ts';
import { type Ports, remindEveryMsOf, webhooksOf } from './ports.ts';
import { alertOf } from './telling/alert.ts';

/**
 * Publishes what the topic and each webhook have not heard yet of the committed incidents, a bounded number at once, and
 * returns these marked, to be committed by the next write, for which it leaves time before `untilMs`. Each channel has
 * marks of its own: one that fails stays behind alone. A crash in between repeats the same message; a failed one stays
 * untold and is tried again at the next pass. `refused`: the topic refused in a way that does not pass by itself, so that
 * nobody hears of it but by another way.
 */
export const tell = async (
  ports: Ports,
  cluster: string,
  incidents: readonly Incident[],
  untilMs: number,
): Promise<Told> => {
  const endMs = untilMs - defaults.tellMarginMs;
  const nowMs = ports.clock.nowMs();
  if (nowMs >= endMs) return { told: [] };
  const remindEveryMs = remindEveryMsOf(ports);
  const dues = [undefined, ...webhooksOf(ports)].map((channel) => duesOf(incidents, nowMs, channel, remindEveryMs));
  if (dues.every(({ length }) => length === 0)) return { told: [] };
  const came = await Promise.all(atOnce(dues).map((one) => tellOne(ports, cluster, one, endMs)));
  const marked = new Map<Incident, Incident>();
  for (const { incident, mark } of came)
    if (mark !== undefined) marked.set(incident, mark(marked.get(incident) ?? incident));
  const refused = came.find(({ channel, fault }) => channel === undefined && fault !== undefined && !mayPass(fault));
  return { told: [...marked.values()], ...(refused?.fault === undefined ? {} : { refused: refused.fault }) };
};

export type Told = { readonly told: readonly Incident[]; readonly refused?: Fault };

type Due = { readonly incident: Incident; readonly channel: Channel; readonly state: ToldState };

type Came = Due & { readonly mark?: (incident: Incident) => Incident; readonly fault?: Fault };

const duesOf = (
  incidents: readonly Incident[],
  nowMs: number,
  channel: Channel,
  remindEveryMs: number | undefined,
): readonly Due[] => {
  const telling = { channel, remindEveryMs };
  return incidents.flatMap((incident) => {
    const state = dueNow(incident, nowMs, telling);
    return state === undefined ? [] : [{ incident, channel, state }];
  });
};

/** Of so many incidents that their marks fit in one commit: of each channel in turn, so that one that takes nothing keeps no other waiting. */
const atOnce = (dues: readonly (readonly Due[])[]): readonly Due[] => {
  const longest = Math.max(0, ...dues.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, i) => dues.flatMap((ofOne) => ofOne[i] ?? [])).flat();
  const first = new Set([...new Set(inTurn.map(({ incident }) => incident))].slice(0, defaults.tellsMax));
  return inTurn.filter(({ incident }) => first.has(incident));
};

const mayPass = ({ kind }: Fault): boolean => kind === 'transient' || kind === 'unknown-outcome';

const tellOne = async (ports: Ports, cluster: string, due: Due, endMs: number): Promise<Came> => {
  const { incident, channel, state } = due;
  const { nowMs } = ports.clock;
  const deadlineMs = Math.min(endMs, nowMs() + defaults.lookMs);
  const over = channel === undefined ? {} : { webhook: channel };
  const fields = { cluster, job: incident.job, incident: incident.key, state, ...over, because: incident.what };
  try {
    const to = channel === undefined ? ports.alerts : ports.webhooks?.[channel];
    await to?.publish(
      alertOf(cluster, incident, state, { channel, runbookUrl: ports.telling?.runbookUrl }),
      deadlineMs,
    );
    ports.log.info('told', fields);
    return { ...due, mark: (marked) => markTold(marked, state, nowMs(), channel) };
  } catch (thrown) {
    const fault = asFault(thrown);
    ports.log.error('not told', { ...fields, because: fault.message });
    if (channel === undefined) return { ...due, fault };
    const failure = { atMs: nowMs(), what: fault.message, isFinal: !mayPass(fault) };
    return { ...due, fault, mark: (marked) => markFailed(marked, failure, channel) };
  }
};
