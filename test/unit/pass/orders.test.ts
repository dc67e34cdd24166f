import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import type { Order } from '../../../lib/core/model.ts';
import { anOrder, jm, t0 } from '../../support/builders.ts';
import { setState } from './fake-jobmanager.ts';
import { createWorld, type FakeWorld, jobManagerAt } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, passes, subjectsOf } from './passes.ts';

const give = (world: FakeWorld, order: Order) =>
  world.store.order('realtime', { ...order, expiresMs: world.nowMs + hour }, 0);
const ordersIn = (world: FakeWorld) => world.store.memory('realtime').orders.map(({ id }) => id);
const trail = (world: FakeWorld) => world.store.log('realtime').map(({ what }) => what);

describe('a person’s order', () => {
  it('is consumed with its consequence, once, and said in log and audit trail', async () => {
    const world = createWorld();
    await passes(world, 2);
    setState(jobManagerAt(world), attemptsOf(world)[0]?.jobId ?? '', 'CANCELED');
    await passes(world, 2);
    await give(world, anOrder('release'));
    await passes(world, 2);
    expect(ordersIn(world)).toEqual([]);
    expect(attemptsOf(world)).toMatchObject([
      { n: 1, acknowledged: true },
      { n: 2, sightedOn: jm() },
    ]);
    expect(trail(world)).toEqual(['run', 'accepted', 'release', 'run', 'accepted']);
    expect(world.lines.filter(({ message }) => message === 'order')).toMatchObject([
      { fields: { cluster: 'realtime', job: 'orders', order: 'release', because: 'anna: looked at it' } },
    ]);
    expect(subjectsOf(world)).toEqual(['OPEN JOB_CANCELED realtime/orders', 'CLOSED JOB_CANCELED realtime/orders']);
  });

  it('that means nothing is dropped, and the log line says why', async () => {
    const world = createWorld();
    await passes(world, 2);
    await give(world, anOrder('release'));
    await passes(world, 2);
    expect(ordersIn(world)).toEqual([]);
    expect(trail(world)).toEqual(['run', 'accepted', 'release dropped']);
    expect(world.lines.filter(({ message }) => message === 'order')).toMatchObject([
      { fields: { because: 'it is live: nothing holds it; anna: looked at it' } },
    ]);
  });

  it('is not consumed by a pass that cannot write (F81)', async () => {
    const world = createWorld();
    await give(world, anOrder('pause'));
    const commit = async () => {
      throw new Fault('transient', 'STORE_UNAVAILABLE', 'throttled');
    };
    await expect(passes(world, 1, { broken: { store: { commit } } })).rejects.toMatchObject({ kind: 'transient' });
    expect(ordersIn(world)).toEqual(['0001']);
    expect(world.lines.filter(({ message }) => message === 'order')).toEqual([]);
    await passes(world, 1);
    expect(ordersIn(world)).toEqual([]);
    expect(world.store.memory('realtime').jobs.orders?.pause).toMatchObject({ who: 'anna' });
  });

  it('for a whole cluster pauses all effects, until it ends by itself; alerts go on (F72)', async () => {
    const world = createWorld();
    const { job: _, ...order } = anOrder('pause', { untilMs: t0 + hour });
    await give(world, order);
    await passes(world, 2);
    expect(world.store.memory('realtime').pause).toMatchObject({ who: 'anna', untilMs: t0 + hour });
    expect(jobsOf(world)).toEqual([]);
    world.jars.clear();
    await passes(world, 1);
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders']);
    world.jars.set('s3://jars/orders.jar', { present: true, version: 'v1', sizeBytes: 1 });
    world.nowMs = t0 + hour;
    await passes(world, 2);
    expect(world.store.memory('realtime').pause).toBeUndefined();
    expect(jobsOf(world)).toHaveLength(1);
  });

  it('for a whole cluster that is over is taken away where nothing else is to be written', async () => {
    const world = createWorld();
    await passes(world, 2);
    const { job: _, ...order } = anOrder('pause', { untilMs: world.nowMs + hour });
    await give(world, order);
    await passes(world, 1);
    world.nowMs += hour;
    await passes(world, 1);
    expect(world.store.memory('realtime').pause).toBeUndefined();
  });

  it('of many is carried out in several passes, none of them lost', async () => {
    const world = createWorld();
    for (let n = 0; n < 50; n += 1) {
      const { job: _, ...order } = anOrder(n % 2 === 0 ? 'pause' : 'resume', { id: String(n).padStart(4, '0') });
      await give(world, order);
    }
    await passes(world, 3);
    expect(ordersIn(world)).toEqual([]);
    expect(trail(world).filter((what) => what === 'pause')).toHaveLength(25);
    expect(world.store.memory('realtime').pause).toBeUndefined();
  });
});
