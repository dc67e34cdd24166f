import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { ClusterMemory, JobMemory, Observation } from '../../../lib/core/model.ts';
import { observe } from '../../../lib/observe.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  draining,
  idOf,
  jm,
  known,
  memoryOf,
  ranOn,
  stopped,
  t0,
} from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';

const memoryWith = (memory: JobMemory): ClusterMemory => ({ jobs: { orders: memory }, incidents: [], orders: [] });
const observed = (world: FakeWorld, memory = memoryOf(), broken: Broken = {}): Promise<Observation> =>
  observe(portsOf(world, broken), aCluster(), memoryWith(memory), t0 + 60_000);
const away = (code: string) => async (): Promise<never> => {
  throw new Fault('transient', code, `${code} gave no answer`);
};
const because = (code: string) => ({ known: false, because: { code, text: `${code} gave no answer` } });

describe('a look at a cluster', () => {
  it('holds what ECS, the JobManager and the jar store say', async () => {
    const world = createWorld();
    const view = await observed(world);
    expect(view.ecs).toEqual(
      known({ services: [{ name: 'jobmanager', desiredCount: 1 }], tasks: [aTask()], missing: [] }),
    );
    expect(view.jars).toEqual({ 's3://jars/orders.jar': known({ present: true, version: 'v1', sizeBytes: 1_000 }) });
    expect(view.flink[jm().taskArn]).toMatchObject(
      known({ incarnation: jm(), jobs: known([]), slots: known({ free: 4, total: 4 }), byId: {} }),
    );
  });

  it.each<[string, Broken, (seen: Observation) => unknown]>([
    ['ECS', { ecs: { look: away('ECS') } }, ({ ecs }) => ecs],
    ['the JobManager', { flink: { identity: away('the JobManager') } }, ({ flink }) => flink[jm().taskArn]],
  ])('says why there is no answer of %s, and throws nothing (I6, F18, F96)', async (port, broken, part) => {
    expect(part(await observed(createWorld(), memoryOf(), broken))).toEqual(because(port));
  });

  it('asks no JobManager when ECS cannot be seen', async () => {
    expect((await observed(createWorld(), memoryOf(), { ecs: { look: away('ECS') } })).flink).toEqual({});
  });

  it.each<[string, Broken, string]>([
    ['jobs', { flink: { jobs: away('x') } }, 'jobs'],
    ['slots', { flink: { slots: away('x') } }, 'slots'],
  ])('of a JobManager without its %s still holds the rest (F23)', async (_, broken, part) => {
    const seen = (await observed(createWorld(), memoryOf(), broken)).flink[jm().taskArn];
    expect(seen).toMatchObject(known({ [part]: because('x') }));
  });

  it('holds an unknown jar beside a known cluster (F96)', async () => {
    const ports = portsOf(createWorld());
    const jars = { look: away('S3') };
    const seen = await observe({ ...ports, jars }, aCluster(), memoryWith(memoryOf()), t0 + 60_000);
    expect(seen.jars).toEqual({ 's3://jars/orders.jar': because('S3') });
    expect(seen.ecs.known).toBe(true);
  });

  it('looks at no jar of a disabled job, and at a shared one once', async () => {
    const uris: string[] = [];
    const jars = {
      look: async (uri: string) => {
        uris.push(uri);
        return { present: false } as const;
      },
    };
    const jobs = [aJob(), aJob({ name: 'twin' }), aJob({ name: 'off', jar: 's3://jars/off.jar', enabled: false })];
    await observe({ ...portsOf(createWorld()), jars }, aCluster(jobs), memoryWith(memoryOf()), t0 + 60_000);
    expect(uris).toEqual(['s3://jars/orders.jar']);
  });

  it('holds every JobManager that may still run jobs, draining ones too (F126)', async () => {
    const world = createWorld();
    world.jobManagers.set(jm(2).address, createJobManager(jm(2).process));
    world.tasks = [draining(jm(1)), aTask(jm(2)), stopped(jm(3)), aTask(jm(4), { lastStatus: 'PENDING' })];
    expect(Object.keys((await observed(world)).flink)).toEqual([jm(1).taskArn, jm(2).taskArn]);
  });

  it('that a JobManager restarted under is no look at it (F123)', async () => {
    const world = createWorld();
    const jobs = async () => {
      world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
      return [aFlinkJob(idOf())];
    };
    const seen = (await observed(world, memoryOf(), { flink: { jobs } })).flink[jm().taskArn];
    expect(seen).toMatchObject({ known: false, because: { code: 'PROCESS_CHANGED' } });
  });

  it('settles by its own deadline, however long the invocation may stay (F19, I9)', async () => {
    const deadlines: number[] = [];
    const world = createWorld();
    const look = async (_: unknown, __: unknown, deadlineMs: number) => {
      deadlines.push(deadlineMs);
      return { services: [], tasks: [], missing: [] };
    };
    await observe(portsOf(world, { ecs: { look } }), aCluster(), memoryWith(memoryOf()), t0 + 60_000);
    await observe(portsOf(world, { ecs: { look } }), aCluster(), memoryWith(memoryOf()), t0 + 1_000);
    expect(deadlines).toEqual([t0 + defaults.lookMs, t0 + 1_000]);
  });
});

describe('an attempt that is not listed', () => {
  it.each([
    ['ran', ranOn(jm()), true],
    ['may have run', anAttempt(1, { posts: [aPost()] }), true],
    ['was refused', anAttempt(1, { posts: [aPost({ answer: 'refused' })] }), false],
    ['has ended', ranOn(jm(), 1, { end: { state: 'LOST', atMs: t0 } }), false],
  ])('and %s is asked for by id: %#', async (_, attempt, asked) => {
    const seen = (await observed(createWorld(), memoryOf(attempt))).flink[jm().taskArn];
    expect(seen).toMatchObject(known({ byId: asked ? { [idOf()]: known('absent') } : {} }));
    expect(seen?.known && Object.keys(seen.value.byId)).toEqual(asked ? [idOf()] : []);
  });

  it('is not asked for by id when it is listed: the list is fresh (F108)', async () => {
    const world = createWorld();
    jobManagerAt(world).jobs.set(idOf(), aFlinkJob(idOf()));
    const seen = (await observed(world, memoryOf(ranOn(jm())))).flink[jm().taskArn];
    expect(seen).toMatchObject(known({ jobs: known([aFlinkJob(idOf())]) }));
    expect(seen?.known && seen.value.byId).toEqual({});
  });

  it('has its JobManager tasks looked up by name: stopped ones leave the lists', async () => {
    const posted = anAttempt(2, { posts: [aPost({ to: jm(8) }), aPost({ id: 2, to: jm(7), processEnded: true })] });
    const memory = memoryOf(ranOn(jm(5), 1, { end: { state: 'LOST', atMs: t0 } }), posted, ranOn(jm(9), 3));
    const { ecs } = await observed(createWorld(), memory);
    expect(ecs.known && ecs.value.missing).toEqual([jm(8).taskArn, jm(9).taskArn]);
  });
});
