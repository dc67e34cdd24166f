import type { Order } from '../../../../lib/core/model.ts';
import { anyOf, type Happening } from '../stage.ts';

/** A person's order; also one that names what is not there. A pause ends by itself, soon enough for the calm. */
export const order: Happening = (stage, cluster) => {
  const { sim, deployed, store, notes } = stage;
  const { random } = sim;
  const kind = random.pick<Order['kind']>(...KINDS);
  const jobs = deployed.clusters().find(({ name }) => name === cluster.name)?.jobs ?? [];
  const isOfCluster = (kind === 'pause' || kind === 'resume') && random.chance(0.5);
  const job = random.chance(0.95) ? anyOf(stage, jobs)?.name : 'nobody';
  const foreign = anyOf(
    stage,
    notes.truth.copies.filter((copy) => copy.cluster === cluster.name && copy.by === 'person'),
  );
  const atMs = sim.time.nowMs();
  const wanted: Order = {
    id: `${atMs}-${random.hex(2)}`,
    kind,
    who: 'anna',
    why: 'x',
    atMs,
    expiresMs: atMs + random.pick(60_000, ORDER_MAX_MS),
    ...(isOfCluster || job === undefined ? {} : { job }),
    ...(kind === 'pause' ? { untilMs: atMs + random.between(0, PAUSE_MAX_MS) } : {}),
    ...(kind === 'adopt' || kind === 'ignore' ? { jobId: foreign?.jobId ?? 'e'.repeat(32) } : {}),
  };
  void store.order(cluster.name, wanted, atMs);
  return `orders ${kind} ${job ?? ''}`;
};

const KINDS = ['restart', 'restart', 'apply', 'pause', 'resume', 'release', 'release', 'adopt', 'ignore'] as const;

export const PAUSE_MAX_MS = 120_000;
const ORDER_MAX_MS = 600_000;
