import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { aCluster, aJob, anOrder, lineageOf, t0 } from '../../support/builders.ts';
import { setState } from '../pass/fake-jobmanager.ts';
import { jobManagerAt } from '../pass/fake-ports.ts';
import { answered } from './ask.ts';
import { failed, order, ordersIn, paused, theirs, withTheirs } from './given.ts';

describe('an order', () => {
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
});
