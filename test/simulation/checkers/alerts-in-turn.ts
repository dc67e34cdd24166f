import type { ClusterMemory, Incident } from '../../../lib/core/model.ts';
import { marksOf } from '../../../lib/core/telling/marks.ts';
import type { Alert, Changes, Lease } from '../../../lib/ports.ts';
import { type Call, effectsOf } from '../sim.ts';
import type { Loss, PublishedAlert } from '../world/truth.ts';
import { WEBHOOK } from '../world/world.ts';
import type { Check, Checker, Run } from './checker.ts';
import { isTroubled as hasMetTrouble } from './sender.ts';

/**
 * I4: on each channel, of each incident one opening, its updates one by one, and one closing, in turn. The same key may be repeated only where an earlier publisher
 * met trouble before it heard that its mark is written, or by who froze before it published and was overtaken; never by
 * who read that it is told.
 */
export const alertsInTurn: Checker = (run) => {
  const { alerts, heard } = run.world.truth;
  return [inTurn(run, 'alerts.publish', alerts), inTurn(run, 'webhook.publish', heard)];
};

/** On one channel. */
const inTurn = ({ sim, world }: Run, name: Call['name'], alerts: readonly PublishedAlert[]): Check => {
  const sent = effectsOf(sim, name);
  let read = 0;
  let pending: readonly Call[] = [];
  const told = new Map<string, Call[]>();
  return {
    ask: () => {
      if (pending.length === 0 && read === sent.length) return undefined;
      const open = [...pending, ...sent.slice(read)];
      read = sent.length;
      pending = open.filter(({ executedMs }) => executedMs === undefined);
      for (const call of open) {
        if (call.executedMs === undefined || !hasArrived(call, alerts)) continue;
        const how = outOfTurn(told, call, world.truth.losses);
        if (how !== undefined) return how;
      }
      return undefined;
    },
  };
};

type Losses = readonly Loss[];

/** In the order in which they were sent: one may arrive long after its sender gave it up. */
const outOfTurn = (told: Map<string, Call[]>, call: Call, losses: Losses): string | undefined => {
  const { cluster, incident } = alertOf(call);
  const key = [channelOf(call) ?? 'topic', cluster, incident.key].join(' ');
  const earlier = told.get(key) ?? [];
  const all = [...earlier, call].toSorted((a, b) => a.atMs - b.atMs);
  told.set(key, all);
  const index = all.indexOf(call);
  return breach(key, all[index - 1], call, losses) ?? (all[index + 1] && breach(key, call, all[index + 1], losses));
};

const breach = (key: string, before: Call | undefined, after: Call | undefined, losses: Losses): string | undefined => {
  if (after === undefined) return undefined;
  const { cluster } = alertOf(after);
  // What was told is forgotten with the memory.
  if (losses.some((loss) => loss.cluster === cluster && loss.atMs <= after.atMs && loss.atMs >= (before?.atMs ?? 0)))
    return undefined;
  const [was, is] = [before && alertOf(before), alertOf(after)];
  if (mayFollow(was, is)) return undefined;
  if (before === undefined) return `${key}: ${wordsOf(is)} without an opening`;
  if (hasRead(after)) return `${key}: ${wordsOf(is)} by ${after.by.name}, which had read that it is told`;
  // Who slept past the lease publishes what it had committed before.
  if ((isTroubled(before) && !hasMarked(before)) || after.by.disturbed) return undefined;
  return `${key}: ${was === undefined ? '' : wordsOf(was)} by ${before.by.name} and then ${wordsOf(is)} by ${after.by.name}`;
};

/** An opening, its updates one by one, its closing. */
const mayFollow = (was: Alert | undefined, { state, count }: Alert): boolean => {
  if (state === 'open') return was === undefined || was.state === 'closed';
  if (was === undefined || was.state === 'closed') return false;
  return state === 'closed' || count === (was.state === 'open' ? 1 : (was.count ?? 0) + 1);
};

const wordsOf = ({ state, count }: Alert): string => [state, ...(count === undefined ? [] : [count])].join(' ');

/** The memory that it published from has the same alert as told. */
const hasRead = (call: Call): boolean => {
  const { calls } = call.by;
  const { cluster } = alertOf(call);
  const isLoad = ({ name, args: [of] }: Call): boolean => name === 'store.load' && of === cluster;
  const load = calls.slice(0, calls.indexOf(call)).findLast(isLoad)?.given;
  const memory = load !== undefined && 'value' in load ? (load.value as ClusterMemory) : undefined;
  return isToldIn(memory?.incidents ?? [], call);
};

/** Its sender heard that its mark is written, before it published the same again. */
const hasMarked = (call: Call): boolean => {
  const since = call.by.calls.slice(call.by.calls.indexOf(call) + 1);
  const again = since.findIndex((other) => other.name === call.name && isSame(alertOf(other), alertOf(call)));
  return since
    .slice(0, again < 0 ? undefined : again)
    .some(
      ({ name, args: [lease, changes], given }) =>
        name === 'store.commit' &&
        given !== undefined &&
        'value' in given &&
        (lease as Lease).cluster === alertOf(call).cluster &&
        isToldIn((changes as Changes).incidents, call),
    );
};

const isSame = (a: Alert, b: Alert): boolean =>
  a.cluster === b.cluster && a.incident.key === b.incident.key && a.state === b.state && a.count === b.count;

const isToldIn = (incidents: readonly Incident[], call: Call): boolean => {
  const { incident, state, count = 0 } = alertOf(call);
  return incidents.some((each) => {
    if (each.key !== incident.key || (each.state === 'closed') !== (state === 'closed')) return false;
    const marks = marksOf(each, channelOf(call));
    if (state === 'update') return (marks.updates ?? 0) >= count;
    return (state === 'open' ? marks.openToldMs : marks.closeToldMs) !== undefined;
  });
};

const channelOf = ({ name }: Call): string | undefined => (name === 'webhook.publish' ? WEBHOOK : undefined);

/** The topic may have refused it. */
const hasArrived = (call: Call, alerts: readonly PublishedAlert[]): boolean => {
  const { cluster, incident, state } = alertOf(call);
  return alerts.some(
    (alert) =>
      alert.atMs === call.executedMs &&
      alert.cluster === cluster &&
      alert.key === incident.key &&
      alert.state === state,
  );
};

/** Its sender may not have come to mark it. */
const isTroubled = ({ by }: Call): boolean => by.dead || hasMetTrouble(by);

const alertOf = ({ args: [alert] }: Call): Alert => alert as Alert;
