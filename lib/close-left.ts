import { committedIncidents } from './core/changes.ts';
import { defaults } from './core/defaults.ts';
import type { Fault } from './core/errors.ts';
import { hasLeft, leaving } from './core/left.ts';
import { leave, withLease } from './lease.ts';
import { commit } from './pass.ts';
import { type Lease, type Ports, webhooksOf } from './ports.ts';
import { tell } from './tell.ts';

/**
 * One look at a cluster that left the manifest: what is open there is closed and told, and nothing is asked of ECS or Flink.
 * Its name is forgotten by a later look that finds nothing more to do, so that what an invocation of the old manifest
 * still wrote is closed, too.
 * Returns why nobody could be told, where that does not pass by itself. Throws the store's faults.
 */
export const closeLeft = (ports: Ports, cluster: string, untilMs: number): Promise<Fault | undefined> =>
  withLease(ports, cluster, { untilMs, wait: false }, (lease) => underLease(ports, lease, untilMs));

const underLease = async (ports: Ports, lease: Lease, untilMs: number): Promise<Fault | undefined> => {
  const { clock, store, log } = ports;
  const { cluster } = lease;
  const deadlineMs = () => Math.min(untilMs, clock.nowMs() + defaults.lookMs);
  const memory = await store.load(cluster, deadlineMs());
  if (hasLeft(memory, webhooksOf(ports))) {
    await store.forgetCluster(cluster, deadlineMs());
    log.info('left the manifest, forgotten', { cluster });
    await leave(ports, lease, untilMs);
    return undefined;
  }
  const changes = leaving(memory, clock.nowMs());
  const held = await commit(ports, lease, { jobs: {}, ...changes }, defaults.leaseMs, untilMs);
  const closed = changes.incidents.map(({ key }) => key);
  log.info('left the manifest', { cluster, closed, dropped: changes.consumed });
  const over = committedIncidents(memory, changes).filter(({ state }) => state === 'closed');
  const { told, refused } = await tell(ports, cluster, over, untilMs);
  const last = await commit(ports, held, { jobs: {}, incidents: told, log: [] }, defaults.leaseMs, untilMs);
  await leave(ports, last, untilMs);
  return refused;
};
