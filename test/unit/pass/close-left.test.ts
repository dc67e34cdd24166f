import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster, Order } from '../../../lib/core/model.ts';
import { sweep } from '../../../lib/sweep.ts';
import { aCluster, aJob, anOrder } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { jobsOf, subjectsOf } from './passes.ts';

const MINUTE = 60_000;
const runs = aJob({ flinkName: 'Main' });
const lost = aJob({ name: 'lost', mainClass: 'Lost', flinkName: 'Lost', jar: 's3://jars/lost.jar' });
const realtime = aCluster([runs, lost]);
const other = aCluster([], { name: 'other' });

/** The scheduled look of a minute, which ends before the next one begins. */
const minute = async (world: FakeWorld, clusters: readonly Cluster[], broken: Broken = {}): Promise<void> => {
  world.nowMs += MINUTE;
  await sweep(portsOf(world, broken), clusters, { untilMs: world.nowMs + 55_000 });
};

/** `orders` runs, `lost` lacks its jar and that was told. */
const watched = async (): Promise<FakeWorld> => {
  const world = createWorld();
  await minute(world, [realtime]);
  expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/lost']);
  return world;
};

const known = (world: FakeWorld) => world.store.clusters(world.nowMs);

/** Who asks ECS or Flink about any cluster fails. */
const untouchable = (): Broken => {
  const refuse = async (): Promise<never> => {
    throw new Error('nothing may be asked');
  };
  const flink = { identity: refuse, jobs: refuse, jobState: refuse, slots: refuse };
  return { ecs: { look: async ({ name }) => (name === 'other' ? SEES_NOTHING : refuse()) }, flink };
};
const SEES_NOTHING = { services: [], tasks: [], missing: [] };

/** SNS takes nothing for a while. */
const unheard: Broken = {
  alerts: {
    publish: async () => {
      throw new Fault('transient', 'ALERTS_UNAVAILABLE', 'throttled');
    },
  },
};

const closed = ['OPEN JAR_MISSING realtime/lost', 'CLOSED JAR_MISSING realtime/lost'];

describe('a cluster that left the manifest', () => {
  it('has its incidents closed and told with that reason, its memory kept, its job left alone, and is then forgotten (I4)', async () => {
    const world = await watched();
    const { jobs } = world.store.memory('realtime');
    const before = jobsOf(world);
    await minute(world, [other], untouchable());
    expect(subjectsOf(world)).toEqual(closed);
    expect(world.alerts.at(-1)?.text).toContain('Because: the cluster is no longer in the manifest');
    expect(await known(world)).toEqual(['other', 'realtime']);
    expect(world.store.leaseOf('realtime')).toBeUndefined();

    await minute(world, [other], untouchable());
    await minute(world, [other], untouchable());
    expect(await known(world)).toEqual(['other']);
    expect(subjectsOf(world)).toEqual(closed);
    expect(world.store.memory('realtime')).toMatchObject({
      jobs,
      incidents: [{ state: 'closed', closeToldMs: expect.any(Number) }],
    });
    expect(jobsOf(world)).toEqual(before);
    expect(world.store.leaseOf('realtime')).toBeUndefined();
    expect(world.violations).toEqual([]);
  });

  it('that comes back is worked on as ever, from its memory, and is known again', async () => {
    const world = await watched();
    for (const _ of [1, 2]) await minute(world, [other]);
    await minute(world, [realtime, other]);
    expect(await known(world)).toEqual(['other', 'realtime']);
    expect(subjectsOf(world)).toEqual([...closed, 'OPEN JAR_MISSING realtime/lost']);
    expect(jobsOf(world)).toHaveLength(1);
    expect(world.store.memory('realtime').jobs.orders?.attempts).toHaveLength(1);
    for (const _ of [1, 2]) await minute(world, [other]);
    expect(subjectsOf(world).at(-1)).toBe('CLOSED JAR_MISSING realtime/lost');
    expect(await known(world)).toEqual(['other']);
  });

  it('has what nobody was told of closed without a word', async () => {
    const world = createWorld();
    world.tasks = [];
    await minute(world, [realtime]);
    expect(world.store.memory('realtime').incidents).toMatchObject([{ state: 'pending' }]);
    for (const _ of [1, 2]) await minute(world, [other]);
    expect(world.store.memory('realtime').incidents).toMatchObject([{ state: 'closed' }]);
    expect(world.alerts).toEqual([]);
    expect(await known(world)).toEqual(['other']);
  });

  it('has its orders dropped, each with that reason, also where nothing was wrong', async () => {
    const world = createWorld();
    await minute(world, [aCluster([runs])]);
    const orders: readonly Order[] = [anOrder('restart'), anOrder('pause', { id: '0002' })];
    for (const order of orders) await world.store.order('realtime', order, world.nowMs);
    await minute(world, [other]);
    const because = 'the cluster is no longer in the manifest; anna: looked at it';
    expect(world.store.log('realtime').slice(-2)).toMatchObject([
      { what: 'restart dropped', job: 'orders', because, orderId: '0001' },
      { what: 'pause dropped', because, orderId: '0002' },
    ]);
    expect(world.store.memory('realtime').orders).toEqual([]);
    expect(jobManagerAt(world).jobs.size).toBe(1);
    await minute(world, [realtime]);
    expect(jobsOf(world)).toMatchObject([{ state: 'RUNNING' }]);
  });

  it('is told closed later where it could not be at once, and is known until then (F82)', async () => {
    const world = await watched();
    for (const _ of [1, 2]) await minute(world, [other], unheard);
    expect(world.store.memory('realtime').incidents).toMatchObject([{ state: 'closed' }]);
    expect(await known(world)).toEqual(['other', 'realtime']);
    for (const _ of [1, 2]) await minute(world, [other]);
    expect(subjectsOf(world)).toEqual(closed);
    expect(await known(world)).toEqual(['other']);
  });

  it('is left to who works on it still, and looked at again', async () => {
    const world = await watched();
    const claim = { owner: 'old', nowMs: world.nowMs, untilMs: world.nowMs + 90_000 };
    await world.store.acquire('realtime', claim, world.nowMs);
    await minute(world, [other]);
    expect(subjectsOf(world)).toHaveLength(1);
    await minute(world, [other]);
    expect(subjectsOf(world)).toEqual(closed);
  });

  it('closes and drops at most so much in one look, tells of nothing else, and goes on with the next', async () => {
    const world = createWorld();
    const count = defaults.incidentsMax + 1;
    const jobs = Array.from({ length: count }, (_, n) => aJob({ name: `j-${n}`, jar: 's3://jars/none.jar' }));
    const ids = Array.from({ length: defaults.ordersMax + 1 }, (_, n) => `${1_000 + n}`);
    for (const _ of [1, 2]) await minute(world, [aCluster(jobs)], unheard);
    for (const id of ids) await world.store.order('realtime', anOrder('release', { id }), world.nowMs);
    const open = () => world.store.memory('realtime').incidents.filter(({ state }) => state === 'open');
    expect(open()).toHaveLength(count);
    await minute(world, [other]);
    expect(open()).toHaveLength(1);
    expect(world.store.memory('realtime').orders).toHaveLength(1);
    await minute(world, [other]);
    expect(open()).toEqual([]);
    expect(await known(world)).toContain('realtime');
    await minute(world, [other]);
    expect(await known(world)).toEqual(['other']);
    expect(world.alerts).toEqual([]);
  });
});
