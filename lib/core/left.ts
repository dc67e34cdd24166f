import { defaults } from './defaults.ts';
import { foldIncidents } from './incidents.ts';
import type { ClusterMemory, Incident, LogEntry, Order } from './model.ts';
import { untold } from './telling/marks.ts';

/** What is written of a cluster that left the manifest. */
export type Leaving = {
  readonly incidents: readonly Incident[];
  /** Ids of the orders that are dropped. */
  readonly consumed: readonly string[];
  readonly log: readonly LogEntry[];
};

const BECAUSE = 'the cluster is no longer in the manifest';

/**
 * Nobody looks at the cluster any more: its incidents are over and its orders dropped, both with that reason, as many as
 * one transaction takes. What is remembered of its jobs stays, and so does its pause.
 */
export const leaving = ({ incidents, orders }: ClusterMemory, nowMs: number): Leaving => {
  const over = incidents.filter(({ state }) => state !== 'closed').slice(0, defaults.incidentsMax);
  const dropped = orders.slice(0, defaults.ordersMax);
  return {
    incidents: foldIncidents(
      over,
      [],
      () => false,
      nowMs,
      () => BECAUSE,
    ),
    consumed: dropped.map(({ id }) => id),
    log: dropped.map((order) => dropLine(order, nowMs)),
  };
};

/** Nothing is left to close, to drop or to tell on the topic and on these webhooks. */
export const hasLeft = ({ incidents, orders }: ClusterMemory, webhooks: readonly string[]): boolean => {
  const isTold = (incident: Incident) =>
    [undefined, ...webhooks].every((channel) => untold(incident, channel) === undefined);
  return orders.length === 0 && incidents.every((each) => each.state === 'closed' && isTold(each));
};

const dropLine = ({ id, kind, job = '', who, why }: Order, atMs: number): LogEntry => ({
  job,
  attempt: 0,
  jobId: '',
  what: `${kind} dropped`,
  because: `${BECAUSE}; ${who}: ${why}`,
  atMs,
  orderId: id,
});
