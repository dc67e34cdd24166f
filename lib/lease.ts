import { defaults } from './core/defaults.ts';
import type { Lease, Ports } from './ports.ts';

/**
 * The lease of a cluster; undefined = somebody else works on it and heard our ring, so that what brought us here is
 * looked at after we left. Who came to wait (until `staysUntilMs`) leaves it to an owner who waits as well, but outlasts
 * a scheduled look, which is over in a moment and waits for nothing.
 */
export const takeLease = async (
  ports: Ports,
  cluster: string,
  deadlineMs: number,
  staysUntilMs?: number,
): Promise<Lease | undefined> => {
  const { clock, store } = ports;
  const owner = ports.chance.hex(8);
  const patienceMs = staysUntilMs === undefined ? 0 : defaults.leasePatienceMs;
  const leaveMs = clock.nowMs() + patienceMs;
  const stay = staysUntilMs === undefined ? {} : { staysUntilMs };
  let heard = false;
  for (let attempt = 0; attempt < defaults.leaseTriesMax; attempt++) {
    const nowMs = clock.nowMs();
    const lease = await store.acquire(
      cluster,
      { owner, nowMs, untilMs: nowMs + defaults.leaseMs, ...stay },
      deadlineMs,
    );
    if (lease !== undefined) return lease;
    if (!heard) {
      const other = await store.ring(cluster, clock.nowMs(), deadlineMs);
      // Not held any more when we rang: the owner left in between and did not hear us, so the lease is free for us.
      if (other === undefined) continue;
      heard = true;
      if (other.staysUntilMs !== undefined && other.staysUntilMs > leaveMs) return undefined;
    }
    if (clock.nowMs() >= leaveMs) return undefined;
    await clock.sleep(defaults.leasePollMs);
  }
  return undefined;
};
