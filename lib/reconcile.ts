import { defaults } from './core/defaults.ts';
import type { Fault } from './core/errors.ts';
import type { Cluster } from './core/model.ts';
import { leave, withLease } from './lease.ts';
import { effectMs, type PassResult, pass } from './pass.ts';
import type { Lease, Ports } from './ports.ts';
import { waitForChange, waitsOf } from './wait.ts';

/** `untilMs` (epoch): when the invocation has to have ended; `wait`: stay for what is worth waiting for. */
export type Stay = { readonly untilMs: number; readonly wait: boolean };

/**
 * Brings a cluster to what the manifest wants, as far as one invocation can: full passes under the cluster's lease until
 * nothing more comes of them. Somebody else working on it is told by the bell and goes on for us.
 * Returns why nobody could be told of what is wrong, where an alert was refused for good: all else was done.
 * Throws `transient` (the store is away: nothing was done without being written) and `bug`.
 */
export const reconcile = (ports: Ports, cluster: Cluster, stay: Stay): Promise<Fault | undefined> =>
  withLease(ports, cluster.name, stay, (lease) => underLease(ports, cluster, lease, stay));

const underLease = async (
  ports: Ports,
  cluster: Cluster,
  taken: Lease,
  { untilMs, wait }: Stay,
): Promise<Fault | undefined> => {
  const sinceMs = ports.clock.nowMs();
  let lease: Lease = taken;
  let last: PassResult | undefined;
  const leftMs = (): number => untilMs - ports.clock.nowMs() - defaults.effectMarginMs;
  // Who was rung while it left looks again only if there is time to save what comes of it.
  for (let passes = 0; passes === 0 || (passes < defaults.passesMax && leftMs() > 0); passes += 1) {
    const before = last === undefined ? {} : { before: last.observation };
    last = await pass(ports, { cluster, lease, outcomes: last?.outcomes ?? [], untilMs, ...before });
    lease = last.lease;
    if (last.outcomes.length > 0) continue;
    // Who has no time left for an effect would only keep others from theirs.
    const staying = last.decisions.filter(({ urgent }) => wait || urgent);
    const waits = leftMs() > effectMs ? waitsOf(staying) : [];
    if (waits.length > 0) {
      const patience = { sinceMs, untilMs: ports.clock.nowMs() + Math.min(leftMs(), defaults.fullPassEveryMs) };
      await waitForChange(ports, cluster, waits, last.observation, patience);
      continue;
    }
    const rung = await ports.store.release(lease, Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs));
    if (rung === undefined) return last.refused;
    lease = rung;
  }
  await leave(ports, lease, untilMs);
  return last?.refused;
};
