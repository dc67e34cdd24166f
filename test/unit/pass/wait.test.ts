import { describe, expect, it } from 'vitest';
import type { WaitFor } from '../../../lib/core/decision.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { waitForChange, waitsOf } from '../../../lib/wait.ts';
import { aCluster, aFlinkJob, aTask, draining, idOf, jm, observed, t0, unknown } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';

const { address } = jm();
const patience = { sinceMs: t0, untilMs: t0 + defaults.fullPassEveryMs };

/** How long a wait lasts, when something happens after so many milliseconds. */
const lasts = async (wait: WaitFor, happens?: (world: FakeWorld) => void, atMs = 1_000, broken: Broken = {}) => {
  const world = createWorld();
  const ports = portsOf(world, broken);
  const sleep = async (ms: number) => {
    world.nowMs += ms;
    if (world.nowMs - ms < t0 + atMs && world.nowMs >= t0 + atMs) happens?.(world);
  };
  await waitForChange({ ...ports, clock: { ...ports.clock, sleep } }, aCluster(), [wait], observed(), patience);
  return { ms: world.nowMs - t0, world };
};
const addJob = (world: FakeWorld) => {
  jobManagerAt(world).jobs.set(idOf(), aFlinkJob(idOf(), 'RUNNING', { tasksTotal: 1 }));
};

describe('waiting', () => {
  it.each<[string, WaitFor, (world: FakeWorld) => void]>([
    [
      'another task',
      { kind: 'ecs' },
      (world) => {
        world.tasks = [draining(jm(1)), aTask(jm(2))];
      },
    ],
    [
      'a service at 0',
      { kind: 'ecs' },
      (world) => {
        world.desiredCount = 0;
      },
    ],
    [
      'free slots',
      { kind: 'slots', address, free: 4 },
      (world) => {
        jobManagerAt(world).slots = 8;
      },
    ],
    ['the job', { kind: 'job', address, jobId: idOf() }, addJob],
  ])('ends with the change: %s', async (_, wait, happens) => {
    expect((await lasts(wait, happens)).ms).toBe(1_000);
    expect((await lasts(wait)).ms).toBe(defaults.fullPassEveryMs);
  });

  it('ends when the JobManager lists its jobs, and not while it does not', async () => {
    const away = async () => {
      throw new Fault('transient', 'UNREACHABLE', 'refused');
    };
    expect((await lasts({ kind: 'jobs', address })).ms).toBe(defaults.pollFastMs);
    const broken = { flink: { jobs: away } };
    expect((await lasts({ kind: 'jobs', address }, undefined, 0, broken)).ms).toBe(defaults.fullPassEveryMs);
  });

  it('is not ended by another job', async () => {
    expect((await lasts({ kind: 'job', address, jobId: idOf(2) }, addJob)).ms).toBe(defaults.fullPassEveryMs);
  });

  it('is ended by ECS that can be seen again', async () => {
    const world = createWorld();
    const blind = { ...observed(), ecs: unknown() };
    await waitForChange(portsOf(world), aCluster(), [{ kind: 'ecs' }], blind, patience);
    expect(world.nowMs - t0).toBe(defaults.pollEcsMs);
  });

  it('asks the store nothing and logs nothing', async () => {
    const { world } = await lasts({ kind: 'slots', address, free: 4 });
    expect(world.storeCalls).toEqual([]);
    expect(world.lines).toEqual([]);
  });

  it.each([
    [0, defaults.pollFastMs],
    [defaults.pollFastForMs - 1, defaults.pollFastMs],
    [defaults.pollFastForMs, defaults.pollSlowMs],
  ])('%i ms after it began asks again after %i ms', async (afterMs, everyMs) => {
    const sleeps: number[] = [];
    const world = createWorld();
    const sleep = async (ms: number) => {
      world.nowMs += ms;
      sleeps.push(ms);
    };
    const ports = portsOf(world);
    const clock = { ...ports.clock, sleep };
    const since = { ...patience, sinceMs: t0 - afterMs };
    await waitForChange({ ...ports, clock }, aCluster(), [{ kind: 'slots', address, free: 4 }], observed(), since);
    expect(sleeps[0]).toBe(everyMs);
  });

  it('asks ECS less often than a JobManager, as its calls are throttled', async () => {
    let asked = 0;
    const look = async () => {
      asked += 1;
      throw new Fault('transient', 'THROTTLED', 'throttled');
    };
    await lasts({ kind: 'ecs' }, undefined, 0, { ecs: { look } });
    expect(asked).toBe(defaults.fullPassEveryMs / defaults.pollEcsMs);
  });
});

describe('what is waited for', () => {
  it('is what the decisions name, each once', () => {
    const of = (waitFor?: WaitFor) => ({
      job: 'a',
      saw: 'absent',
      verdict: 'wait' as const,
      because: '',
      ...(waitFor === undefined ? {} : { waitFor }),
    });
    const slots = { kind: 'slots', address, free: 4 } as const;
    expect(waitsOf([of(), of(slots), of({ kind: 'ecs' }), of(slots)])).toEqual([slots, { kind: 'ecs' }]);
    expect(waitsOf([of()])).toEqual([]);
  });
});
