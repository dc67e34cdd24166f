import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Order } from '../../../lib/core/model.ts';
import { pass } from '../../../lib/pass.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aFlinkJob, aJob, anOrder, jm, t0 } from '../../support/builders.ts';
import { createJobManager, setState } from './fake-jobmanager.ts';
import { createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, leased, passes, subjectsOf } from './passes.ts';

const give = (world: FakeWorld, order: Order) =>
  world.store.order('realtime', { ...order, expiresMs: world.nowMs + hour }, 0);
const ordersIn = (world: FakeWorld) => world.store.memory('realtime').orders.map(({ id }) => id);
const trail = (world: FakeWorld) => world.store.log('realtime').map(({ what }) => what);

describe('a person’s order', () => {
  it('is consumed with its consequence, once, and said in log and audit trail', async () => {
    const world = createWorld();
    await passes(world, 2);
    setState(jobManagerAt(world), attemptsOf(world)[0]?.jobId ?? '', 'FAILED');
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
    expect(subjectsOf(world)).toEqual(['OPEN JOB_FAILED realtime/orders', 'CLOSED JOB_FAILED realtime/orders']);
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

describe('a cluster that is scaled to 0 (F129)', () => {
  it('is asleep: what was told of it and of its jobs is over, but not what a person has to decide', async () => {
    const world = createWorld();
    const failing = aCluster([aJob(), aJob({ name: 'wide', flinkName: 'wide', slots: 100 })]);
    await passes(world, 2, { cluster: failing });
    setState(jobManagerAt(world), attemptsOf(world)[0]?.jobId ?? '', 'FAILED');
    world.nowMs += defaults.slotsWithinMs;
    await passes(world, 2, { cluster: failing });
    world.jobManagers.clear();
    await passes(world, 1, { cluster: failing });
    world.nowMs += defaults.readyWithinMs;
    await passes(world, 2, { cluster: failing });
    const open = [
      'OPEN SLOTS_MISSING realtime/wide',
      'OPEN JOB_FAILED realtime/orders',
      'OPEN CLUSTER_NOT_READY realtime',
    ];
    expect(subjectsOf(world).toSorted()).toEqual(open.toSorted());
    world.desiredCount = 0;
    world.tasks = [];
    await passes(world, 2, { cluster: failing });
    expect(subjectsOf(world).slice(3).toSorted()).toEqual([
      'CLOSED CLUSTER_NOT_READY realtime',
      'CLOSED SLOTS_MISSING realtime/wide',
    ]);
    expect(world.alerts.at(-1)?.text).toContain('Because: all JobManager services have desiredCount 0');
  });
});

describe('a container that restarts inside its task (F123)', () => {
  it('is another process: its jobs are lost and started again, once', async () => {
    const world = createWorld();
    await passes(world, 2);
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    await passes(world, 3);
    expect(jobsOf(world).map(({ jobId }) => jobId)).toEqual([attemptsOf(world)[1]?.jobId]);
    expect(attemptsOf(world)).toMatchObject([{ end: { state: 'LOST' } }, { sightedOn: jm(1, 1) }]);
    expect(world.violations).toEqual([]);
  });
});
