import { defaults } from './core/defaults.ts';
import type { Lease, Ports } from './ports.ts';

/**
 * The lease of a cluster; undefined = somebody else works on it and heard our ring, so that what brought us here is
 * looked at after we left.
 */
export const takeLease = async (ports: Ports, cluster: string, deadlineMs: number): Promise<Lease | undefined> => {
  const owner = ports.chance.hex(8);
  for (let attempt = 0; attempt < defaults.leaseTriesMax; attempt++) {
    const nowMs = ports.clock.nowMs();
    const lease = await ports.store.acquire(cluster, owner, nowMs, nowMs + defaults.leaseMs, deadlineMs);
    if (lease !== undefined) return lease;
    // Not held any more when we rang: the owner left in between and did not hear us, so the lease is free for us.
    if (await ports.store.ring(cluster, ports.clock.nowMs(), deadlineMs)) return undefined;
  }
  return undefined;
};
