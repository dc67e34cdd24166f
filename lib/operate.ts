import { defaults } from './core/defaults.ts';
import type { Cluster } from './core/model.ts';
import type { Answer, OrdersAnswer } from './operate/answers.ts';
import { fitting, fittingJobs } from './operate/bounded.ts';
import { historyOf } from './operate/history.ts';
import { giveOrder } from './operate/order.ts';
import { planOf } from './operate/plan.ts';
import { checkRequest, type Request } from './operate/request.ts';
import { statusOf } from './operate/status.ts';
import { reasonOf, textOf } from './operate/view.ts';
import type { Ports } from './ports.ts';

/**
 * A person's word: status, plan, history, open orders, or an order. `input` is what they sent. Answers with all that is
 * wrong with it, or with what is away, and throws for neither.
 */
export const operate = async (
  ports: Ports,
  clusters: readonly Cluster[],
  input: unknown,
  { untilMs }: { readonly untilMs: number },
): Promise<Answer> => {
  const checked = checkRequest(input, clusters);
  if (!checked.ok) return { ok: false, why: 'invalid', problems: checked.problems };
  try {
    return await answerTo(ports, clusters, checked.request, untilMs);
  } catch (thrown) {
    const because = textOf(reasonOf(thrown));
    ports.log.error('not answered', { op: checked.request.op, because });
    return { ok: false, why: 'unavailable', problems: [because] };
  }
};

const answerTo = async (ports: Ports, all: readonly Cluster[], request: Request, untilMs: number): Promise<Answer> => {
  const clusters = all.filter(({ name }) => request.cluster === undefined || name === request.cluster);
  const narrow = <T extends { readonly jobs: readonly { readonly job: string }[] }>(each: T): T => ({
    ...each,
    jobs: each.jobs.filter(({ job }) => request.job === undefined || job === request.job),
  });
  switch (request.op) {
    case 'status': {
      const found = await eachCluster(clusters, (cluster) => statusOf(ports, cluster, untilMs));
      return { ...listed(ports, found.map(narrow)), op: request.op };
    }
    case 'plan': {
      const found = await eachCluster(clusters, (cluster) => planOf(ports, cluster, untilMs));
      return { ...listed(ports, found.map(narrow)), op: request.op };
    }
    case 'history':
      return historyOf(ports, clusters, request, untilMs);
    case 'orders':
      return ordersOf(ports, clusters, request.job, untilMs);
    case 'order': {
      const [cluster] = clusters;
      if (cluster === undefined) return { ok: false, why: 'invalid', problems: ['cluster: missing'] };
      return giveOrder(ports, cluster, request, untilMs);
    }
  }
};

/** Some at once, as the scheduled look does; in the manifest's order. */
const eachCluster = async <T>(
  clusters: readonly Cluster[],
  ask: (cluster: Cluster) => Promise<T>,
): Promise<readonly T[]> => {
  const found: T[] = [];
  for (let first = 0; first < clusters.length; first += defaults.clustersAtOnce)
    found.push(...(await Promise.all(clusters.slice(first, first + defaults.clustersAtOnce).map(ask))));
  return found;
};

const listed = <T extends { readonly jobs: readonly unknown[] }>({ clock }: Ports, found: readonly T[]) => {
  const { kept, cut } = fittingJobs(found);
  return { ok: true, atMs: clock.nowMs(), clusters: kept, ...(cut === 0 ? {} : { cut }) } as const;
};

/** What no pass has taken yet. */
const ordersOf = async (
  { store, clock }: Ports,
  clusters: readonly Cluster[],
  job: string | undefined,
  untilMs: number,
): Promise<OrdersAnswer> => {
  const found = await eachCluster(clusters, async ({ name }) => {
    const { orders } = await store.load(name, Math.min(untilMs, clock.nowMs() + defaults.lookMs));
    return orders.map((order) => ({ ...order, cluster: name }));
  });
  const { kept, cut } = fitting(found.flat().filter((order) => job === undefined || order.job === job));
  return { ok: true, op: 'orders', atMs: clock.nowMs(), orders: kept, ...(cut === 0 ? {} : { cut }) };
};
