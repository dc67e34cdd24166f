import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { sweep } from '../../../lib/sweep.ts';
import { aCluster, t0 } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, portsOf } from './fake-ports.ts';

const MINUTE = 60_000;
const cluster = aCluster([]);
const names = (count: number) => Array.from({ length: count }, (_, n) => `left-${n}`);

const worldThatKnew = async (...left: readonly string[]): Promise<FakeWorld> => {
  const world = createWorld();
  for (const name of [...left, 'realtime']) await world.store.addCluster(name, t0);
  return world;
};

const look = (world: FakeWorld, broken: Broken = {}) =>
  sweep(portsOf(world, broken), [cluster], { untilMs: world.nowMs + 55_000 });

const throwing = (fault: Fault) => async () => {
  throw fault;
};

describe('the names of clusters', () => {
  it('cost a scheduled look one read, and a write for a new cluster only', async () => {
    const world = createWorld();
    const ofNames = () => world.storeCalls.filter((call) => /luster/.test(call));
    await look(world);
    expect(ofNames()).toEqual(['clusters', 'addCluster']);
    world.storeCalls.length = 0;
    await look(world);
    expect(world.storeCalls.toSorted()).toEqual(['acquire', 'clusters', 'load', 'release']);
  });

  it.each([1, defaults.leftClustersMax, defaults.leftClustersMax + 1])(
    'that left are looked at %i at a time at most, and all have their turn',
    async (count) => {
      const world = await worldThatKnew(...names(count));
      await look(world);
      expect(await world.store.clusters(t0)).toHaveLength(1 + Math.max(0, count - defaults.leftClustersMax));
      world.nowMs += MINUTE;
      await look(world);
      expect(await world.store.clusters(t0)).toEqual(['realtime']);
    },
  );

  it('that left take turns where one after the other fails, so that none keeps the last from theirs', async () => {
    const world = await worldThatKnew(...names(defaults.leftClustersMax + 1));
    const unreadable = new Fault('invalid', 'SCHEMA_NEWER', 'written by a newer release');
    const tried = new Set<string>();
    const load = async (name: string) => {
      if (name === 'realtime') return world.store.load(name, t0);
      tried.add(name);
      throw unreadable;
    };
    for (const _ of names(2)) {
      await expect(look(world, { store: { load } })).rejects.toBe(unreadable);
      world.nowMs += MINUTE;
    }
    expect(tried.size).toBe(defaults.leftClustersMax + 1);
  });

  it('of one that cannot be looked at stays, stops no other, and fails the look at its end, so that its alarm tells', async () => {
    const world = await worldThatKnew('left-0', 'left-1');
    const newer = new Fault('invalid', 'SCHEMA_NEWER', 'written by a newer release');
    const load = async (name: string) => {
      if (name === 'left-0') throw newer;
      return world.store.load(name, t0);
    };
    await expect(look(world, { store: { load } })).rejects.toBe(newer);
    expect(await world.store.clusters(t0)).toEqual(['left-0', 'realtime']);
    expect(world.lines).toContainEqual({
      message: 'cluster not looked at',
      fields: { cluster: 'left-0', kind: 'invalid', code: 'SCHEMA_NEWER', because: newer.message },
    });
  });

  it.each(['clusters', 'addCluster'] as const)(
    'where they cannot be had (%s) keep no cluster from its look, which fails at its end',
    async (method) => {
      const world = createWorld();
      const away = new Fault('transient', 'STORE_UNAVAILABLE', 'no answer');
      await expect(look(world, { store: { [method]: throwing(away) } })).rejects.toBe(away);
      expect(world.storeCalls).toContain('release');
      expect(world.lines).toContainEqual({
        message: 'names of clusters not known',
        fields: { kind: 'transient', code: 'STORE_UNAVAILABLE', because: 'no answer' },
      });
      await look(world);
      expect(await world.store.clusters(t0)).toEqual(['realtime']);
    },
  );

  it('fail the look where the end of what left can be told to nobody', async () => {
    const world = createWorld();
    const left = aCluster(undefined, { name: 'realtime' });
    world.jars.clear();
    await sweep(portsOf(world), [left], { untilMs: world.nowMs + 55_000 });
    const denied = new Fault('rejected', 'ALERTS_DENIED', 'sns:Publish is not allowed');
    world.nowMs += MINUTE;
    const others = sweep(portsOf(world, { alerts: { publish: throwing(denied) } }), [aCluster([], { name: 'b' })], {
      untilMs: world.nowMs + 55_000,
    });
    await expect(others).rejects.toBe(denied);
    expect(await world.store.clusters(t0)).toEqual(['b', 'realtime']);
  });
});
