import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Order, Storage } from '../../../lib/core/model.ts';
import { aCluster, anOrder, aStatefulJob, aStorage, aTask, jm, stopped } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, jobsOf, passes } from './passes.ts';

const cluster = aCluster([aStatefulJob()]);
const looks = (world: FakeWorld, count: number, broken: Broken = {}) => passes(world, count, { broken, cluster });
const chk = (jobId: string | undefined, id: number): string => `s3://state/checkpoints/${jobId}/chk-${id}`;
const newest = (world: FakeWorld) => attemptsOf(world).at(-1);
const sources = (world: FakeWorld) => attemptsOf(world).map(({ source }) => source?.path);

/** Another process takes the place of the JobManager, in a task of its own; the jobs are gone. */
const replaced = (world: FakeWorld, n: number, storage: Partial<Storage> = {}): void => {
  world.jobManagers.clear();
  world.jobManagers.set(jm(n).address, createJobManager(jm(n).process, { storage: aStorage(storage) }));
  world.tasks = [
    ...world.tasks.map(({ taskArn, ...task }) => ({ ...stopped(jm()), ...task, taskArn, ...END })),
    aTask(jm(n)),
  ];
};
const END = { desiredStatus: 'STOPPED', lastStatus: 'STOPPED' } as const;

/** It completed these checkpoints: Flink says so, and they are in the store. */
const completed = (world: FakeWorld, on: number, ...ids: readonly number[]): string => {
  const { jobId = '' } = newest(world) ?? {};
  for (const id of ids) world.snapshots.snapshot(chk(jobId, id), id);
  const snapshots = ids.map((id) => ({ kind: 'checkpoint' as const, path: chk(jobId, id), id, atMs: world.nowMs }));
  jobManagerAt(world, `http://${jm(on).address}`).checkpoints.set(jobId, { completed: ids.length, snapshots });
  return jobId;
};

/** The job runs on JobManager 1, with these checkpoints. */
const running = async (...ids: readonly number[]): Promise<FakeWorld & { readonly jobId: string }> => {
  const world = createWorld();
  replaced(world, 1);
  world.tasks = [aTask(jm(1))];
  await looks(world, 2);
  const jobId = completed(world, 1, ...ids);
  await looks(world, 1);
  return Object.assign(world, { jobId });
};

describe('a job whose JobManager is killed', () => {
  it('goes on from its newest checkpoint, and from the same again until it has one of its own (F49, I2)', async () => {
    const world = await running(41, 42);
    for (let n = 2; n <= 4; n += 1) {
      replaced(world, n);
      await looks(world, 2);
    }
    expect(sources(world)).toEqual([undefined, ...Array.from({ length: 3 }, () => chk(world.jobId, 42))]);
    const second = completed(world, 4, 43);
    replaced(world, 5);
    await looks(world, 2);
    expect(newest(world)?.source?.path).toBe(chk(second, 43));
    expect(world.violations).toEqual([]);
  });

  it('goes on from it although the table is lost, by the scheme that its Flink has a file system for', async () => {
    const { snapshots, jobId } = await running(42);
    const world = { ...createWorld(), snapshots };
    replaced(world, 2, { checkpointDir: 's3a://state/checkpoints/' });
    await looks(world, 2);
    expect(newest(world)?.source?.path).toBe(chk(jobId, 42).replace('s3:', 's3a:'));
  });

  it('goes on from it although the table is lost: what the store holds is history (F125, I2)', async () => {
    const { snapshots, jobId } = await running(42);
    const world = { ...createWorld(), snapshots };
    replaced(world, 2);
    await looks(world, 2);
    expect(newest(world)).toMatchObject({ source: { path: chk(jobId, 42), attempt: 1 } });
    // Its own are newer than those of any attempt that is forgotten.
    const second = completed(world, 2, 43);
    replaced(world, 3);
    await looks(world, 2);
    expect(newest(world)).toMatchObject({ n: 3, source: { path: chk(second, 43) } });
  });

  it.each<[string, number, (world: FakeWorld, jobId: string) => void]>([
    ['is deleted (F55)', 41, (world, jobId) => void world.snapshots.remove(chk(jobId, 42), 0)],
    ['is followed by a newer one (F46)', 43, (world, jobId) => world.snapshots.snapshot(chk(jobId, 43), 43)],
  ])('chooses again where its snapshot %s between the choice and the call', async (_, id, happens) => {
    const world = await running(41, 42);
    replaced(world, 2);
    const upload: NonNullable<Broken['flink']>['upload'] = async (at, ...args) => {
      happens(world, world.jobId);
      return portsOf(world).flink.upload(at, ...args);
    };
    await looks(world, 2, { flink: { upload } });
    world.nowMs += defaults.fullPassEveryMs;
    await looks(world, 2);
    expect(newest(world)?.source?.path).toBe(chk(world.jobId, id));
    expect(jobsOfAt(world, 2)).toEqual([newest(world)?.jobId]);
  });

  it('steps back under a new id where Flink refuses its snapshot, and never on anything else (F52)', async () => {
    const world = await running(41, 42);
    replaced(world, 2);
    const run: NonNullable<Broken['flink']>['run'] = async (at, jarId, request, deadlineMs) => {
      if (request.restore?.path === chk(world.jobId, 42))
        throw new Fault('rejected', 'SNAPSHOT_UNREADABLE', 'Cannot find meta data file');
      return portsOf(world).flink.run(at, jarId, request, deadlineMs);
    };
    await looks(world, 3, { flink: { run } });
    expect(sources(world)).toEqual([undefined, chk(world.jobId, 42), chk(world.jobId, 41)]);
    expect(new Set(attemptsOf(world).map(({ jobId }) => jobId)).size).toBe(3);

    const other = await running(41, 42);
    replaced(other, 2);
    const throws = async (): Promise<never> => {
      throw new Fault('rejected', 'MAIN_THREW', 'no database');
    };
    await looks(other, 2, { flink: { run: throws } });
    other.nowMs += defaults.throwRetryMs[0];
    await looks(other, 2);
    expect(sources(other)).toEqual([undefined, chk(other.jobId, 42)]);
  });

  it('is not started while a listing fails half-way (F51, I6)', async () => {
    const world = await running(42);
    replaced(world, 2);
    const children: NonNullable<Broken['snapshots']>['children'] = async (directory, ...args) => {
      if (directory.endsWith('savepoints')) throw new Fault('transient', 'SNAPSHOTS_UNAVAILABLE', 'SlowDown');
      return world.snapshots.children(directory, ...args);
    };
    await looks(world, 2, { snapshots: { children } });
    expect([attemptsOf(world).length, jobsOfAt(world, 2)]).toEqual([1, []]);
    await looks(world, 2);
    expect(newest(world)?.source?.path).toBe(chk(world.jobId, 42));
  });
});

describe('a restart by order', () => {
  const order = async (world: FakeWorld, kind: Order['kind']) => {
    const given = anOrder(kind, { atMs: world.nowMs, expiresMs: world.nowMs + defaults.orderWithinMs });
    await world.store.order('realtime', given, world.nowMs + 1_000);
  };
  /** Flink deletes the checkpoints of a job that it stops, and the savepoint goes on with its ids. */
  const stopping = (world: FakeWorld & { readonly jobId: string }, triggers: string[], after?: () => void) => {
    const savepoint: NonNullable<Broken['flink']>['savepoint'] = async (at, jobId, request, deadlineMs) => {
      triggers.push(request.triggerId);
      await portsOf(world).flink.savepoint(at, jobId, request, deadlineMs);
      await world.snapshots.remove(chk(world.jobId, 42), 0);
      after?.();
    };
    return { flink: { savepoint } };
  };

  it('ends the job with a savepoint, once, and starts it from that (F58, F110)', async () => {
    const world = await running(42);
    const triggers: string[] = [];
    await order(world, 'restart');
    await looks(world, 4, stopping(world, triggers));
    expect(triggers).toHaveLength(1);
    expect(newest(world)?.source).toMatchObject({ kind: 'savepoint', attempt: 1 });
    expect(jobsOf(world).map(({ state }) => state)).toEqual(['FINISHED', 'RUNNING']);
    expect(world.violations).toEqual([]);
  });

  it('finds the savepoint whose answer was lost, also when another goes on after a crash (F57, F110)', async () => {
    const world = await running(42);
    const triggers: string[] = [];
    await order(world, 'restart');
    const lost = stopping(world, triggers, () => {
      throw new Fault('unknown-outcome', 'UNANSWERED', 'no answer');
    });
    await looks(world, 1, lost);
    world.nowMs += defaults.cancelAgainMs;
    await looks(world, 3, lost);
    expect(triggers).toHaveLength(1);
    expect(newest(world)?.source?.path).toContain(`/savepoints/${world.jobId}/savepoint-`);
  });

  it('asks again under the same trigger where the call never arrived (F58)', async () => {
    const world = await running(42);
    const triggers: string[] = [];
    await order(world, 'restart');
    const unheard: NonNullable<Broken['flink']>['savepoint'] = async (_at, _jobId, { triggerId }) => {
      triggers.push(triggerId);
      throw new Fault('transient', 'UNREACHABLE', 'no answer');
    };
    await looks(world, 2, { flink: { savepoint: unheard } });
    world.nowMs += defaults.cancelAgainMs;
    await looks(world, 3, stopping(world, triggers));
    expect([triggers.length, new Set(triggers).size]).toEqual([2, 1]);
    expect(newest(world)?.source?.kind).toBe('savepoint');
  });
});

const jobsOfAt = (world: FakeWorld, n: number): readonly string[] => [
  ...jobManagerAt(world, `http://${jm(n).address}`).jobs.keys(),
];
