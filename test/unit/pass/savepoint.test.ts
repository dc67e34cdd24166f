import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import type { Job } from '../../../lib/core/model.ts';
import { aCluster, anOrder, aStatefulJob } from '../../support/builders.ts';
import { createWorld, type FakeWorld } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, passes } from './passes.ts';

const cluster = aCluster([aStatefulJob()], { savepointDir: 's3://state/savepoints' });
const give = (world: FakeWorld, kind: 'savepoint' | 'restart') =>
  world.store.order('realtime', { ...anOrder(kind), expiresMs: world.nowMs + hour }, 0);
const trail = (world: FakeWorld) => world.store.log('realtime').map(({ what }) => what);
const savepointsOf = (world: FakeWorld) => world.snapshots.paths().filter((path) => path.includes('/savepoint-'));

describe('a savepoint that a person ordered', () => {
  it('is taken while the job runs on, and is the newest of its ledger', async () => {
    const world = createWorld();
    await passes(world, 2, { cluster });
    await give(world, 'savepoint');
    await passes(world, 3, { cluster });
    const [attempt] = attemptsOf(world);
    expect(jobsOf(world)).toMatchObject([{ state: 'RUNNING' }]);
    expect(savepointsOf(world)).toEqual([`${attempt?.snapshots?.[0]?.path}/_metadata`]);
    expect(attempt?.snapshots?.[0]?.path).toContain(`s3://state/savepoints/${attempt?.jobId}/`);
    expect(attempt?.savepoint).toBeUndefined();
    expect(trail(world)).toEqual(['run', 'accepted', 'savepoint', 'savepoint', 'savepoint completed']);
  });

  it('whose call had no answer is asked for again under its trigger: there is one (F58)', async () => {
    const world = createWorld();
    await passes(world, 2, { cluster });
    await give(world, 'savepoint');
    const savepoint = async () => {
      throw new Fault('unknown-outcome', 'FLINK_UNREACHABLE', 'socket hang up');
    };
    await passes(world, 1, { cluster, broken: { flink: { savepoint } } });
    expect(attemptsOf(world)).toMatchObject([{ savepoint: { triggerId: expect.stringMatching(/^[0-9a-f]{32}$/) } }]);
    await passes(world, 3, { cluster });
    expect(savepointsOf(world)).toHaveLength(1);
    expect(attemptsOf(world)[0]?.savepoint).toBeUndefined();
  });
});

describe('scheduled savepoints', () => {
  const every: Job = aStatefulJob({ savepoints: { every: '1h', keep: 2 } });
  const scheduled = aCluster([every], { savepointDir: 's3://state/savepoints' });

  it('are taken one after the other, and those beyond `keep` are deleted', async () => {
    const world = createWorld();
    for (let hours = 0; hours < 5; hours += 1) {
      await passes(world, 5, { cluster: scheduled });
      world.nowMs += hour;
    }
    expect(savepointsOf(world)).toHaveLength(2);
    expect(trail(world).filter((what) => what === 'savepoint completed')).toHaveLength(5);
    expect(trail(world).filter((what) => what === 'dispose')).toHaveLength(3);
    const kept = attemptsOf(world)[0]?.snapshots?.filter(({ disposedMs }) => disposedMs === undefined);
    expect(kept?.map(({ path }) => `${path}/_metadata`).toSorted()).toEqual(savepointsOf(world).toSorted());
  });
});
