import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster, Observation } from '../../../lib/core/model.ts';
import { observe } from '../../../lib/observe.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aJob, known, observed, t0 } from '../../support/builders.ts';
import { createWorld, type FakeWorld, portsOf } from './fake-ports.ts';

const memory = { jobs: {}, incidents: [], orders: [] };
const minute = 60_000;

/** What one look sees of the TaskManagers, and how often it asked for them. */
const looked = async (changes: Partial<Cluster> = {}, before?: Observation) => {
  let asked = 0;
  const world = createWorld();
  const { ecs } = portsOf(world);
  const taskManagers: typeof ecs.taskManagers = (...args) => {
    asked += 1;
    return ecs.taskManagers(...args);
  };
  const ports = portsOf(world, { ecs: { taskManagers } });
  const seen = await observe(ports, aCluster([], changes), memory, t0 + minute, before);
  return { asked, seen: seen.taskManagers };
};

describe('the TaskManager services', () => {
  it('are looked at in the first look of an invocation, and what was seen counts for the others', async () => {
    const view = { services: [{ name: 'taskmanager', desiredCount: 2, runningCount: 2 }], stopped: [] };
    expect(await looked()).toEqual({ asked: 1, seen: known(view) });
    const before = { ...observed(), taskManagers: known({ services: [], stopped: [] }) };
    expect(await looked({}, before)).toEqual({ asked: 0, seen: before.taskManagers });
  });

  it.each([
    ['the manifest names none', { taskManagers: [] }],
    ['the cluster is behind a URL', { url: 'http://flink:8081' }],
  ])('are not asked for where %s', async (_, changes) => {
    expect(await looked(changes)).toEqual({ asked: 0, seen: undefined });
  });
});

/** A scheduled look each minute. */
const minutes = async (world: FakeWorld, count: number, ports = portsOf(world)) => {
  for (let each = 0; each < count; each += 1) {
    await reconcile(ports, aCluster([aJob({ parallelism: 1 })]), { untilMs: world.nowMs + 55_000, wait: false });
    world.nowMs += minute;
  }
};
const alertsOf = ({ alerts }: FakeWorld) => alerts.map(({ incident, state }) => `${incident.code} ${state}`);

describe('what a person hears of TaskManagers', () => {
  it('is one message when fewer than wanted run for ten minutes, and one when they are there', async () => {
    const world = createWorld();
    world.taskManagers = { desiredCount: 2, runningCount: 1 };
    await minutes(world, 10);
    expect(alertsOf(world)).toEqual([]);
    await minutes(world, 2);
    expect(alertsOf(world)).toEqual(['TASKMANAGERS_MISSING open']);
    world.taskManagers = { desiredCount: 2, runningCount: 2 };
    await minutes(world, 2);
    expect(alertsOf(world)).toEqual(['TASKMANAGERS_MISSING open', 'TASKMANAGERS_MISSING closed']);
  });

  it('is one message with the action where ECS refuses that look alone, and its jobs are started all the same (F96)', async () => {
    const world = createWorld();
    const taskManagers = async (): Promise<never> => {
      throw new Fault('rejected', 'ECS_DENIED', 'ecs:DescribeServices is denied');
    };
    await minutes(world, 15, portsOf(world, { ecs: { taskManagers } }));
    expect(alertsOf(world)).toEqual(['TASKMANAGERS_UNSEEN open']);
    expect(world.alerts[0]?.incident.what).toContain('ecs:DescribeServices');
    expect([...world.jobManagers.values()].flatMap(({ jobs }) => [...jobs.values()])).toHaveLength(1);
  });
});
