import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { effectMs } from '../../../lib/pass.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aJob, aTask, jm, t0 } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, jobsOf, subjectsOf } from './passes.ts';

const minutes = 60_000;
const brought = (world: FakeWorld, wait: boolean, broken: Broken = {}, cluster = aCluster(), forMs = 3 * minutes) =>
  reconcile(portsOf(world, broken), cluster, { untilMs: world.nowMs + forMs, wait });
const linesOf = (world: FakeWorld) => world.lines.map(({ message }) => message);
/** Lets the world change when its time comes, seen from a clock that jumps where somebody sleeps. */
const at = (world: FakeWorld, dueMs: number, change: () => void): FakeWorld => {
  let nowMs = world.nowMs;
  let isDone = false;
  return Object.defineProperty(world, 'nowMs', {
    get: () => nowMs,
    set: (ms: number) => {
      nowMs = ms;
      if (isDone || ms < t0 + dueMs) return;
      isDone = true;
      change();
    },
  });
};

describe('an invocation that waits', () => {
  it('sees a JobManager come up and starts the job at the next look (F07)', async () => {
    const world = createWorld();
    world.jobManagers.clear();
    const up = () => world.jobManagers.set(jm().address, createJobManager(jm().process));
    await brought(at(world, 12_345, up), true);
    expect(jobsOf(world)).toHaveLength(1);
    expect(world.nowMs - t0).toBeLessThanOrEqual(12_345 + defaults.pollFastMs);
    expect(subjectsOf(world)).toEqual([]);
  });

  it('waits for slots, which come back late after a JobManager restart (F105)', async () => {
    const world = createWorld();
    jobManagerAt(world).slots = 0;
    const registered = () => {
      jobManagerAt(world).slots = 2;
    };
    await brought(at(world, 48_000, registered), true);
    expect(jobsOf(world)).toHaveLength(1);
    expect(world.nowMs - t0).toBeLessThanOrEqual(48_000 + defaults.pollFastMs);
    expect(subjectsOf(world)).toEqual([]);
  });

  it('looks at the whole cluster at least every few seconds, and says nothing in between', async () => {
    const world = createWorld();
    jobManagerAt(world).slots = 0;
    await brought(world, true, {}, aCluster(), minutes);
    // Once no effect would fit any more it leaves, so that the next invocation can act.
    const passes = 1 + Math.ceil((minutes - defaults.effectMarginMs - effectMs) / defaults.fullPassEveryMs);
    expect(linesOf(world).filter((message) => message === 'pass')).toHaveLength(passes);
    expect(world.storeCalls.filter((name) => name === 'load')).toHaveLength(passes);
  });

  it('ends in time, its lease released (I9)', async () => {
    const world = createWorld();
    jobManagerAt(world).slots = 0;
    await brought(world, true);
    expect(world.nowMs).toBeLessThanOrEqual(t0 + 3 * minutes - defaults.effectMarginMs);
    expect(world.store.leaseOf('realtime')).toBeUndefined();
    expect(subjectsOf(world)).toEqual(['OPEN SLOTS_MISSING realtime/orders']);
  });

  it('does not keep one job waiting for another (F130)', async () => {
    const world = createWorld();
    const jobs = [aJob({ name: 'wide', slots: 100, flinkName: 'x' }), aJob({ flinkName: 'y' })];
    await brought(world, true, {}, aCluster(jobs), minutes);
    expect(jobsOf(world)).toHaveLength(1);
    const submitted = world.lines.findIndex(({ message }) => message === 'submitted');
    expect(linesOf(world).slice(0, submitted)).toEqual(['pass', 'pass']);
  });

  it('does not wait where the schedule asks: the next tick goes on', async () => {
    const world = createWorld();
    jobManagerAt(world).slots = 0;
    await brought(world, false);
    expect(world.nowMs).toBe(t0);
  });

  it('sleeps through a cluster at 0, and wakes with it (F129)', async () => {
    const world = createWorld();
    world.desiredCount = 0;
    world.tasks = [];
    await brought(world, true);
    expect(world.nowMs).toBe(t0);
    expect(subjectsOf(world)).toEqual([]);
    world.desiredCount = 1;
    world.tasks = [aTask()];
    await brought(world, true);
    expect(jobsOf(world)).toHaveLength(1);
  });
});

describe('a submission that is unanswered (F115, F121)', () => {
  it('is waited for, and confirmed when its job appears: one job', async () => {
    const world = createWorld();
    let request: Parameters<ReturnType<typeof portsOf>['flink']['run']> | undefined;
    const ports = portsOf(world);
    const run: typeof ports.flink.run = async (...call) => {
      request = call;
      world.nowMs += defaults.submitCallMs;
      throw new Fault('unknown-outcome', 'RUN_UNANSWERED', 'main() still runs');
    };
    const appears = () => void (request && ports.flink.run(...request));
    await brought(at(world, 70_000, appears), true, { flink: { run } });
    expect(jobsOf(world).map(({ jobId }) => jobId)).toEqual(attemptsOf(world).map(({ jobId }) => jobId));
    expect(attemptsOf(world)).toMatchObject([{ posts: [{ answer: 'unanswered' }], sightedOn: jm() }]);
    expect(jobManagerAt(world).jars.size).toBe(0);
    expect(world.violations).toEqual([]);
  });
});
