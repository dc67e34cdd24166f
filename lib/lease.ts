import { defaults } from './core/defaults.ts';
import { asFault } from './core/errors.ts';
import type { Lease, Ports } from './ports.ts';

/** Works on a cluster under its lease; undefined also where somebody else is at it, who heard our ring, or took over meanwhile. */
export const withLease = async <T>(
  ports: Ports,
  cluster: string,
  { untilMs, wait }: { readonly untilMs: number; readonly wait: boolean },
  work: (lease: Lease) => Promise<T>,
): Promise<T | undefined> => {
  try {
    const deadlineMs = Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs);
    const lease = await takeLease(ports, cluster, deadlineMs, wait ? untilMs : undefined);
    if (lease !== undefined) return await work(lease);
    ports.log.info('busy, rang the bell', { cluster });
  } catch (thrown) {
    const fault = asFault(thrown);
    if (fault.kind !== 'conflict') throw fault;
    ports.log.info('someone else took over', { cluster, because: fault.message });
  }
  return undefined;
};

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

/** Gives the lease back while there is time for it, else it ends by itself; what rang meanwhile is the next tick's. */
export const leave = async ({ store, clock }: Ports, lease: Lease, untilMs: number): Promise<void> => {
  let held: Lease | undefined = lease;
  for (let tries = 0; held !== undefined && tries < defaults.leaseTriesMax && clock.nowMs() < untilMs; tries += 1)
    held = await store.release(held, Math.min(untilMs, clock.nowMs() + defaults.lookMs));
};
