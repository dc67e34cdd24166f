import { liveJobs } from '../core/liveness.ts';
import type { Cluster, Observation, Order } from '../core/model.ts';
import { obey } from '../core/orders.ts';
import type { Look } from '../look.ts';
import { foreignOf } from './status.ts';

/**
 * Why an order cannot be carried out as things are, in words for who gives it: what the pass that takes it would drop it for.
 * undefined = nothing speaks against it. What cannot be seen now speaks against nothing.
 */
export const unfitness = (order: Order, cluster: Cluster, look: Look): string | undefined => {
  const { memories, pause, observation, nowMs } = look;
  const { consumed } = obey({ cluster: withoutDryRun(cluster), orders: [order], pause, memories, observation, nowMs });
  return notForeign(order, cluster, look) ?? consumed.find(({ id }) => id === order.id)?.dropped;
};

/** A dry run leaves orders where they are, but one that means nothing need not be left. */
const withoutDryRun = (cluster: Cluster): Cluster => ({
  ...withoutMode(cluster),
  jobs: cluster.jobs.map(withoutMode),
});

const withoutMode = <T extends { readonly mode?: Cluster['mode'] }>({
  mode,
  ...rest
}: T): Omit<T, 'mode'> & Pick<T, 'mode'> => (mode === 'watch' ? { ...rest, mode } : rest);

/** A job that is not there, or is our own, is neither adopted nor ignored; which ones could be is said at once. */
const notForeign = ({ kind, jobId }: Order, { name }: Cluster, look: Look): string | undefined => {
  if (jobId === undefined) return undefined;
  const foreign = foreignOf(look);
  if (foreign.some((each) => each.jobId === jobId)) return undefined;
  if (liveJobs(look.observation).some(({ job }) => job.jobId === jobId))
    return `${jobId} is an attempt of the autopilot itself, or adopted: there is nothing to ${kind}`;
  if (!isWhole(look.observation)) return undefined;
  const list = foreign.slice(0, FOREIGN_SHOWN_MAX).map((each) => `${each.jobId} "${each.name}"`);
  const known = list.length === 0 ? 'no foreign job is live there' : `live and foreign: ${list.join(', ')}`;
  return `no job ${jobId} is live on ${name}; ${known}`;
};

/** More would not be read. */
const FOREIGN_SHOWN_MAX = 10;

/** Everything that may run a job was seen, so that what is not listed is not there. */
const isWhole = ({ ecs, flink }: Observation): boolean =>
  ecs.known && Object.values(flink).every((view) => view.known && view.value.jobs.known);
