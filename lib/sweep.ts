import { defaults } from './core/defaults.ts';
import { asFault } from './core/errors.ts';
import type { Cluster } from './core/model.ts';
import type { Ports } from './ports.ts';
import { reconcile } from './reconcile.ts';

/**
 * Looks at all clusters, a bounded number side by side. One that fails never stops the others; afterwards the first
 * fault is thrown, so that the invocation counts as failed and its alarm tells; so it does where alerts are refused, of
 * which nobody would hear otherwise.
 */
export const sweep = async (
  ports: Ports,
  clusters: readonly Cluster[],
  { untilMs }: { untilMs: number },
): Promise<void> => {
  const queue = inTurn(clusters, ports.clock.nowMs());
  const faults: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let cluster = queue.shift(); cluster !== undefined; cluster = queue.shift()) {
      try {
        const refused = await reconcile(ports, cluster, { untilMs, wait: false });
        if (refused === undefined) continue;
        const { code, message } = refused;
        ports.log.error('people cannot be told', { cluster: cluster.name, code, because: message });
        faults.push(refused);
      } catch (thrown) {
        const { kind, code, message } = asFault(thrown);
        ports.log.error('cluster not looked at', { cluster: cluster.name, kind, code, because: message });
        faults.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: defaults.clustersAtOnce }, worker));
  if (faults.length > 0) throw faults[0];
};

/** Each minute another cluster comes first, so that the last ones are not the last for ever when time is short. */
const inTurn = (clusters: readonly Cluster[], nowMs: number): Cluster[] => {
  const first = Math.floor(nowMs / 60_000) % Math.max(clusters.length, 1);
  return [...clusters.slice(first), ...clusters.slice(0, first)];
};
