import { describe, expect, it } from 'vitest';
import type { Job, Order } from '../../../lib/core/model.ts';
import { aCluster, aJob, anOrder, aStatefulJob, aStorage, aTask, idOf, jm, stopped } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { createWorld, type FakeWorld } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, passes, subjectsOf } from './passes.ts';

const DIR = 's3://state/checkpoints';
const home = (n: number): string => `${DIR}/${idOf(n)}`;

const looks = (world: FakeWorld, job: Job = aStatefulJob()) => passes(world, 3, { cluster: aCluster([job]) });
const jobManager = (world: FakeWorld, n: number): void => {
  world.jobManagers.clear();
  world.jobManagers.set(jm(n).address, createJobManager(jm(n).process, { storage: aStorage() }));
  world.tasks = [...(n > 1 ? [stopped(jm(n - 1))] : []), aTask(jm(n))];
};

/** An empty table, and files of these names below the directories of checkpoints. */
const withFiles = (...names: readonly string[]): FakeWorld => {
  const world = createWorld();
  jobManager(world, 1);
  for (const name of names) world.snapshots.put(`${DIR}/${name}`, Buffer.from(name.endsWith('/') ? '' : 'x'));
  return world;
};
const orderedIn = async (world: FakeWorld, kind: Order['kind'], more: Partial<Order> = {}) => {
  world.store.order('realtime', { ...anOrder(kind, more), expiresMs: world.nowMs + hour }, 0);
  await looks(world);
};

describe('a lost table, where files of the job lie and no complete snapshot (F125, I2)', () => {
  it.each([
    ['shared state', `${idOf(5)}/shared/0b1c`],
    ['a checkpoint without `_metadata`', `${idOf(5)}/chk-7/part-1`],
  ])('holds the job, and says what was found: %s', async (_, name) => {
    const world = withFiles(name, `${idOf(3)}/shared/x`, `${idOf(6)}/shared/`);
    await looks(world);
    expect(jobsOf(world)).toEqual([]);
    expect(subjectsOf(world)).toEqual(['OPEN STATE_REQUIRED realtime/orders']);
    expect(world.alerts[0]?.text).toContain(`it left files in ${home(5)}, and no complete snapshot`);
    expect(attemptsOf(world)).toMatchObject([{ n: 5, jobId: idOf(5), leftIn: home(5), end: { state: 'LOST' } }]);
    await looks(world);
    expect(subjectsOf(world)).toHaveLength(1);
  });

  it('goes on from a snapshot that is put back', async () => {
    const world = withFiles(`${idOf(5)}/shared/x`);
    await looks(world);
    world.snapshots.snapshot(`${home(5)}/chk-9`, 9);
    await looks(world);
    expect(attemptsOf(world).at(-1)).toMatchObject({ n: 6, source: { path: `${home(5)}/chk-9`, attempt: 5 } });
    expect(subjectsOf(world).at(-1)).toBe('CLOSED STATE_REQUIRED realtime/orders');
  });

  it('starts it empty by order, and again where that start is lost before its first checkpoint', async () => {
    const world = withFiles(`${idOf(5)}/shared/x`);
    await looks(world);
    await orderedIn(world, 'start-empty');
    expect(jobsOf(world)).toHaveLength(1);
    expect(attemptsOf(world).at(-1)).toMatchObject({ n: 6 });
    jobManager(world, 2);
    await looks(world);
    expect(attemptsOf(world).map(({ n, source }) => [n, source])).toEqual([
      [5, undefined],
      [6, undefined],
      [7, undefined],
    ]);
  });

  it('starts it from what is ordered', async () => {
    const world = withFiles(`${idOf(5)}/shared/x`);
    const path = 's3://state/kept/savepoint-1';
    world.snapshots.snapshot(path, 12);
    await looks(world);
    await orderedIn(world, 'restore-from', { path });
    expect(attemptsOf(world).at(-1)).toMatchObject({ n: 6, source: { path } });
  });

  it('starts it empty with `state: preferred`, and says so', async () => {
    const world = withFiles(`${idOf(5)}/shared/x`);
    await looks(world, aJob({ state: 'preferred' }));
    expect(jobsOf(world)).toHaveLength(1);
    expect(subjectsOf(world)).toEqual(['OPEN STARTED_EMPTY realtime/orders']);
    expect(world.alerts[0]?.text).toContain('attempt 5 may have had state');
  });

  it('starts it empty with `state: none`, and says nothing', async () => {
    const world = withFiles(`${idOf(5)}/shared/x`);
    await looks(world, aJob({ state: 'none' }));
    expect(jobsOf(world)).toHaveLength(1);
    expect(subjectsOf(world)).toEqual([]);
  });

  it.each([
    ['only the markers of directories lie there', `${idOf(5)}/shared/`],
    ['they are of another lineage', `${idOf(5, 'audit')}/shared/x`],
  ])('starts it as the first time where %s', async (_, name) => {
    const world = withFiles(name);
    await looks(world);
    expect(jobsOf(world)).toHaveLength(1);
    expect(subjectsOf(world)).toEqual([]);
  });
});

it('a table that is not lost starts a job again that was killed before its first checkpoint, whatever it left', async () => {
  const world = withFiles();
  for (let n = 1; n <= 14; n += 1) {
    jobManager(world, n);
    await looks(world);
    const newest = attemptsOf(world).at(-1);
    expect(newest?.n).toBe(n);
    world.snapshots.put(`${DIR}/${newest?.jobId}/chk-1/part-1`, Buffer.from('x'));
    world.nowMs += 460_000; // no crash loop, and no time for a checkpoint that nobody heard of
  }
  expect(attemptsOf(world)[0]?.n).toBeGreaterThan(1);
  expect(subjectsOf(world)).toEqual([]);
});
