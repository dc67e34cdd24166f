import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Metric } from '../../../lib/core/metrics.ts';
import type { Checkpoints, Job, Snapshot } from '../../../lib/core/model.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aJob, aTask, jm, stopped, t0 } from '../../support/builders.ts';
import { CHECKPOINT_CONFIG, createJobManager, setState } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, minutesOf, passes } from './passes.ts';

const valuesOf = (world: FakeWorld, name: Metric['name']): readonly number[] =>
  world.metrics.flatMap(({ metrics }) => metrics.filter((metric) => metric.name === name).map(({ value }) => value));

/** A world whose JobManager task started so long ago. */
const startedAgo = (ms: number): FakeWorld => ({ ...createWorld(), tasks: [aTask(jm(), { startedMs: t0 - ms })] });

const cluster = (changes: Partial<Job> = {}) => aCluster([aJob(changes)]);

const another = (world: FakeWorld): void => {
  world.tasks = [stopped(jm()), aTask(jm(2), { startedMs: world.nowMs - 3_000 })];
  world.jobManagers.delete(jm().address);
  world.jobManagers.set(jm(2).address, createJobManager(jm(2).process));
};

describe('time to ready', () => {
  it('is the age of a task when a job is submitted to it first, told once', async () => {
    const world = startedAgo(20_000);
    await minutesOf(world, 3);
    expect(valuesOf(world, 'TimeToReady')).toEqual([80_000]);
  });

  it('is told of the next task, too', async () => {
    const world = startedAgo(0);
    await minutesOf(world, 1);
    world.nowMs += 10_000;
    another(world);
    await minutesOf(world, 2);
    expect(valuesOf(world, 'TimeToReady')).toEqual([60_000, 63_000]);
  });

  it.each([
    [defaults.startWithinMs, 1],
    [defaults.startWithinMs + 1, 0],
  ])('is none of a start %d ms ago, which nobody waited for: %d', async (ms, count) => {
    const world = startedAgo(ms - 60_000);
    await minutesOf(world, 1);
    expect(valuesOf(world, 'TimeToReady')).toHaveLength(count);
  });

  it('is not told where several JobManagers are wanted: the one that leads may have stood by for long', async () => {
    const world = startedAgo(20_000);
    world.tasks = [...world.tasks, aTask(jm(2), { startedMs: t0 })];
    const rest = { ha: 'zookeeper', zookeeper: { quorum: 'z:2181', path: '/flink/default', rpc: 'x:6123' } } as const;
    for (const n of [1, 2]) world.jobManagers.set(jm(n).address, createJobManager(jm(n).process, rest));
    await minutesOf(world, 4, {}, aCluster([aJob()], { leader: 'rest' }));
    expect(attemptsOf(world)).toHaveLength(1);
    expect(valuesOf(world, 'TimeToReady')).toEqual([]);
  });

  it('is not told of a task that ECS does not date, nor of a dry run, which submits nothing', async () => {
    const undated = createWorld();
    await minutesOf(undated, 1);
    expect(attemptsOf(undated)).toHaveLength(1);
    const dry = startedAgo(0);
    await minutesOf(dry, 3, {}, cluster({ mode: 'dry-run' }));
    expect([...valuesOf(undated, 'TimeToReady'), ...valuesOf(dry, 'TimeToReady')]).toEqual([]);
  });
});

describe('time to running', () => {
  const changed = (world: FakeWorld, changes: object): void => {
    for (const job of jobsOf(world)) jobManagerAt(world).jobs.set(job.jobId, { ...job, ...changes });
  };

  it("is from the intent until all tasks ran, by Flink's own word, whenever it was seen; told once", async () => {
    const world = createWorld();
    await passes(world, 1);
    const sentMs = attemptsOf(world)[0]?.posts[0]?.sentMs ?? 0;
    changed(world, { changedMs: sentMs + 4_000 });
    await minutesOf(world, 3);
    expect(valuesOf(world, 'TimeToRunning')).toEqual([4_000]);
  });

  it.each([
    [{ changedMs: t0 + hour }, 60_000], // a clock that is ahead
    [{ changedMs: t0 - 5_000 }, 0],
    [{}, 60_000], // a Flink that does not say
  ])('of %o is %d ms: never before the intent, never after it was seen', async (changes, ms) => {
    const world = createWorld();
    await passes(world, 1);
    changed(world, changes);
    world.nowMs = t0;
    await minutesOf(world, 1);
    expect(valuesOf(world, 'TimeToRunning')).toEqual([ms]);
  });

  it('is not told while not all tasks run', async () => {
    const world = createWorld();
    await passes(world, 1);
    for (const { jobId } of jobsOf(world)) setState(jobManagerAt(world), jobId, 'RESTARTING');
    await minutesOf(world, 2);
    expect(valuesOf(world, 'TimeToRunning')).toEqual([]);
  });
});

describe('restarts', () => {
  it('by the autopilot are attempts after the first', async () => {
    const world = createWorld();
    await minutesOf(world, 2);
    expect(valuesOf(world, 'RestartsByAutopilot')).toEqual([]);
    another(world);
    await minutesOf(world, 3);
    expect(attemptsOf(world)).toHaveLength(2);
    expect(valuesOf(world, 'RestartsByAutopilot')).toEqual([1]);
  });

  it('by Flink are what was added since the look before, of the same job', async () => {
    const world = createWorld();
    await passes(world, 1);
    const [id = ''] = jobsOf(world).map(({ jobId }) => jobId);
    const { restarts } = jobManagerAt(world);
    for (const count of [7, 9, 9, 12, 1]) {
      restarts.set(id, count);
      await minutesOf(world, 1);
    }
    expect(valuesOf(world, 'RestartsByFlink')).toEqual([2, 3]);
  });
});

describe('the age of the newest checkpoint', () => {
  const snapshot = (atMs: number): Snapshot => ({ kind: 'checkpoint', path: 's3://c/chk-1', id: 1, atMs });
  const aged = async (snapshots: readonly Snapshot[], broken: Broken = {}, minutes = 1): Promise<readonly number[]> => {
    const world = createWorld();
    await passes(world, 1);
    const seen: Checkpoints = { completed: snapshots.length, snapshots };
    await minutesOf(world, minutes, { ...broken, flink: { checkpoints: async () => seen, ...broken.flink } });
    return valuesOf(world, 'CheckpointAge');
  };

  it('is told in seconds', async () => expect(await aged([snapshot(t0 - hour)])).toEqual([3_660]));

  it.each([
    [defaults.health.progressLeastMs, 1],
    [defaults.health.progressLeastMs - 1, 0],
    [-hour, 0], // a clock that is ahead
  ])("of %d ms is told or nobody's worry: %d", async (ms, count) =>
    expect(await aged([snapshot(t0 + 60_000 - ms)])).toHaveLength(count),
  );

  it('counts from the submission where there is none yet', async () =>
    expect(await aged([], {}, 6)).toEqual([300, 360]));

  it.each([{ ...CHECKPOINT_CONFIG, inMemory: true }, (({ intervalMs: _, ...config }) => config)(CHECKPOINT_CONFIG)])(
    'is none of a job that keeps none by itself: %o',
    async (config) => {
      expect(await aged([snapshot(t0 - hour)], { flink: { checkpointConfig: async () => config } })).toEqual([]);
    },
  );
});

describe('open incidents', () => {
  it('are told while there are any, and once when the last one is over', async () => {
    const world = createWorld();
    world.jars.clear();
    await minutesOf(world, 3);
    world.jars.set('s3://jars/orders.jar', { present: true, version: 'v1', sizeBytes: 1 });
    await minutesOf(world, 3);
    expect(valuesOf(world, 'IncidentsOpen')).toEqual([1, 1, 1, 0]);
  });
});

describe('a pass', () => {
  it('that is slow tells how long it took once in an invocation, and nothing more while it waits', async () => {
    const world = createWorld();
    world.jobManagers.clear();
    let looks = 0;
    const slow: Broken = {
      ecs: {
        look: async () => {
          world.nowMs += defaults.slowPassMs;
          looks += 1;
          return { services: [{ name: 'jobmanager', desiredCount: 1 }], tasks: world.tasks, missing: [] };
        },
      },
    };
    const stay = { untilMs: world.nowMs + 170_000, wait: true };
    await reconcile(portsOf(world, slow), aCluster(), stay);
    expect(looks).toBeGreaterThan(2);
    expect(world.metrics.map(({ metrics }) => metrics)).toEqual([
      [{ name: 'PassDuration', value: defaults.slowPassMs }],
    ]);
  });

  it('that did something tells how long it took, and a quiet one nothing at all', async () => {
    const world = createWorld();
    await minutesOf(world, 2);
    expect(valuesOf(world, 'PassDuration')).toEqual([0]);
    const count = world.metrics.length;
    await minutesOf(world, 3);
    expect(world.metrics).toHaveLength(count);
  });

  it('goes on when its figures cannot be told', async () => {
    const world = createWorld();
    const put = async () => {
      throw new Error('no log');
    };
    await minutesOf(world, 1, { metrics: { put } });
    expect(attemptsOf(world)).toHaveLength(1);
    expect(world.lines.filter(({ message }) => message === 'not measured')).not.toEqual([]);
  });
});
