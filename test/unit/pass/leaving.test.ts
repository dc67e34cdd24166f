import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster } from '../../support/builders.ts';
import { createWorld, portsOf } from './fake-ports.ts';

/** An invocation whose store rings at each release, and takes all of its time to say so. */
const leaving = async (forMs: number) => {
  const world = createWorld();
  const untilMs = world.nowMs + forMs;
  const asked: { readonly atMs: number; readonly deadlineMs: number }[] = [];
  const release: (typeof world.store)['release'] = async (lease, deadlineMs) => {
    asked.push({ atMs: world.nowMs, deadlineMs });
    world.nowMs = deadlineMs;
    return lease;
  };
  await reconcile(portsOf(world, { store: { release } }), aCluster([]), { untilMs, wait: false });
  return { world, untilMs, asked };
};

describe('an invocation that leaves while its store is slow and its bell rings again and again (I9)', () => {
  it.each([20_000, 7_000, 4_000, 1])('ends by its deadline: %i ms', async (forMs) => {
    const { world, untilMs, asked } = await leaving(forMs);
    expect(asked).not.toEqual([]);
    expect(asked.filter(({ deadlineMs }) => deadlineMs > untilMs)).toEqual([]);
    expect(world.nowMs).toBeLessThanOrEqual(untilMs);
  });

  it('begins no look that it has no time to save', async () => {
    const { world, asked } = await leaving(defaults.effectMarginMs + 2_000);
    expect(asked).toHaveLength(2);
    expect(world.storeCalls.filter((name) => name === 'load')).toHaveLength(1);
  });
});
