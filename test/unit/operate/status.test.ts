import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import { aCluster, aFlinkJob, aJob, jm, t0 } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt } from '../pass/fake-ports.ts';
import { answered, lookedAt } from './ask.ts';
import { failed } from './given.ts';

const away: Broken = {
  store: {
    load: () => Promise.reject(new Fault('transient', 'STORE_UNAVAILABLE', 'dynamodb:Query has no answer')),
    holder: () => Promise.reject(new Fault('transient', 'STORE_UNAVAILABLE', 'dynamodb:Query has no answer')),
  },
};
const blind: Broken = {
  ecs: { look: () => Promise.reject(new Fault('rejected', 'ECS_DENIED', 'ecs:ListTasks is not allowed')) },
};
const foreign = aFlinkJob('f'.repeat(32), 'RUNNING', { name: '注文\u001b[31m' });
const withForeign = (): FakeWorld => {
  const world = createWorld();
  jobManagerAt(world).jobs.set(foreign.jobId, foreign);
  return world;
};

describe('status', () => {
  it('says of a running job what is remembered, seen and decided', async () => {
    const world = createWorld();
    await lookedAt(world);
    const { clusters, atMs } = await answered('status', world);
    expect(atMs).toBe(t0);
    expect(clusters).toMatchObject([
      { cluster: 'realtime', rung: 'ready', because: jm().address, mode: { mode: 'run' }, incidents: [], foreign: [] },
    ]);
    const [job] = clusters[0]?.jobs ?? [];
    expect(job).toMatchObject({
      job: 'orders',
      enabled: true,
      seen: 'RUNNING 1/1',
      verdict: 'steady',
      remembered: { attempt: 1, sinceMs: t0, jarVersion: 'v1', spec: { jar: 's3://jars/orders.jar' } },
      incidents: [],
      orders: [],
    });
    expect(job?.because).toContain(job?.remembered?.jobId);
    expect(job).not.toHaveProperty('drift');
  });

  it('changes nothing, rings nobody and tells nobody', async () => {
    const world = withForeign();
    const before = world.store.memory('realtime');
    await answered('status', world);
    expect(world.storeCalls.toSorted()).toEqual(['holder', 'load']);
    expect(world.store.memory('realtime')).toEqual(before);
    expect(world.alerts).toEqual([]);
    expect(jobManagerAt(world).jobs.size).toBe(1);
  });

  it('gives each open incident with its code, since when, and what ends it; and the foreign jobs', async () => {
    const world = withForeign();
    await lookedAt(world);
    world.nowMs += 60_000;
    const [cluster] = (await answered('status', world)).clusters;
    expect(cluster?.foreign).toEqual([{ jobId: foreign.jobId, name: foreign.name, state: 'RUNNING' }]);
    expect(cluster?.jobs).toMatchObject([
      {
        verdict: 'hold',
        incidents: [{ code: 'UNMATCHED_JOB', state: 'open', firstSeenMs: t0, fix: expect.stringMatching(/\S/) }],
      },
    ]);
    expect(cluster?.jobs[0]).not.toHaveProperty('remembered');
  });

  it('forgets an incident that is over', async () => {
    const world = withForeign();
    await lookedAt(world);
    jobManagerAt(world).jobs.clear();
    await lookedAt(world);
    expect(world.store.memory('realtime').incidents).toMatchObject([{ state: 'closed' }]);
    const [cluster] = (await answered('status', world)).clusters;
    expect(cluster?.jobs).toMatchObject([{ verdict: 'steady', incidents: [] }]);
  });

  it('gives each open order to what it is for', async () => {
    const world = createWorld();
    const order = { who: 'a', why: 'b', atMs: t0, expiresMs: t0 + 1, kind: 'pause' } as const;
    await world.store.order('realtime', { ...order, id: '1' }, t0);
    await world.store.order('realtime', { ...order, id: '2', job: 'orders' }, t0);
    await world.store.order('realtime', { ...order, id: '3', job: 'audit' }, t0);
    const clusters = [aCluster([aJob(), aJob({ name: 'audit' })])];
    const [cluster] = (await answered('status', world, {}, { clusters })).clusters;
    expect(cluster).toMatchObject({
      orders: [{ id: '1' }],
      jobs: [{ orders: [{ id: '2' }] }, { orders: [{ id: '3' }] }],
    });
  });

  it('shows drift by the keys that differ, while the job runs on as it is', async () => {
    const world = createWorld();
    await lookedAt(world);
    const job = aJob({ revision: 'rev-2', args: ['--new'], parallelism: 2 });
    const [cluster] = (await answered('status', world, {}, { clusters: [aCluster([job])] })).clusters;
    expect(cluster?.jobs).toMatchObject([
      { verdict: 'steady', drift: { keys: ['args', 'parallelism'], runs: { args: [] }, wanted: { parallelism: 2 } } },
    ]);
  });

  it('says how many of its restarts a job has spent, and when the next one may be', async () => {
    const world = await failed();
    await lookedAt(world);
    const [running] = (await answered('status', world)).clusters;
    const budget = { restarts: 3, spent: 1, notBeforeMs: world.nowMs + 300_000 };
    expect(running?.jobs).toMatchObject([{ verdict: 'steady', healing: budget }]);
    const [fresh] = (await answered('status', createWorld())).clusters;
    expect(fresh?.jobs[0]).not.toHaveProperty('healing');
  });

  it('says who is ahead while a pass is under way', async () => {
    const world = createWorld();
    await world.store.acquire('realtime', { owner: 'a', nowMs: t0, untilMs: t0 + 9, staysUntilMs: t0 + 99 }, t0);
    const [cluster] = (await answered('status', world)).clusters;
    expect(cluster?.busy).toEqual({ untilMs: t0 + 9, staysUntilMs: t0 + 99 });
    expect(world.store.leaseOf('realtime')).toMatchObject({ owner: 'a' });
  });

  it.each([
    [
      'of the cluster',
      { mode: 'dry-run' as const },
      {},
      { mode: 'dry-run', because: 'of the cluster in the manifest' },
    ],
    ['of the job', {}, { mode: 'watch' as const }, { mode: 'watch', because: 'of the job in the manifest' }],
    [
      'the stricter one',
      { mode: 'dry-run' as const },
      { mode: 'watch' as const },
      { mode: 'watch', because: 'of the job in the manifest' },
    ],
    [
      'with its own reason',
      { mode: 'watch' as const, modeBecause: 'AUTO_SUBMIT_JOB=false' },
      {},
      { mode: 'watch', because: 'AUTO_SUBMIT_JOB=false' },
    ],
  ])('gives the mode and its reason: %s', async (_, ofCluster, ofJob, mode) => {
    const clusters = [aCluster([aJob(ofJob)], ofCluster)];
    const [cluster] = (await answered('status', createWorld(), {}, { clusters })).clusters;
    expect(cluster?.jobs).toMatchObject([{ mode }]);
  });

  it('names jobs that left the manifest and are remembered', async () => {
    const world = createWorld();
    await lookedAt(world);
    const [cluster] = (await answered('status', world, {}, { clusters: [aCluster([])] })).clusters;
    // What runs of it is nobody's now: another entry may adopt it.
    expect(cluster).toMatchObject({ jobs: [], left: ['orders'], foreign: [{ state: 'RUNNING' }] });
  });

  it('says so when the memory is away, and throws nothing', async () => {
    const { clusters } = await answered('status', createWorld(), {}, { broken: away });
    expect(clusters).toMatchObject([
      { rung: 'unknown', because: 'STORE_UNAVAILABLE: dynamodb:Query has no answer', jobs: [] },
    ]);
  });

  it('shows what is remembered when ECS cannot be seen, with the reason', async () => {
    const world = createWorld();
    await lookedAt(world);
    const [cluster] = (await answered('status', world, {}, { broken: blind })).clusters;
    expect(cluster).toMatchObject({ rung: 'ecs', because: 'ECS cannot be seen: ecs:ListTasks is not allowed' });
    expect(cluster?.jobs).toMatchObject([{ seen: 'unknown', remembered: { attempt: 1, sinceMs: t0 } }]);
  });
});
