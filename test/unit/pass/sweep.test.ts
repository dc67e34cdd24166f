import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { sweep } from '../../../lib/sweep.ts';
import { aCluster, aJob, t0 } from '../../support/builders.ts';
import { createWorld, portsOf } from './fake-ports.ts';
import { jobsOf, subjectsOf } from './passes.ts';

const clusters = (count: number): readonly Cluster[] =>
  Array.from({ length: count }, (_, index) => aCluster([], { name: `cluster-${index}` }));

describe('a scheduled look at all clusters', () => {
  it.each([1, defaults.clustersAtOnce - 1, defaults.clustersAtOnce, defaults.clustersAtOnce + 1, 50])(
    'takes each of %i once, a bounded number side by side (F98)',
    async (count) => {
      const world = createWorld();
      const seen: string[] = [];
      let running = 0;
      let most = 0;
      const ecs = {
        look: async ({ name }: Cluster) => {
          seen.push(name);
          running += 1;
          most = Math.max(most, running);
          await new Promise(setImmediate);
          running -= 1;
          return { services: [], tasks: [], missing: [] };
        },
      };
      await sweep(portsOf(world, { ecs }), clusters(count), { untilMs: t0 + 55_000 });
      expect(seen.toSorted()).toEqual(
        clusters(count)
          .map(({ name }) => name)
          .toSorted(),
      );
      expect(most).toBe(Math.min(count, defaults.clustersAtOnce));
    },
  );

  it.each([
    new Fault('rejected', 'ALERTS_DENIED', 'sns:Publish is not allowed'),
    new Fault('rejected', 'ALERTS_TOPIC_MISSING', 'there is no topic alerts'),
  ])('fails at its end where nobody can be told, so that an alarm tells: $code', async (fault) => {
    const world = createWorld();
    const publish = async () => {
      throw fault;
    };
    const lost = { ...aCluster([aJob({ name: 'lost', jar: 's3://jars/lost.jar' }), aJob({ flinkName: 'x' })]) };
    const ports = portsOf(world, { alerts: { publish } });
    const look = () => sweep(ports, [lost], { untilMs: world.nowMs + 55_000 });
    await expect(look()).rejects.toBe(fault);
    expect(jobsOf(world)).toHaveLength(1);
    expect(world.store.leaseOf('realtime')).toBeUndefined();
    expect(world.lines).toContainEqual({
      message: 'people cannot be told',
      fields: { cluster: 'realtime', code: fault.code, because: fault.message },
    });
    await expect(look()).rejects.toBe(fault);

    await sweep(portsOf(world), [lost], { untilMs: world.nowMs + 55_000 });
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/lost']);
    await look();
    expect(subjectsOf(world)).toHaveLength(1);
  });

  it.each(['transient', 'unknown-outcome'] as const)(
    'does not fail where telling may pass by itself: %s',
    async (kind) => {
      const world = createWorld();
      world.jars.clear();
      const publish = async () => {
        throw new Fault(kind, 'ALERTS_UNAVAILABLE', 'throttled');
      };
      await sweep(portsOf(world, { alerts: { publish } }), [aCluster()], { untilMs: world.nowMs + 55_000 });
      await sweep(portsOf(world), [aCluster()], { untilMs: world.nowMs + 55_000 });
      expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders']);
    },
  );

  it('goes on where one cluster fails, and fails at its end, so that its alarm tells', async () => {
    const world = createWorld();
    const loaded: string[] = [];
    const load = async (cluster: string) => {
      loaded.push(cluster);
      if (cluster === 'cluster-0') throw new Fault('invalid', 'SCHEMA_NEWER', 'written by a newer release');
      return { jobs: {}, incidents: [], orders: [] };
    };
    const swept = sweep(portsOf(world, { store: { load } }), clusters(12), { untilMs: t0 + 55_000 });
    await expect(swept).rejects.toMatchObject({ code: 'SCHEMA_NEWER' });
    expect(loaded).toHaveLength(12);
    expect(world.lines).toContainEqual({
      message: 'cluster not looked at',
      fields: { cluster: 'cluster-0', kind: 'invalid', code: 'SCHEMA_NEWER', because: 'written by a newer release' },
    });
  });
});
