import { describe, expect, it, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { clusterOf } from '../../../lib/events.ts';
import type { Ports } from '../../../lib/ports.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { sweep } from '../../../lib/sweep.ts';
import { aCluster } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, portsOf } from '../pass/fake-ports.ts';
import { jobsOf, subjectsOf } from '../pass/passes.ts';
import { badClusters } from './bad-clusters.ts';
import { badJobs } from './bad-jobs.ts';

const MINUTE_MS = 60_000;
const EVENT_MS = 3 * MINUTE_MS;

/** Longer than the longest patience, shorter than the fourth try of a `main()` that throws. */
const LOOKS = 6;

/** Two submissions, each looked at before and after, and told. */
const CALLS_MAX = 50;

/** A JobManager that may still be starting is asked like that for as long as the event stays. */
const WAITING_CALLS_MAX =
  defaults.pollFastForMs / defaults.pollFastMs +
  EVENT_MS / defaults.pollSlowMs +
  2 * (EVENT_MS / defaults.fullPassEveryMs);

/** The ports, with every call to the outside counted by its name; the store is looked at elsewhere. */
const counted = (world: FakeWorld, broken: Broken, calls: string[]): Ports => {
  const ports = portsOf(world, broken);
  const count = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        calls.push(String(name));
        return Reflect.get(target, name);
      },
    });
  const { ecs, flink, jars, secrets, alerts } = ports;
  return {
    ...ports,
    ecs: count(ecs),
    flink: count(flink),
    jars: count(jars),
    secrets: count(secrets),
    alerts: count(alerts),
  };
};

const event = (world: FakeWorld, cluster: Cluster, broken: Broken, calls: string[] = []) =>
  reconcile(counted(world, broken, calls), cluster, { untilMs: world.nowMs + EVENT_MS, wait: true });

const looks = async (world: FakeWorld, cluster: Cluster, broken: Broken, calls: string[] = []): Promise<void> => {
  for (let look = 0; look < LOOKS; look += 1) {
    world.nowMs += MINUTE_MS;
    await sweep(counted(world, broken, calls), [cluster], { untilMs: world.nowMs + 55_000 });
  }
};

const runsIn = (calls: readonly string[]) => calls.filter((name) => name === 'run').length;

describe.each([...badJobs, ...badClusters])('$name', (row) => {
  const { cluster = aCluster(), ran, code, where, says, runs = 0 } = row;

  /** The world after an event and some scheduled looks, still unrepaired. */
  const spoiled = async () => {
    const world = createWorld();
    if (ran) await event(world, cluster, {});
    const broken = row.spoil(world);
    const ofEvent: string[] = [];
    await event(world, cluster, broken, ofEvent);
    const ofLooks: string[] = [];
    await looks(world, cluster, broken, ofLooks);
    return { world, ofEvent, ofLooks };
  };

  it('is told once, with what is wrong and what to do', async () => {
    const { world } = await spoiled();
    expect(subjectsOf(world)).toEqual([`OPEN ${code} ${where}`]);
    for (const text of says) expect(world.alerts[0]?.text).toContain(text);
  });

  it('runs nothing, or no more than it may, and is no loop', async () => {
    const { world, ofEvent, ofLooks } = await spoiled();
    expect(runsIn([...ofEvent, ...ofLooks])).toBe(runs);
    expect(ofEvent.length).toBeLessThanOrEqual(row.isWaitedFor ? WAITING_CALLS_MAX : CALLS_MAX);
    expect(ofLooks.length).toBeLessThanOrEqual(LOOKS * CALLS_MAX);
    expect(world.store.leaseOf('realtime')).toBeUndefined();
    expect(world.violations).toEqual([]);
  });

  it('is over once it is repaired: told once, and the job runs', async () => {
    const { world } = await spoiled();
    const repaired = (await row.repair?.(world)) ?? cluster;
    await event(world, repaired, {});
    await looks(world, repaired, {});
    expect(subjectsOf(world)).toEqual([`OPEN ${code} ${where}`, `CLOSED ${code} ${where}`]);
    expect(jobsOf(world).map(({ state }) => state)).toEqual(row.leaves ?? ['RUNNING']);
    expect(world.violations).toEqual([]);
  });
});

describe('what the autopilot itself needs', () => {
  const denied = (code: string, text: string) => async (): Promise<never> => {
    throw new Fault('rejected', code, text);
  };

  test('DynamoDB that is denied fails each invocation and does nothing; repaired, the job starts', async () => {
    const world = createWorld();
    const acquire = denied('STORE_DENIED', 'dynamodb:UpdateItem is not allowed');
    const calls: string[] = [];
    await expect(event(world, aCluster(), { store: { acquire } }, calls)).rejects.toThrow('dynamodb:UpdateItem');
    await expect(looks(world, aCluster(), { store: { acquire } }, calls)).rejects.toThrow('dynamodb:UpdateItem');
    expect(calls).toEqual([]);
    await looks(world, aCluster(), {});
    expect(jobsOf(world)).toHaveLength(1);
    expect(subjectsOf(world)).toEqual([]);
  });

  test('SNS that is denied fails the scheduled look, not the event; repaired, what is wrong is told once', async () => {
    const world = createWorld();
    world.jars.clear();
    const broken = { alerts: { publish: denied('ALERTS_DENIED', 'sns:Publish is not allowed') } };
    const calls: string[] = [];
    await event(world, aCluster(), broken, calls);
    expect(calls.length).toBeLessThanOrEqual(CALLS_MAX);
    await expect(looks(world, aCluster(), broken)).rejects.toThrow('sns:Publish is not allowed');
    await looks(world, aCluster(), {});
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders']);
  });

  test('an event that cannot be read is refused with what it lacks', () => {
    const unreadable = { id: 'e-1', source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail: {} };
    expect(() => clusterOf([aCluster()], unreadable)).toThrow(
      'the ECS event e-1 has no text in detail: clusterArn, taskArn, lastStatus',
    );
  });
});
