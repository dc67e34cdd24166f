import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { aCluster, aJob, jm, t0 } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt } from '../pass/fake-ports.ts';
import { answered, ask, lookedAt } from './ask.ts';
import { busy, order, ordersIn, running } from './given.ts';

describe('an order', () => {
  it('is written with its id, who, why, and when it is dropped', async () => {
    const world = await busy(createWorld());
    const { order: given, came, because } = await answered('order', world, order('pause', { forMs: 7_200_000 }));
    expect(ordersIn(world)).toEqual([
      {
        id: expect.stringMatching(/^1767323045000-[0-9a-f]{8}$/),
        kind: 'pause',
        who: '李雷@laptop',
        why: 'größer\nals zuvor',
        atMs: t0,
        expiresMs: t0 + defaults.orderWithinMs,
        untilMs: t0 + 7_200_000,
      },
    ]);
    expect(given).toEqual({ ...ordersIn(world)[0], cluster: 'realtime' });
    expect({ came, because }).toEqual({
      came: 'open',
      because: 'a pass is under way: the order is taken by it, or by the next one',
    });
    expect(world.storeCalls).toContain('ring');
  });

  it('is answered as taken, although nobody can be told what came of it: alerts are refused', async () => {
    const world = createWorld();
    world.jars.clear();
    const publish = async () => {
      throw new Fault('rejected', 'ALERTS_DENIED', 'sns:Publish is not allowed');
    };
    const answer = await answered('order', world, order('pause'), { broken: { alerts: { publish } } });
    expect(answer.came).toBe('taken');
    expect(JSON.stringify(answer)).not.toContain('sns:Publish');
  });

  it('is one of two when two people give one at the same moment, and both are listed', async () => {
    const world = await busy(createWorld());
    const both = [answered('order', world, order('pause')), answered('order', world, order('pause'))];
    const ids = (await Promise.all(both)).map((answer) => answer.order.id);
    expect(new Set(ids).size).toBe(2);
    const { orders } = await answered('orders', world);
    expect(orders.map(({ id, cluster }) => [id, cluster])).toEqual(ids.toSorted().map((id) => [id, 'realtime']));
    expect(await answered('orders', world, { cluster: 'realtime', job: 'orders' })).toMatchObject({ orders: [] });
  });

  it('in a dry run stays where it is, and the answer says why', async () => {
    const clusters = [aCluster([aJob()], { mode: 'dry-run' })];
    const world = await running();
    const answer = await answered('order', world, order('restart'), { clusters });
    expect(answer).toMatchObject({
      came: 'open',
      because: 'mode dry-run (of the cluster in the manifest): `plan` shows what it would do',
      status: { jobs: [{ verdict: 'would', orders: [{ kind: 'restart' }] }] },
    });
    const plan = await answered('plan', world, {}, { clusters });
    expect(plan.clusters[0]?.jobs).toMatchObject([{ would: { kind: 'cancel', attempt: 1, to: jm().address } }]);
    expect([...jobManagerAt(world).jobs.values()]).toMatchObject([{ state: 'RUNNING' }]);
  });

  it('for a job that is paused is taken, and shown to wait for the end of the pause', async () => {
    const world = await running();
    const paused = await answered('order', world, order('pause', { job: 'orders', forMs: 3_600_000 }));
    expect(paused).toMatchObject({
      came: 'taken',
      status: { jobs: [{ pause: { who: '李雷@laptop', untilMs: t0 + 3_600_000 } }] },
    });
    const restart = await answered('order', world, order('restart'));
    expect(restart).toMatchObject({ came: 'taken', status: { jobs: [{ verdict: 'wait' }] } });
    expect(restart.status?.jobs[0]?.because).toContain('not done: paused by 李雷@laptop');
    // Nothing was cancelled yet, so nobody is told that it does not end.
    world.nowMs += 10 * 60_000;
    await lookedAt(world);
    expect(world.alerts).toEqual([]);
  });

  it('that is written stays so when the look afterwards fails, and says that', async () => {
    const world = createWorld();
    const acquire = () => Promise.reject(new Fault('transient', 'STORE_UNAVAILABLE', 'throttled'));
    const answer = await answered('order', world, order('pause'), { broken: { store: { acquire } } });
    expect(answer).toMatchObject({ came: 'open', because: 'STORE_UNAVAILABLE: throttled' });
    expect(ordersIn(world)).toHaveLength(1);
  });

  it.each<[string, Broken]>([
    ['read', { store: { load: () => Promise.reject(new Fault('transient', 'STORE_UNAVAILABLE', 'away')) } }],
    ['written', { store: { order: () => Promise.reject(new Fault('unknown-outcome', 'STORE_UNAVAILABLE', 'away')) } }],
  ])('is not taken for given when the memory cannot be %s', async (_, broken) => {
    const world = createWorld();
    const answer = await ask(world, { op: 'order', ...order('pause') }, { broken });
    expect(answer).toMatchObject({
      ok: false,
      why: 'unavailable',
      problems: [expect.stringContaining('STORE_UNAVAILABLE: away')],
    });
    expect(ordersIn(world)).toEqual([]);
  });
});

const _paused = async (): Promise<FakeWorld> => {
  const world = await running();
  await answered('order', world, order('pause'));
  return world;
};
it('an order wakes nobody but its own cluster', async () => {
  const world = createWorld();
  const clusters = [aCluster(), aCluster([], { name: 'batch' })];
  await answered('order', world, order('pause', { cluster: 'batch' }), { clusters });
  expect(ordersIn(world)).toEqual([]);
  expect([...(world.jobManagers.get(jm().address)?.jobs.keys() ?? [])]).toEqual([]);
});
