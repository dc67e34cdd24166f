import type { Order } from '../../../lib/core/model.ts';
import type { FakeStore } from '../../support/fake-store.ts';
import type { Sim } from '../sim.ts';

/** What people order while there is trouble. A pause ends by itself, soon enough for the calm. */
export const createPeople =
  ({ time, random }: Sim, store: FakeStore, jobs: readonly [string, ...string[]]) =>
  () => {
    const kind = random.pick<Order['kind']>('restart', 'restart', 'restart', 'apply', 'pause', 'resume', 'release');
    const isOfCluster = (kind === 'pause' || kind === 'resume') && random.chance(0.5);
    const atMs = time.nowMs();
    const times = { atMs, expiresMs: atMs + random.pick(60_000, 3_600_000) };
    const until = kind === 'pause' ? { untilMs: atMs + random.between(0, PAUSE_MAX_MS) } : {};
    const job = isOfCluster ? {} : { job: random.pick(...jobs) };
    return store.order(
      'c',
      { id: `${atMs}-${random.hex(2)}`, kind, who: 'anna', why: 'x', ...job, ...times, ...until },
      atMs,
    );
  };

export const PAUSE_MAX_MS = 120_000;

/** A job that ran before the autopilot came, under an id that is not ours and with the name of one of ours. */
export const resident = { id: 'f'.repeat(32), job: 'a' } as const;
