import { Fault } from '../../../lib/core/errors.ts';
import type { Alert } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import type { Loss, PublishedAlert } from '../world/truth.ts';
import type { Checker } from './checker.ts';

/**
 * I4: of each incident one opening and one closing, in turn. The same key may be repeated only where an earlier publisher
 * met trouble between publishing and marking, or by who froze before it published and was overtaken.
 */
export const alertsInTurn: Checker = ({ sim, world }) => {
  let read = 0;
  let pending: Call[] = [];
  const told = new Map<string, Call[]>();
  return () => {
    for (; read < sim.calls.length; read += 1) {
      const call = sim.calls[read];
      if (call?.name === 'alerts.publish') pending.push(call);
    }
    if (pending.length === 0) return undefined;
    const executed = pending.filter(({ executedMs }) => executedMs !== undefined);
    pending = pending.filter((call) => !executed.includes(call));
    for (const call of executed.filter((each) => hasArrived(each, world.truth.alerts))) {
      const how = outOfTurn(told, call, world.truth.losses);
      if (how !== undefined) return how;
    }
    return undefined;
  };
};

type Losses = readonly Loss[];

/** In the order in which they were sent: one may arrive long after its sender gave it up. */
const outOfTurn = (told: Map<string, Call[]>, call: Call, losses: Losses): string | undefined => {
  const { cluster, incident } = alertOf(call);
  const key = `${cluster} ${incident.key}`;
  const earlier = told.get(key) ?? [];
  const all = [...earlier, call].toSorted((a, b) => a.atMs - b.atMs);
  told.set(key, all);
  const index = all.indexOf(call);
  return breach(key, all[index - 1], call, losses) ?? (all[index + 1] && breach(key, call, all[index + 1], losses));
};

const breach = (key: string, before: Call | undefined, after: Call | undefined, losses: Losses): string | undefined => {
  if (after === undefined) return undefined;
  const { state, cluster } = alertOf(after);
  // What was told is forgotten with the memory.
  if (losses.some((loss) => loss.cluster === cluster && loss.atMs <= after.atMs && loss.atMs >= (before?.atMs ?? 0)))
    return undefined;
  if (before === undefined) return state === 'open' ? undefined : `${key}: closed without an opening`;
  // Who slept past the lease publishes what it had committed before.
  if (state !== alertOf(before).state || isTroubled(before) || after.by.disturbed) return undefined;
  return `${key}: ${state} by ${before.by.name} and again by ${after.by.name}`;
};

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
const isTroubled = ({ by }: Call): boolean =>
  by.faults > 0 ||
  by.dead ||
  by.calls.some(
    ({ name, given }) =>
      name.startsWith('store.') &&
      given !== undefined &&
      'fault' in given &&
      !(given.fault instanceof Fault && given.fault.kind === 'conflict'),
  );

const alertOf = ({ args: [alert] }: Call): Alert => alert as Alert;
