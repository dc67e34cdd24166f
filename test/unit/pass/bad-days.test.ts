import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aJob, jm } from '../../support/builders.ts';
import { createJobManager, setState } from './fake-jobmanager.ts';
import { createWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, leased, minutesOf, passes, subjectsOf } from './passes.ts';

describe('200 starts within seconds (F04)', () => {
  it('are one submission and a few looks: who comes meanwhile rings a bell, and all rings are one more look', async () => {
    const world = createWorld();
    let looks = 0;
    const ports = portsOf(world);
    const jobs: typeof ports.flink.jobs = (...asked) => {
      looks += 1;
      return ports.flink.jobs(...asked);
    };
    const stay = { untilMs: world.nowMs + 180_000, wait: true };
    const event = () => reconcile(portsOf(world, { flink: { jobs } }), aCluster(), stay);
    await Promise.all(Array.from({ length: 200 }, event));
    expect(jobsOf(world)).toHaveLength(1);
    expect(looks).toBeLessThanOrEqual(LOOKS_MAX);
    expect(world.violations).toEqual([]);
  });

  /** The submission, its confirmation, once more for the bells, and an owner who comes after the first one left. */
  const LOOKS_MAX = 5;
});

describe('a JobManager that gives no answer for ten minutes (F22)', () => {
  it('is told of once; its job is left alone, and goes on as it was', async () => {
    const world = createWorld();
    await passes(world, 2);
    const before = attemptsOf(world);
    const hangs = async () => {
      throw new Fault('transient', 'FLINK_UNREACHABLE', 'no answer in time');
    };
    await minutesOf(world, 10, { flink: { identity: hangs } });
    expect(subjectsOf(world)).toEqual(['OPEN CLUSTER_UNSEEN realtime']);
    expect(attemptsOf(world)).toEqual(before);
    await minutesOf(world, 1);
    expect(subjectsOf(world)).toEqual(['OPEN CLUSTER_UNSEEN realtime', 'CLOSED CLUSTER_UNSEEN realtime']);
    expect(attemptsOf(world)).toEqual(before);
    expect(jobsOf(world)).toMatchObject([{ state: 'RUNNING' }]);
  });
});

describe('what is seen', () => {
  it('is saved with the intent, before anything is done on it (F87)', async () => {
    const world = createWorld();
    await passes(world, 2);
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    let saved: unknown;
    const run = async () => {
      saved = attemptsOf(world);
    };
    await passes(world, 1, { broken: { flink: { run } } });
    expect(saved).toMatchObject([
      { n: 1, end: { state: 'LOST' } },
      { n: 2, posts: [{ answer: 'none' }] },
    ]);
  });
});

describe('an autopilot that was away for a day (F99)', () => {
  it('leaves what runs, starts once what was lost, and raises nothing from the dead', async () => {
    const cluster = aCluster([aJob(), aJob({ name: 'ended' })]);
    const world = createWorld();
    await passes(world, 2, { cluster });
    const [runs, ended] = jobsOf(world);
    setState(jobManagerAt(world), ended?.jobId ?? '', 'FINISHED');
    world.nowMs += 24 * hour;
    jobManagerAt(world).checkpoints.set(runs?.jobId ?? '', { completed: 8_640, snapshots: [] });
    await minutesOf(world, 2, {}, cluster);
    expect(jobsOf(world)).toEqual([runs, { ...ended, state: 'FINISHED' }]);
    expect(world.alerts).toEqual([]);
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    world.nowMs += 24 * hour;
    await minutesOf(world, 2, {}, cluster);
    expect(jobsOf(world)).toMatchObject([{ state: 'RUNNING', jobId: attemptsOf(world)[1]?.jobId }]);
    expect(world.alerts).toEqual([]);
  });

  it('takes over a lease that an owner of then left behind', async () => {
    const world = createWorld();
    await leased(world);
    world.nowMs += 24 * hour;
    await minutesOf(world, 1);
    expect(jobsOf(world)).toHaveLength(1);
  });
});
