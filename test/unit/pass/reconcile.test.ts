import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aJob, jm, t0 } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, portsOf } from './fake-ports.ts';
import { attemptsOf, jobsOf, subjectsOf } from './passes.ts';

const minutes = 60_000;
const brought = (world: FakeWorld, wait: boolean, broken: Broken = {}, cluster = aCluster(), forMs = 3 * minutes) =>
  reconcile(portsOf(world, broken), cluster, { untilMs: world.nowMs + forMs, wait });
const linesOf = (world: FakeWorld) => world.lines.map(({ message }) => message);

describe('an invocation', () => {
  it('starts the job, sees it live and leaves the lease', async () => {
    const world = createWorld();
    await brought(world, true);
    expect(jobsOf(world)).toHaveLength(1);
    expect(attemptsOf(world)).toMatchObject([{ sightedOn: jm(), posts: [{ answer: 'accepted' }] }]);
    expect(world.store.leaseOf('realtime')).toBeUndefined();
    expect(world.violations).toEqual([]);
  });

  it('tells what is wrong with one job while another one is still being submitted', async () => {
    const world = createWorld();
    let told = (): void => {};
    const isTold = new Promise<void>((done) => {
      told = done;
    });
    const run = () => isTold;
    const publish = async () => told();
    const jobs = [aJob(), aJob({ name: 'unbuilt', jar: 's3://jars/unbuilt.jar' })];
    await brought(world, false, { flink: { run }, alerts: { publish } }, aCluster(jobs));
    expect(attemptsOf(world)).toMatchObject([{ posts: [{ answer: 'accepted' }] }]);
  });

  it('on a quiet cluster calls the store at most four times and writes nothing but the lease (F01)', async () => {
    const world = createWorld();
    await brought(world, true);
    const before = world.store.memory('realtime');
    world.storeCalls.length = 0;
    await brought(world, true);
    expect(world.storeCalls).toEqual(['acquire', 'load', 'release']);
    expect(world.store.memory('realtime')).toEqual(before);
  });

  it.each([
    [false, ['acquire', 'ring']],
    // A scheduled look would be over soon: an invocation that may wait asks a few times more.
    [true, ['acquire', 'ring', 'acquire', 'acquire', 'acquire']],
  ])(
    'that finds another one at work rings its bell once and leaves (F30, F93); it may wait: %s',
    async (wait, calls) => {
      const world = createWorld();
      await world.store.acquire('realtime', { owner: 'another', nowMs: t0, untilMs: t0 + minutes }, t0);
      await brought(world, wait);
      expect(world.storeCalls).toEqual(calls);
      expect(linesOf(world)).toEqual(['busy, rang the bell']);
      expect(jobsOf(world)).toEqual([]);
    },
  );

  it('takes a job for itself, whatever word it is called by (F37)', async () => {
    const world = createWorld();
    await brought(world, false, {}, aCluster([aJob({ name: 'constructor' }), aJob({ name: 'toString' })]));
    expect(jobsOf(world)).toHaveLength(2);
  });

  it('whose bell rang while it worked looks again before it leaves (F132)', async () => {
    const world = createWorld();
    world.jars.clear();
    let rings = 0;
    const release: (typeof world.store)['release'] = async (lease) => {
      if (rings === 0) {
        rings += 1;
        world.jars.set('s3://jars/orders.jar', { present: true, version: 'v1', sizeBytes: 1 });
        await world.store.ring('realtime', world.nowMs, 0);
      }
      return world.store.release(lease, 0);
    };
    await brought(world, false, { store: { release } });
    expect(jobsOf(world)).toHaveLength(1);
    expect(world.store.leaseOf('realtime')).toBeUndefined();
  });

  it('that somebody took over from stops quietly (F94)', async () => {
    const world = createWorld();
    const look = async () => {
      world.nowMs += defaults.leaseMs + 1;
      await world.store.acquire(
        'realtime',
        { owner: 'another', nowMs: world.nowMs, untilMs: world.nowMs + minutes },
        0,
      );
      throw new Fault('transient', 'SLOW', 'slow');
    };
    await brought(world, true, { ecs: { look } });
    expect(linesOf(world).at(-1)).toBe('someone else took over');
    expect(world.store.leaseOf('realtime')?.owner).toBe('another');
  });

  it('without its store throws, and does nothing (F81, I8)', async () => {
    const world = createWorld();
    const load = async () => {
      throw new Fault('transient', 'STORE_UNAVAILABLE', 'throttled');
    };
    await expect(brought(world, true, { store: { load } })).rejects.toMatchObject({ kind: 'transient' });
    expect(jobsOf(world)).toEqual([]);
  });

  it('on an event never fails for an alert that is refused: it would come again to no avail', async () => {
    const world = createWorld();
    world.jars.clear();
    const publish = async () => {
      throw new Fault('rejected', 'ALERTS_DENIED', 'sns:Publish is not allowed');
    };
    await expect(brought(world, true, { alerts: { publish } })).resolves.toMatchObject({ code: 'ALERTS_DENIED' });
    expect(world.store.leaseOf('realtime')).toBeUndefined();
  });

  it('of a job that cannot be started now ends at once, unless waiting helps (F44)', async () => {
    const world = createWorld();
    world.jars.clear();
    await brought(world, true);
    expect(world.nowMs).toBe(t0);
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders']);
  });
});
