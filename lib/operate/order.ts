import { defaults } from '../core/defaults.ts';
import type { Cluster, LogEntry, Order, Seen } from '../core/model.ts';
import type { Ports } from '../ports.ts';
import { reconcile } from '../reconcile.ts';
import type { ClusterStatus, OrderAnswer, Refusal } from './answers.ts';
import type { OrderRequest } from './request.ts';
import { statusOf } from './status.ts';
import { unfitness } from './unfit.ts';
import { reasonOf, textOf, tryLook } from './view.ts';

/**
 * Writes a person's order, has its cluster looked at once, and says what came of it. Refused when it cannot be carried
 * out as things are; with the memory away nothing is written.
 */
export const giveOrder = async (
  ports: Ports,
  cluster: Cluster,
  request: OrderRequest,
  untilMs: number,
): Promise<OrderAnswer | Refusal> => {
  const seen = await tryLook(ports, cluster, untilMs);
  if (!seen.known) return { ok: false, why: 'unavailable', problems: [textOf(seen.because)] };
  const order = orderOf(ports, request);
  const unfit = unfitness(order, cluster, seen.value);
  if (unfit !== undefined) return { ok: false, why: 'refused', problems: [unfit] };
  try {
    await ports.store.order(cluster.name, order, Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs));
  } catch (thrown) {
    const text = `the order may not have been written: ${textOf(reasonOf(thrown))}`;
    return { ok: false, why: 'unavailable', problems: [text] };
  }
  const { kind, job, who } = order;
  ports.log.info('order given', { cluster: cluster.name, job, order: order.id, kind, who, because: order.why });
  return outcomeOf(ports, cluster, order, untilMs);
};

/** Its id sorts by time, and two people at once get two. */
const orderOf = ({ clock, chance }: Ports, request: OrderRequest): Order => {
  const { kind, job, jobId, path, who, why, forMs } = request;
  const atMs = clock.nowMs();
  return {
    id: `${String(atMs).padStart(ID_MS_DIGITS, '0')}-${chance.hex(4)}`,
    kind,
    who,
    why,
    atMs,
    expiresMs: atMs + defaults.orderWithinMs,
    ...(job === undefined ? {} : { job }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(path === undefined ? {} : { path }),
    ...(forMs === undefined ? {} : { untilMs: atMs + forMs }),
  };
};

/** Enough until the year 2286. */
const ID_MS_DIGITS = 13;

/** The order is written: whatever fails from here on, the next scheduled look takes it. */
const outcomeOf = async (ports: Ports, cluster: Cluster, order: Order, untilMs: number): Promise<OrderAnswer> => {
  const failed = await reconcileNow(ports, cluster, untilMs);
  // One after the other: of an order that is gone by now, its line is in the trail that is read after it.
  const status = await statusOf(ports, cluster, untilMs);
  const trail = await trailOf(ports, cluster, untilMs);
  const came = cameOf(order, status, trail, failed);
  const entries = trail.known ? entriesOf(trail.value, order) : [];
  const given = { ...order, cluster: cluster.name };
  return { ok: true, op: 'order', atMs: ports.clock.nowMs(), order: given, ...came, entries, status };
};

/** By the order's own line; without one, by whether it still waits. */
const cameOf = (
  order: Order,
  status: ClusterStatus,
  trail: Seen<readonly LogEntry[]>,
  failed: string | undefined,
): Pick<OrderAnswer, 'came' | 'because'> => {
  const line = trail.known ? trail.value.find(({ orderId }) => orderId === order.id) : undefined;
  if (line !== undefined)
    return line.what === `${order.kind} dropped` ? { came: 'dropped', because: line.because } : { came: 'taken' };
  const open = [...status.orders, ...status.jobs.flatMap(({ orders }) => orders)];
  if (open.some(({ id }) => id === order.id)) return { came: 'open', because: failed ?? whyOpen(status, order) };
  if (status.rung === 'unknown') return { came: 'unknown', because: failed ?? status.because };
  return { came: 'unknown', because: trail.known ? 'the audit trail has no line of it' : textOf(trail.because) };
};

/** Leaves time to look once more at what came of it. */
const reconcileNow = async (ports: Ports, cluster: Cluster, untilMs: number): Promise<string | undefined> => {
  try {
    await reconcile(ports, cluster, { untilMs: untilMs - defaults.lookMs, wait: false });
    return undefined;
  } catch (thrown) {
    return textOf(reasonOf(thrown));
  }
};

const whyOpen = ({ busy, rung, because, jobs }: ClusterStatus, order: Order): string => {
  const mode = jobs.find(({ job }) => job === order.job)?.mode;
  if (mode?.mode === 'dry-run') return `mode dry-run (${mode.because}): \`plan\` shows what it would do`;
  if (busy !== undefined) return 'a pass is under way: the order is taken by it, or by the next one';
  return rung === 'ready' ? 'it is taken by the next look, within a minute' : `${rung}: ${because}`;
};

/** As many as are ever read at once: other jobs' lines must not hide the order's own. */
const trailOf = async ({ store }: Ports, { name }: Cluster, untilMs: number): Promise<Seen<readonly LogEntry[]>> => {
  try {
    return { known: true, value: await store.history(name, { limit: defaults.historyMax }, untilMs) };
  } catch (thrown) {
    return { known: false, because: reasonOf(thrown) };
  }
};

/** Lines of the audit trail that one order can bring about. */
const ENTRIES_MAX = 20;

const entriesOf = (trail: readonly LogEntry[], { atMs, job }: Order): readonly LogEntry[] =>
  trail.filter((entry) => entry.atMs >= atMs && (job === undefined || entry.job === job)).slice(0, ENTRIES_MAX);
