import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { aCluster, aFlinkJob, aJob, anOrder, jm, lineageOf, t0 } from '../../support/builders.ts';
import { setState } from '../pass/fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt } from '../pass/fake-ports.ts';
import { answered, ask, lookedAt, refused } from './ask.ts';

const theirs = 'f'.repeat(32);
const order = (kind: string, more: object = {}): object => ({
  kind,
  cluster: 'realtime',
  who: '李雷@laptop',
  why: 'größer\nals zuvor',
  ...(kind === 'pause' || kind === 'resume' ? {} : { job: 'orders' }),
  ...(kind === 'adopt' || kind === 'ignore' ? { jobId: theirs } : {}),
  ...more,
});

/** Somebody else holds the lease, so that an order stays where it was written. */
const busy = async (world: FakeWorld): Promise<FakeWorld> => {
  await world.store.acquire('realtime', { owner: 'another', nowMs: t0, untilMs: t0 + 9_000 }, t0);
  return world;
};
const ordersIn = (world: FakeWorld) => world.store.memory('realtime').orders;
const running = async (): Promise<FakeWorld> => {
  const world = createWorld();
  await lookedAt(world);
  return world;
};
/** Its only attempt is FAILED, and held. */
const failed = async (): Promise<FakeWorld> => {
  const world = await running();
  for (const id of jobManagerAt(world).jobs.keys()) setState(jobManagerAt(world), id, 'FAILED');
  await lookedAt(world);
  world.nowMs += 60_000;
  return world;
};
const withTheirs = (): FakeWorld => {
  const world = createWorld();
  jobManagerAt(world).jobs.set(theirs, aFlinkJob(theirs, 'RUNNING', { name: 'Theirs' }));
  return world;
};

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

  it('is answered with what came of it at once', async () => {
    const world = await failed();
    const answer = await answered('order', world, order('release'));
    expect(answer.came).toBe('taken');
    expect(answer.entries.map(({ what }) => what).toSorted()).toEqual(['accepted', 'release', 'run']);
    expect(answer).not.toHaveProperty('because');
    expect(answer.status?.jobs).toMatchObject([{ job: 'orders', verdict: 'steady', remembered: { attempt: 2 } }]);
    expect(ordersIn(world)).toEqual([]);
  });

  it('that somebody was faster with is told to be dropped, with the reason', async () => {
    const world = await failed();
    const acquire: (typeof world.store)['acquire'] = async (...args) => {
      for (const id of jobManagerAt(world).jobs.keys()) setState(jobManagerAt(world), id, 'RUNNING');
      return world.store.acquire(...args);
    };
    const answer = await answered('order', world, order('release'), { broken: { store: { acquire } } });
    expect(answer).toMatchObject({ came: 'dropped', because: expect.stringContaining('it is live: nothing holds it') });
    expect(ordersIn(world)).toEqual([]);
  });

  it('is not taken for another one of its kind that was dropped at that moment', async () => {
    const world = await paused();
    const acquire: (typeof world.store)['acquire'] = async (...args) => {
      await world.store.order('realtime', anOrder('resume', { id: '9999', atMs: t0, expiresMs: t0 + 1_000 }), t0);
      return world.store.acquire(...args);
    };
    const answer = await answered('order', world, order('resume'), { broken: { store: { acquire } } });
    expect(answer.entries.map(({ what }) => what)).toContain('resume dropped');
    expect(answer.came).toBe('taken');
    const line = world.store.log('realtime').find(({ orderId }) => orderId === answer.order.id);
    expect(line?.what).toBe('resume');
  });

  it('is found among the many lines of other jobs', async () => {
    const world = await failed();
    jobManagerAt(world).slots = 100;
    const others = Array.from({ length: 20 }, (_, n) => aJob({ name: `n-${n}`, lineage: lineageOf(`n-${n}`) }));
    const acquire: (typeof world.store)['acquire'] = async (...args) => {
      for (const id of jobManagerAt(world).jobs.keys()) setState(jobManagerAt(world), id, 'RUNNING');
      return world.store.acquire(...args);
    };
    const commit: (typeof world.store)['commit'] = (...args) => {
      world.nowMs += 1;
      return world.store.commit(...args);
    };
    const given = { clusters: [aCluster([aJob(), ...others])], broken: { store: { acquire, commit } } };
    const answer = await answered('order', world, order('release'), given);
    expect(world.store.log('realtime').length).toBeGreaterThan(40);
    expect(answer).toMatchObject({ came: 'dropped', because: expect.stringContaining('nothing holds it') });
  });

  const away = () => Promise.reject(new Fault('transient', 'STORE_UNAVAILABLE', 'throttled'));

  it('that is gone while the audit trail cannot be read is not known to be taken', async () => {
    const world = await paused();
    const answer = await answered('order', world, order('resume'), { broken: { store: { history: away } } });
    expect(ordersIn(world)).toEqual([]);
    expect(answer).toMatchObject({ came: 'unknown', because: 'STORE_UNAVAILABLE: throttled', entries: [] });
  });

  it.each<[string, boolean, object]>([
    ['is known by its line', true, { came: 'taken' }],
    ['is unknown without its line', false, { came: 'unknown', because: 'STORE_UNAVAILABLE: throttled' }],
  ])('whose cluster cannot be read afterwards %s', async (_, hasTrail, expected) => {
    const world = await paused();
    let isOver = false;
    const load: (typeof world.store)['load'] = (...args) => (isOver ? away() : world.store.load(...args));
    const release: (typeof world.store)['release'] = (...args) => {
      isOver = true;
      return world.store.release(...args);
    };
    const broken = { store: { load, release, ...(hasTrail ? {} : { history: away }) } };
    const answer = await answered('order', world, order('resume'), { broken });
    expect(answer).toMatchObject({ ...expected, status: { rung: 'unknown' } });
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

  it('is answered with what was done to its own job alone, and with time left to see it', async () => {
    const world = withTheirs();
    const clusters = [aCluster([aJob(), aJob({ name: 'audit', flinkName: 'Audit' })])];
    const deadlines: number[] = [];
    const acquire: (typeof world.store)['acquire'] = (cluster, claim, deadlineMs) => {
      deadlines.push(deadlineMs);
      return world.store.acquire(cluster, claim, deadlineMs);
    };
    const given = { clusters, broken: { store: { acquire } }, forMs: defaults.lookMs + 1_000 };
    const answer = await answered('order', world, order('ignore', { jobId: theirs }), { clusters });
    expect(answer).toMatchObject({ came: 'taken' });
    expect(world.store.log('realtime').map(({ job }) => job)).toContain('audit');
    expect(answer.entries.map(({ job }) => job)).not.toContain('audit');
    await answered('order', world, order('pause'), given);
    expect(deadlines).toEqual([t0 + 1_000]);
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

const changed = aCluster([aJob({ revision: 'rev-2', args: ['--new'] })]);
const blind: Broken = { flink: { jobs: () => Promise.reject(new Fault('transient', 'UNREACHABLE', 'refused')) } };
const paused = async (): Promise<FakeWorld> => {
  const world = await running();
  await answered('order', world, order('pause'));
  return world;
};
const twice = async (): Promise<FakeWorld> => {
  const world = await running();
  const [job] = jobManagerAt(world).jobs.values();
  if (job === undefined) throw new Error('no job');
  const jobId = `${job.jobId.slice(0, 16)}00000002${'0'.repeat(8)}`;
  jobManagerAt(world).jobs.set(jobId, { ...job, jobId });
  return world;
};
const made = async (): Promise<FakeWorld> => createWorld();

describe('an order that cannot be carried out is refused with the reason, and not written', () => {
  it.each<[string, () => Promise<FakeWorld>, object, RegExp, Cluster?]>([
    ['restart of what is disabled', running, order('restart'), /enabled: false/, aCluster([aJob({ enabled: false })])],
    ['restart in watch', running, order('restart'), /`mode: watch`/, aCluster([aJob()], { mode: 'watch' })],
    [
      'restart of what is not live, in a dry run',
      made,
      order('restart'),
      /it is not live/,
      aCluster([aJob()], { mode: 'dry-run' }),
    ],
    [
      'restart in watch of the job',
      running,
      order('restart'),
      /`mode: watch`/,
      aCluster([aJob({ mode: 'watch' })], { mode: 'dry-run' }),
    ],
    ['resuming what is not paused', running, order('resume'), /it is not paused/],
    ['release of what was never submitted', made, order('release'), /it was never submitted/],
    ['restart of what is not live', made, order('restart'), /it is not live; `release` ends a hold/],
    ['restart of two live copies', twice, order('restart'), /more than one copy of it is live/],
    ['apply without drift', running, order('apply'), /it runs what the manifest says; `restart` starts that again/],
    [
      'adoption of what is not there',
      made,
      order('adopt'),
      /no job f{32} is live on realtime; no foreign job is live there/,
    ],
    [
      'ignoring what is not there, beside another',
      async () => withTheirs(),
      order('ignore', { jobId: 'e'.repeat(32) }),
      /no job e{32} is live on realtime; live and foreign: f{32} "Theirs"/,
    ],
  ])('%s', async (_, create, request, reason, cluster = aCluster()) => {
    const world = await create();
    const answer = await refused(world, { op: 'order', ...request }, { clusters: [cluster] });
    expect(answer).toEqual({ ok: false, why: 'refused', problems: [expect.stringMatching(reason)] });
    expect(ordersIn(world)).toEqual([]);
  });

  it('adoption of our own attempt', async () => {
    const world = await running();
    const [own] = jobManagerAt(world).jobs.keys();
    const answer = await refused(world, { op: 'order', ...order('ignore', { jobId: own }) });
    expect(answer).toMatchObject({
      why: 'refused',
      problems: [`${own} is an attempt of the autopilot itself, or adopted: there is nothing to ignore`],
    });
  });
});

describe('an order that may be carried out is written', () => {
  it.each<[string, () => Promise<FakeWorld>, object, Cluster?, Broken?]>([
    ['restart of a running job', running, order('restart')],
    ['apply of a changed entry', running, order('apply'), changed],
    ['restart of what cannot be seen now', running, order('restart'), aCluster(), blind],
    ['adoption of a live foreign job', async () => withTheirs(), order('adopt')],
    ['ignoring one', async () => withTheirs(), order('ignore')],
    ['adoption where nothing can be seen now', made, order('adopt'), aCluster(), blind],
    ['release of a held job', failed, order('release')],
    ['pause of a job', made, order('pause', { job: 'orders' })],
    ['resume', paused, order('resume')],
  ])('%s', async (_, create, request, cluster = aCluster(), broken = {}) => {
    const world = await create();
    world.nowMs += 1;
    await world.store.acquire('realtime', { owner: 'another', nowMs: world.nowMs, untilMs: world.nowMs + 9_000 }, t0);
    await answered('order', world, request, { clusters: [cluster], broken });
    expect(ordersIn(world)).toMatchObject([{ atMs: world.nowMs }]);
  });
});

it('an order wakes nobody but its own cluster', async () => {
  const world = createWorld();
  const clusters = [aCluster(), aCluster([], { name: 'batch' })];
  await answered('order', world, order('pause', { cluster: 'batch' }), { clusters });
  expect(ordersIn(world)).toEqual([]);
  expect([...(world.jobManagers.get(jm().address)?.jobs.keys() ?? [])]).toEqual([]);
});
