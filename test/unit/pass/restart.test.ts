import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Order } from '../../../lib/core/model.ts';
import { pass } from '../../../lib/pass.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, anOrder, jm } from '../../support/builders.ts';
import { createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, leased, passes, subjectsOf } from './passes.ts';

const give = (world: FakeWorld, order: Order) =>
  world.store.order('realtime', { ...order, expiresMs: world.nowMs + hour }, 0);
const ordersIn = (world: FakeWorld) => world.store.memory('realtime').orders.map(({ id }) => id);
const trail = (world: FakeWorld) => world.store.log('realtime').map(({ what }) => what);

describe('a restart', () => {
  const running = async (): Promise<FakeWorld> => {
    const world = createWorld();
    await passes(world, 2);
    await give(world, anOrder('restart'));
    return world;
  };

  it('cancels the job and starts the next attempt, also in a look that only passes by', async () => {
    const world = await running();
    world.nowMs += hour;
    await give(world, anOrder('restart'));
    const sinceMs = world.nowMs;
    await reconcile(portsOf(world), aCluster(), { untilMs: world.nowMs + 55_000, wait: false });
    expect(jobsOf(world).map(({ state }) => state)).toEqual(['CANCELED', 'RUNNING']);
    expect(world.nowMs - sinceMs).toBeLessThanOrEqual(2 * defaults.pollFastMs);
    expect(attemptsOf(world)).toMatchObject([
      { n: 1, end: { state: 'CANCELED' }, stop: { how: 'cancel', order: 'restart', to: jm() } },
      { n: 2, sightedOn: jm() },
    ]);
    expect(trail(world)).toEqual(['run', 'accepted', 'restart', 'cancel', 'run', 'accepted']);
    expect(subjectsOf(world)).toEqual([]);
    expect(world.violations).toEqual([]);
  });

  it('stays for slots that come back a moment later, also in a look that only passes by', async () => {
    const world = await running();
    world.nowMs += hour;
    await give(world, anOrder('restart'));
    jobManagerAt(world).slots = 0;
    const sleep = async (ms: number) => {
      world.nowMs += ms;
      jobManagerAt(world).slots = 4;
    };
    const ports = portsOf(world);
    await reconcile({ ...ports, clock: { ...ports.clock, sleep } }, aCluster(), {
      untilMs: world.nowMs + 55_000,
      wait: false,
    });
    expect(jobsOf(world).map(({ state }) => state)).toEqual(['CANCELED', 'RUNNING']);
  });

  it.each([
    ['before the call', false],
    ['after it', true],
  ])('whose invocation dies %s goes on in the next one', async (_, arrives) => {
    const world = await running();
    const ports = portsOf(world);
    let called = false;
    const cancel: typeof ports.flink.cancel = async (...call) => {
      called = true;
      if (arrives) await ports.flink.cancel(...call);
      return new Promise(() => undefined);
    };
    const dying = { ...ports, flink: { ...ports.flink, cancel } };
    void pass(dying, { cluster: aCluster(), lease: await leased(world), outcomes: [], untilMs: world.nowMs + hour });
    await expect.poll(() => called, { interval: 1 }).toBe(true);
    expect(ordersIn(world)).toEqual([]);
    expect(attemptsOf(world)[0]?.stop).toMatchObject({ order: 'restart', to: jm() });
    world.nowMs += Math.max(hour / 60, defaults.cancelAgainMs);
    await passes(world, 3);
    expect(jobsOf(world).map(({ state }) => state)).toEqual(['CANCELED', 'RUNNING']);
    expect(world.violations).toEqual([]);
  });

  it('that does not end is told, once, and once when it is over', async () => {
    const world = await running();
    const cancel = async () => {
      throw new Fault('transient', 'FLINK_UNREACHABLE', 'no answer');
    };
    await passes(world, 2, { broken: { flink: { cancel } } });
    world.nowMs += defaults.cancelWithinMs;
    await passes(world, 1, { broken: { flink: { cancel } } });
    expect(subjectsOf(world)).toEqual(['OPEN CANCEL_UNFINISHED realtime/orders']);
    world.nowMs += defaults.cancelAgainMs;
    await passes(world, 3);
    expect(subjectsOf(world).slice(1)).toEqual(['CLOSED CANCEL_UNFINISHED realtime/orders']);
    expect(jobsOf(world)).toHaveLength(2);
  });

  it('is not sent with less time left than an effect may take, and not lost (F89)', async () => {
    const world = await running();
    await pass(portsOf(world), {
      cluster: aCluster(),
      lease: await leased(world),
      outcomes: [],
      untilMs: world.nowMs + 1_000,
    });
    expect(jobsOf(world).map(({ state }) => state)).toEqual(['RUNNING']);
    await passes(world, 3);
    expect(jobsOf(world).map(({ state }) => state)).toEqual(['CANCELED', 'RUNNING']);
  });
});
