import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aJob, jm, t0 } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, portsOf } from './fake-ports.ts';
import { attemptsOf, jobsOf, subjectsOf } from './passes.ts';

const MINUTE_MS = 60_000;

/** A JobManager that lets nobody in while `isRefused`; `tries` = the times at which somebody knocked. */
const guarded = (world: FakeWorld, fault: Fault) => {
  const state = { isRefused: true, tries: [] as number[] };
  const { flink } = portsOf(world);
  const guard =
    <A extends readonly unknown[], R>(method: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (!state.isRefused) return method(...args);
      state.tries.push(world.nowMs);
      // One that is still starting is not refused, it is not there.
      if (world.jobManagers.size === 0) throw new Fault('transient', 'FLINK_UNREACHABLE', 'refused the connection');
      throw fault;
    };
  const broken: Broken = {
    flink: { identity: guard(flink.identity), jobs: guard(flink.jobs), slots: guard(flink.slots) },
  };
  return { state, broken };
};

const faults = [
  new Fault('rejected', 'FLINK_DENIED', 'GET /config: HTTP 401'),
  new Fault('rejected', 'FLINK_TLS', 'the name check failed'),
  new Fault('rejected', 'SECRET_MISSING', '${ssm:/password}: there is none'),
  new Fault('rejected', 'SECRET_DENIED', '${ssm:/password}: ssm:GetParameter is not allowed'),
];

const cluster = aCluster([aJob({ name: 'a' }), aJob({ flinkName: 'x' })]);
const event = (world: FakeWorld, broken: Broken) =>
  reconcile(portsOf(world, broken), cluster, { untilMs: world.nowMs + 3 * MINUTE_MS, wait: true });
const tick = (world: FakeWorld, broken: Broken) => {
  world.nowMs += MINUTE_MS;
  return reconcile(portsOf(world, broken), cluster, { untilMs: world.nowMs + 55_000, wait: false });
};

describe.each(faults)('a cluster whose access is refused: $code', (fault) => {
  it('is asked once from one event, which leaves at once: an account must not be locked by us', async () => {
    const world = createWorld();
    const { state, broken } = guarded(world, fault);
    await event(world, broken);
    expect(state.tries).toHaveLength(1);
    expect(world.nowMs).toBe(t0);
    expect(world.store.leaseOf('realtime')).toBeUndefined();
  });

  it('is told once by the scheduled looks, after their patience, and its end once', async () => {
    const world = createWorld();
    world.jars.set('s3://jars/orders.jar', { present: true, version: 'v1', sizeBytes: 1 });
    const { state, broken } = guarded(world, fault);
    await event(world, broken);
    for (let looks = 0; looks < 5; looks += 1) {
      await tick(world, broken);
      expect(world.alerts).toHaveLength(world.nowMs - t0 >= defaults.viewLostMs ? 1 : 0);
    }
    expect(state.tries).toHaveLength(6);
    expect(jobsOf(world)).toEqual([]);
    expect(world.alerts[0]?.text).toContain(fault.message);

    state.isRefused = false;
    await tick(world, broken);
    await tick(world, broken);
    expect(subjectsOf(world)).toEqual(['OPEN FLINK_ACCESS realtime', 'CLOSED FLINK_ACCESS realtime']);
    expect(jobsOf(world)).toHaveLength(2);
    expect(world.violations).toEqual([]);
  });

  it('is not asked over and over by one who waited for the JobManager to come up', async () => {
    const world = createWorld();
    world.jobManagers.clear();
    const { state, broken } = guarded(world, fault);
    const dueMs = t0 + 12_345;
    const ports = portsOf(world, broken);
    const sleep = async (ms: number) => {
      world.nowMs += ms;
      if (world.nowMs >= dueMs) world.jobManagers.set(jm().address, createJobManager(jm().process));
    };
    const untilMs = t0 + 3 * MINUTE_MS;
    await reconcile({ ...ports, clock: { ...ports.clock, sleep } }, cluster, { untilMs, wait: true });
    expect(state.tries.filter((ms) => ms >= dueMs).length).toBeLessThanOrEqual(3);
    expect(world.nowMs - dueMs).toBeLessThanOrEqual(defaults.pollFastMs);
  });

  it('that ran jobs keeps them, whatever was rotated: none is lost, none is started again', async () => {
    const world = createWorld();
    await event(world, {});
    const before = { attempts: attemptsOf(world), jobs: jobsOf(world) };
    const { state, broken } = guarded(world, fault);
    for (let looks = 0; looks < 4; looks += 1) await tick(world, broken);
    expect({ attempts: attemptsOf(world), jobs: jobsOf(world) }).toEqual(before);
    expect(subjectsOf(world)).toEqual(['OPEN FLINK_ACCESS realtime']);
    state.isRefused = false;
    await tick(world, broken);
    expect(subjectsOf(world)).toEqual(['OPEN FLINK_ACCESS realtime', 'CLOSED FLINK_ACCESS realtime']);
    expect(jobsOf(world)).toEqual(before.jobs);
  });
});
