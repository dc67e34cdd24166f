import { closeLeft } from './close-left.ts';
import { defaults } from './core/defaults.ts';
import { asFault, type Fault } from './core/errors.ts';
import type { Cluster } from './core/model.ts';
import type { Ports } from './ports.ts';
import { reconcile } from './reconcile.ts';

/**
 * Looks at all clusters, a bounded number side by side, and beside them at those that left the manifest. One that fails
 * never stops the others; afterwards the first fault is thrown, so that the invocation counts as failed and its alarm
 * tells; so it does where alerts are refused, of which nobody would hear otherwise.
 */
export const sweep = async (
  ports: Ports,
  clusters: readonly Cluster[],
  { untilMs }: { untilMs: number },
): Promise<void> => {
  const queue = inTurn(clusters, ports.clock.nowMs());
  const faults: unknown[] = [];
  const each: Each = async (cluster, work) => {
    const fault = await faultOf(ports, cluster, work);
    if (fault !== undefined) faults.push(fault);
  };
  const worker = async (): Promise<void> => {
    for (let cluster = queue.shift(); cluster !== undefined; cluster = queue.shift()) {
      const next = cluster;
      await each(next.name, () => reconcile(ports, next, { untilMs, wait: false }));
    }
  };
  const others = async (): Promise<void> => {
    try {
      await lookAtOthers(ports, clusters, untilMs, each);
    } catch (thrown) {
      const { kind, code, message } = asFault(thrown);
      ports.log.error('names of clusters not known', { kind, code, because: message });
      faults.push(thrown);
    }
  };
  const workers = Math.min(defaults.clustersAtOnce, queue.length);
  await Promise.all([...Array.from({ length: workers }, worker), others()]);
  if (faults.length > 0) throw faults[0];
};

type Each = (cluster: string, work: () => Promise<Fault | undefined>) => Promise<void>;

/** What went wrong with one cluster, which the log has heard of. */
const faultOf = async ({ log }: Ports, cluster: string, work: Parameters<Each>[1]): Promise<unknown> => {
  try {
    const refused = await work();
    if (refused !== undefined)
      log.error('people cannot be told', { cluster, code: refused.code, because: refused.message });
    return refused;
  } catch (thrown) {
    const { kind, code, message } = asFault(thrown);
    log.error('cluster not looked at', { cluster, kind, code, because: message });
    return thrown;
  }
};

/** Remembers the names of the manifest's clusters, so that one that leaves it is known: a read each minute, a write for a new one. */
const lookAtOthers = async (ports: Ports, clusters: readonly Cluster[], untilMs: number, each: Each): Promise<void> => {
  const { store, clock } = ports;
  const deadlineMs = () => Math.min(untilMs, clock.nowMs() + defaults.lookMs);
  const known = await store.clusters(deadlineMs());
  const names = clusters.map(({ name }) => name);
  const left = known.filter((name) => !names.includes(name));
  for (const name of inTurn(left, clock.nowMs()).slice(0, defaults.leftClustersMax))
    await each(name, () => closeLeft(ports, name, untilMs));
  for (const name of names) if (!known.includes(name)) await store.addCluster(name, deadlineMs());
};

/** Each minute another one comes first, so that the last ones are not the last for ever when time is short. */
const inTurn = <T>(all: readonly T[], nowMs: number): T[] => {
  const first = Math.floor(nowMs / 60_000) % Math.max(all.length, 1);
  return [...all.slice(first), ...all.slice(0, first)];
};
