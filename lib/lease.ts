import { defaults } from './core/defaults.ts';
import type { Lease, Ports } from './ports.ts';

/**
 * The lease of a cluster; undefined = somebody else works on it and heard our ring, so that what brought us here is
 * looked at after we left. `patienceMs`: a scheduled look is over in a moment but waits for nothing, so who came to wait
 * outlasts it.
 */
export const takeLease = async (
  ports: Ports,
  cluster: string,
  deadlineMs: number,
  patienceMs = 0,
): Promise<Lease | undefined> => {
  const { clock, store } = ports;
  const owner = ports.chance.hex(8);
  const leaveMs = clock.nowMs() + patienceMs;
  let heard = false;
  for (let attempt = 0; attempt < defaults.leaseTriesMax; attempt++) {
    const nowMs = clock.nowMs();
    const lease = await store.acquire(cluster, owner, nowMs, nowMs + defaults.leaseMs, deadlineMs);
    if (lease !== undefined) return lease;
    // Not held any more when we rang: the owner left in between and did not hear us, so the lease is free for us.
    heard ||= await store.ring(cluster, clock.nowMs(), deadlineMs);
    if (!heard) continue;
    if (clock.nowMs() >= leaveMs) return undefined;
    await clock.sleep(defaults.leasePollMs);
  }
  return undefined;
};
