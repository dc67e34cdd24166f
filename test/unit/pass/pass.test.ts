import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { pass } from '../../../lib/pass.ts';
import { aCluster, aJob, aStatefulJob, aTask, jm, t0 } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, leased, passes, subjectsOf } from './passes.ts';

const cluster = aCluster();

describe('a pass', () => {
  it('starts a job; the next confirms it (I3, F33)', async () => {
    const world = createWorld();
    const first = await passes(world, 1);
    expect(first.outcomes).toEqual([{ job: 'orders', attempt: 1, postId: 1, answer: 'accepted' }]);
    expect(attemptsOf(world)).toMatchObject([{ n: 1, posts: [{ id: 1, answer: 'none' }] }]);
    const second = await pass(portsOf(world), { cluster, ...first, untilMs: world.nowMs + hour });
    expect(second.decisions).toMatchObject([{ verdict: 'steady' }]);
    expect(attemptsOf(world)).toMatchObject([{ n: 1, sightedOn: jm(), posts: [{ id: 1, answer: 'accepted' }] }]);
    expect(jobsOf(world)).toHaveLength(1);
    expect(world.violations).toEqual([]);
  });

  it('writes the audit trail: what was done, because of what, and what came of it', async () => {
    const world = createWorld();
    await passes(world, 2);
    expect(world.store.log('realtime').map(({ what, because }) => [what, because])).toEqual([
      ['run', 'it was never submitted'],
      ['accepted', ''],
    ]);
  });

  it('logs one line a job', async () => {
    const world = createWorld();
    await passes(world, 1, { cluster: aCluster([aJob(), aJob({ name: 'b', enabled: false })]) });
    expect(world.lines.filter(({ message }) => message === 'pass').map(({ fields }) => fields)).toMatchObject([
      { cluster: 'realtime', job: 'orders', rung: 'ready', saw: 'absent', decision: 'act' },
      { cluster: 'realtime', job: 'b', rung: 'ready', saw: 'absent', decision: 'off' },
    ]);
  });

  it('over an unchanged world writes nothing but the lease, when that runs out (I12)', async () => {
    const world = createWorld();
    const quiet = await passes(world, 2);
    const before = world.store.memory('realtime');
    world.storeCalls.length = 0;
    const early = await pass(portsOf(world), { cluster, ...quiet, untilMs: world.nowMs + hour });
    expect(world.storeCalls).toEqual(['load']);
    world.nowMs = early.lease.untilMs - defaults.leaseRenewBelowMs;
    await pass(portsOf(world), { cluster, ...early, untilMs: world.nowMs + hour });
    expect(world.storeCalls).toEqual(['load', 'load']);
    world.nowMs += 1;
    const late = await pass(portsOf(world), { cluster, ...early, untilMs: world.nowMs + hour });
    expect(world.storeCalls).toEqual(['load', 'load', 'load', 'commit']);
    expect(late.lease.untilMs).toBe(world.nowMs + defaults.leaseMs);
    expect(world.store.memory('realtime')).toEqual(before);
  });

  it('starts nothing with less time left than an effect may take (F89, I9)', async () => {
    const needs = defaults.uploadCallMs + defaults.submitCallMs + defaults.lookMs + defaults.effectMarginMs;
    for (const [leftMs, starts] of [
      [needs - 1, 0],
      [needs, 1],
    ] as const) {
      const world = createWorld();
      const input = { cluster, lease: await leased(world), outcomes: [], untilMs: t0 + leftMs };
      await pass(portsOf(world), input);
      expect(jobsOf(world)).toHaveLength(starts);
      expect(attemptsOf(world).length).toBe(starts);
    }
  });

  it('holds its lease for as long as its effects may take', async () => {
    const world = createWorld();
    let heldUntilMs = 0;
    const run = async () => {
      heldUntilMs = world.store.leaseOf('realtime')?.untilMs ?? 0;
    };
    await passes(world, 1, { broken: { flink: { run } } });
    expect(heldUntilMs).toBeGreaterThanOrEqual(t0 + defaults.uploadCallMs + defaults.submitCallMs + defaults.lookMs);
  });

  it('that cannot write does nothing (F81, I3)', async () => {
    const world = createWorld();
    const commit = async () => {
      throw new Fault('transient', 'STORE_UNAVAILABLE', 'throttled');
    };
    await expect(passes(world, 1, { broken: { store: { commit } } })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(jobsOf(world)).toEqual([]);
  });

  it('whose lease was taken over does nothing (F30, F94)', async () => {
    const world = createWorld();
    const lease = await leased(world);
    world.nowMs += defaults.leaseMs + 1;
    await world.store.acquire('realtime', { owner: 'another', nowMs: world.nowMs, untilMs: world.nowMs + 1 }, t0);
    const late = pass(portsOf(world), { cluster, lease, outcomes: [], untilMs: world.nowMs + hour });
    await expect(late).rejects.toMatchObject({ kind: 'conflict' });
    expect(jobsOf(world)).toEqual([]);
  });
});

describe('an invocation that dies between its commit and its POST', () => {
  it.each([
    ['before the POST (F28, F32)', false],
    ['after it, its answer lost (F09, F27, F33)', true],
  ])('%s: one job, under the id of the intent', async (_, arrives) => {
    const world = createWorld();
    const ports = portsOf(world);
    const run: (typeof ports)['flink']['run'] = async (...call) => {
      if (arrives) await ports.flink.run(...call);
      return new Promise(() => undefined);
    };
    const dying = { ...ports, flink: { ...ports.flink, run } };
    void pass(dying, { cluster, lease: await leased(world), outcomes: [], untilMs: t0 + hour });
    await expect.poll(() => jobManagerAt(world).jars.size, { interval: 1 }).toBe(1);
    const intended = attemptsOf(world)[0]?.jobId;
    world.nowMs = t0 + 2 * defaults.effectMarginMs + hour / 60;
    await passes(world, 2);
    expect(jobsOf(world).map(({ jobId }) => jobId)).toEqual([intended]);
    expect(attemptsOf(world)).toHaveLength(1);
    expect(world.violations).toEqual([]);
  });
});

describe('a JobManager that is replaced', () => {
  const replace = (world: FakeWorld): void => {
    world.jobManagers.delete(jm(1).address);
    world.jobManagers.set(jm(2).address, createJobManager(jm(2).process));
    world.tasks = [aTask(jm(2))];
  };

  it('gets the job again, once, under a new id (F03)', async () => {
    const world = createWorld();
    await passes(world, 2);
    replace(world);
    await passes(world, 3);
    expect([...(world.jobManagers.get(jm(2).address)?.jobs.keys() ?? [])]).toEqual([attemptsOf(world)[1]?.jobId]);
    expect(attemptsOf(world)).toMatchObject([
      { n: 1, end: { state: 'LOST' } },
      { n: 2, sightedOn: jm(2) },
    ]);
  });

  it('gets nothing that may not start empty; a person hears of it once (I2, I4)', async () => {
    const world = createWorld();
    const stateful = aCluster([aStatefulJob()]);
    await passes(world, 2, { cluster: stateful });
    replace(world);
    await passes(world, 3, { cluster: stateful });
    expect(world.jobManagers.get(jm(2).address)?.jobs.size).toBe(0);
    expect(subjectsOf(world)).toEqual(['OPEN STATE_REQUIRED realtime/orders']);
  });
});
