import { describe, expect, it } from 'vitest';
import type { Order } from '../../../lib/core/model.ts';
import { aCluster, aFlinkJob, aJob, anOrder } from '../../support/builders.ts';
import { createWorld, type FakeWorld, jobManagerAt } from './fake-ports.ts';
import { hour, jobsOf, passes, subjectsOf } from './passes.ts';

const give = (world: FakeWorld, order: Order) =>
  world.store.order('realtime', { ...order, expiresMs: world.nowMs + hour }, 0);
const ordersIn = (world: FakeWorld) => world.store.memory('realtime').orders.map(({ id }) => id);
describe('a first install on a busy cluster (F127)', () => {
  const busy = (): FakeWorld => {
    const world = createWorld();
    for (const [n, name] of ['one', 'two', 'three', 'four', 'five'].entries())
      jobManagerAt(world).jobs.set(String(n).repeat(32), aFlinkJob(String(n).repeat(32), 'RUNNING', { name }));
    jobManagerAt(world).slots = 100;
    return world;
  };
  const names = ['one', 'two', 'three', 'four', 'five'];

  it('doubles nothing: what has a name of ours is adopted', async () => {
    const world = busy();
    await passes(world, 3, { cluster: aCluster(names.map((name) => aJob({ name, flinkName: name }))) });
    expect(jobsOf(world)).toHaveLength(5);
    expect(subjectsOf(world)).toEqual([]);
    const { jobs } = world.store.memory('realtime');
    expect(names.map((name, n) => jobs[name]?.attempts[0]?.jobId === String(n).repeat(32))).not.toContain(false);
  });

  it('holds what it cannot tell apart, until each live job is adopted or ignored', async () => {
    const world = busy();
    await passes(world, 2);
    expect(subjectsOf(world)).toEqual(['OPEN UNMATCHED_JOB realtime/orders']);
    for (const n of [0, 1, 2, 3, 4])
      await give(world, anOrder('ignore', { id: `000${n}`, jobId: String(n).repeat(32) }));
    await passes(world, 2);
    expect(jobsOf(world)).toHaveLength(6);
    expect(subjectsOf(world)).toEqual(['OPEN UNMATCHED_JOB realtime/orders', 'CLOSED UNMATCHED_JOB realtime/orders']);
  });
});

describe('a dry run', () => {
  it('writes nothing but incidents and what is seen, and its orders stay', async () => {
    const world = createWorld();
    await give(world, anOrder('pause'));
    const cluster = aCluster([aJob(), aJob({ name: 'b', jar: 's3://jars/none.jar' })], { mode: 'dry-run' });
    await passes(world, 3, { cluster });
    const { jobs, incidents } = world.store.memory('realtime');
    expect(jobs).toEqual({});
    expect(world.store.log('realtime')).toEqual([]);
    expect(ordersIn(world)).toEqual(['0001']);
    expect(incidents.map(({ key }) => key)).toEqual(['JAR_MISSING#b']);
    expect(jobsOf(world)).toEqual([]);
  });
});

describe('a job that leaves the manifest', () => {
  it('is left alone, its memory kept, and its incidents are closed with that reason', async () => {
    const world = createWorld();
    const gone = aJob({ name: 'gone', jar: 's3://jars/none.jar' });
    await passes(world, 2, { cluster: aCluster([aJob(), gone]) });
    const before = world.store.memory('realtime').jobs;
    await give(world, anOrder('release', { job: 'gone' }));
    await passes(world, 2, { cluster: aCluster([aJob({ name: 'other', flinkName: 'other' })]) });
    expect(world.store.memory('realtime').jobs).toMatchObject(before);
    expect(jobsOf(world).filter(({ state }) => state === 'RUNNING')).toHaveLength(2);
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/gone', 'CLOSED JAR_MISSING realtime/gone']);
    expect(world.alerts.at(-1)?.text).toContain('Because: gone is no longer in the manifest');
    expect(ordersIn(world)).toEqual([]);
  });

  it('when it comes back is known again, and not started twice', async () => {
    const world = createWorld();
    await passes(world, 2);
    await passes(world, 2, { cluster: aCluster([]) });
    await passes(world, 2);
    expect(jobsOf(world)).toHaveLength(1);
  });
});
