import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { leave, takeLease } from '../../../lib/lease.ts';
import { effectMs } from '../../../lib/pass.ts';
import { sweep } from '../../../lib/sweep.ts';
import { aCluster } from '../../support/builders.ts';
import { createWorld, portsOf } from './fake-ports.ts';

const minutes = 60_000;
const until = (nowMs: number): number => nowMs + defaults.lookMs;

describe('the lease of a cluster', () => {
  it('is taken when nobody holds it', async () => {
    const world = createWorld();
    const lease = await takeLease(portsOf(world), 'realtime', until(world.nowMs));
    expect(lease).toMatchObject({ cluster: 'realtime', untilMs: world.nowMs + defaults.leaseMs });
    expect(world.store.leaseOf('realtime')?.owner).toBe(lease?.owner);
  });

  it('of another owner is not taken, and the owner hears us (F30)', async () => {
    const world = createWorld();
    const first = await takeLease(portsOf(world), 'realtime', until(world.nowMs));
    const second = await takeLease(portsOf(world), 'realtime', until(world.nowMs));
    expect(second).toBeUndefined();
    expect(first && (await world.store.release(first, 0))?.bell).toBe((first?.bell ?? 0) + 1);
  });

  it.each([
    [0, false],
    [1, true],
  ])('of a frozen owner is taken over %i ms after its end: %s (F94)', async (lateMs, taken) => {
    const world = createWorld();
    const frozen = await takeLease(portsOf(world), 'realtime', until(world.nowMs));
    world.nowMs += defaults.leaseMs + lateMs;
    const next = await takeLease(portsOf(world), 'realtime', until(world.nowMs));
    expect(next !== undefined).toBe(taken);
    const commit =
      frozen && world.store.commit(frozen, { jobs: {}, incidents: [], log: [] }, world.nowMs, world.nowMs, 0);
    if (taken) await expect(commit).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('ends long before one that nobody honours, whatever its owner may do under it', () => {
    expect(Math.max(effectMs, defaults.leaseMs)).toBeLessThan(defaults.leaseFarMs / 5);
  });

  it('that a clock which was wrong left for a day keeps no scheduled look from the cluster (F92)', async () => {
    const world = createWorld();
    const day = 24 * 60 * minutes;
    const wrong = { owner: 'wrong', nowMs: world.nowMs + day, untilMs: world.nowMs + day + defaults.leaseMs };
    await world.store.acquire('realtime', wrong, 0);
    await sweep(portsOf(world), [aCluster()], { untilMs: world.nowMs + 55_000 });
    expect(world.lines.map(({ message }) => message)).toContain('pass');
    expect(world.store.memory('realtime').jobs.orders?.attempts).toHaveLength(1);
  });

  it('that is left between our try and our ring is taken: the owner did not hear us (F132)', async () => {
    const world = createWorld();
    const first = await takeLease(portsOf(world), 'realtime', until(world.nowMs));
    const ports = portsOf(world, {
      store: {
        ring: async (cluster, nowMs) => {
          if (first !== undefined) await world.store.release(first, 0);
          return world.store.ring(cluster, nowMs, 0);
        },
      },
    });
    expect(await takeLease(ports, 'realtime', until(world.nowMs))).toBeDefined();
  });

  it('of a scheduled look, which leaves without waiting, is taken by who came to wait', async () => {
    const world = createWorld();
    const look = await takeLease(portsOf(world), 'realtime', until(world.nowMs));
    const clock = {
      nowMs: () => world.nowMs,
      sleep: async (ms: number) => {
        world.nowMs += ms;
        const rung = look && (await world.store.release(look, 0));
        if (rung !== undefined) await world.store.release(rung, 0);
      },
    };
    const left = { ...portsOf(world), clock };
    expect(await takeLease(left, 'realtime', until(world.nowMs), world.nowMs + minutes)).toBeDefined();
  });

  it.each([
    ['of one who stays is left to them at once', 1, 0],
    ['of one who is about to leave is left to them after a while', 0, defaults.leasePatienceMs],
    ['of a long look is left to it after a while', undefined, defaults.leasePatienceMs],
  ])('%s, with one ring', async (_, longerMs, waitedMs) => {
    const world = createWorld();
    const fromMs = world.nowMs;
    const staysUntilMs = longerMs === undefined ? undefined : fromMs + defaults.leasePatienceMs + longerMs;
    const first = await takeLease(portsOf(world), 'realtime', until(fromMs), staysUntilMs);
    expect(await takeLease(portsOf(world), 'realtime', until(fromMs), fromMs + minutes)).toBeUndefined();
    expect(world.nowMs - fromMs).toBe(waitedMs);
    expect(first && (await world.store.release(first, 0))?.bell).toBe((first?.bell ?? 0) + 1);
  });

  it('is given up after a few tries when it is always just busy and just left (I9)', async () => {
    const world = createWorld();
    const ports = portsOf(world, { store: { acquire: async () => undefined, ring: async () => undefined } });
    expect(await takeLease(ports, 'realtime', until(world.nowMs))).toBeUndefined();
  });

  it('is given back before the time is up, also where the store gives no answer (I9)', async () => {
    const world = createWorld();
    const deadlines: number[] = [];
    const release: (typeof world.store)['release'] = async (lease, deadlineMs) => {
      deadlines.push(deadlineMs - world.nowMs);
      return deadlines.length < 2 ? lease : undefined;
    };
    const ports = portsOf(world, { store: { release } });
    const lease = await takeLease(ports, 'realtime', until(world.nowMs));
    if (lease !== undefined) await leave(ports, lease, world.nowMs + 1_000);
    if (lease !== undefined) await leave(ports, lease, world.nowMs + minutes);
    expect(deadlines).toEqual([1_000, 1_000, defaults.effectMarginMs]);
  });
});
