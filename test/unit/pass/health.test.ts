import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Job } from '../../../lib/core/model.ts';
import type { Endpoint } from '../../../lib/ports.ts';
import { aCluster, aJob, jm } from '../../support/builders.ts';
import { createJobManager, setState } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt } from './fake-ports.ts';
import { attemptsOf, minutesOf, passes, subjectsOf } from './passes.ts';

const silence = () => Promise.reject(new Fault('transient', 'UNREACHABLE', 'silence'));
const ID = (world: FakeWorld): string => attemptsOf(world).at(-1)?.jobId ?? '';
const running = async (changes: Partial<Job> = {}) => {
  const cluster = aCluster([aJob(changes)]);
  const world = createWorld();
  await passes(world, 2, { cluster });
  const restart = (times: number) => {
    const { restarts, exceptions } = jobManagerAt(world);
    restarts.set(ID(world), (restarts.get(ID(world)) ?? 0) + times);
    exceptions.set(ID(world), { atMs: world.nowMs, cause: 'java.io.IOException: no' });
  };
  const completes = (more: object = {}) =>
    jobManagerAt(world).checkpoints.set(ID(world), { completed: 1, snapshots: [], ...more });
  completes();
  return { world, cluster, restart, completes };
};
const loop = async () => {
  const given = await running();
  await minutesOf(given.world, 1, {}, given.cluster);
  for (let n = 0; n < 3; n += 1) {
    given.restart(3);
    await minutesOf(given.world, 1, {}, given.cluster);
  }
  return given;
};

describe('a job that Flink restarts again and again', () => {
  it('is told once, with its root cause, and to be over when it is calm', async () => {
    const { world, cluster, restart } = await loop();
    expect(subjectsOf(world)).toEqual(['OPEN RESTART_LOOP realtime/orders']);
    expect(world.alerts[0]?.text).toContain('java.io.IOException: no');
    restart(9);
    await minutesOf(world, 2, {}, cluster);
    expect(subjectsOf(world)).toHaveLength(1);
    await minutesOf(world, 14, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN RESTART_LOOP realtime/orders', 'CLOSED RESTART_LOOP realtime/orders']);
  });

  it('is asked for its exception with all that it was given: another process may have given it (F79)', async () => {
    const flinkConfiguration = { password: '${secret:db#password}' };
    const { world, cluster, restart } = await running({ args: ['--db', '${ssm:/db}'], flinkConfiguration });
    const asked: unknown[] = [];
    const lastException = async ({ given }: Endpoint, jobId: string) =>
      void asked.push(given?.find((each) => each.jobId === jobId)?.spec);
    restart(3);
    // An entry that was changed since says nothing of what it was given.
    await minutesOf(world, 1, { flink: { lastException } }, { ...cluster, jobs: [aJob()] });
    expect(asked).toMatchObject([{ args: ['--db', '${ssm:/db}'], flinkConfiguration }]);
  });

  it('stays one incident while it flaps: fewer restarts than opened it do not close it (F68)', async () => {
    const { world, cluster, restart } = await loop();
    for (let n = 0; n < 8; n += 1) {
      restart(1);
      await minutesOf(world, 4, {}, cluster);
    }
    restart(5);
    await minutesOf(world, 1, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN RESTART_LOOP realtime/orders']);
  });

  it('is not told a second time for the tasks that do not run meanwhile', async () => {
    const { world, cluster, restart } = await loop();
    setState(jobManagerAt(world), ID(world), 'RESTARTING');
    for (let n = 0; n < 12; n += 1) {
      restart(1);
      await minutesOf(world, 1, {}, cluster);
    }
    expect(subjectsOf(world)).toEqual(['OPEN RESTART_LOOP realtime/orders']);
  });

  it('stays told while nobody can look', async () => {
    const { world, cluster } = await loop();
    const jobs = () => Promise.reject(new Fault('transient', 'FLINK_UNREACHABLE', 'silence'));
    await minutesOf(world, 30, { flink: { jobs } }, cluster);
    expect(subjectsOf(world).filter((subject) => subject.includes('RESTART_LOOP'))).toHaveLength(1);
    const restarts = jobs;
    await minutesOf(world, 30, { flink: { restarts } }, cluster);
    expect(subjectsOf(world).filter((subject) => subject.includes('RESTART_LOOP'))).toHaveLength(1);
  });

  it.each(['CANCELED', 'FAILED', 'FINISHED'] as const)(
    'is told to be over when it is %s, and stays so',
    async (state) => {
      const { world } = await loop();
      setState(jobManagerAt(world), ID(world), state);
      await minutesOf(world, 2, {}, aCluster([aJob({ healing: { restarts: 0 } })]));
      expect(subjectsOf(world)).toContain('CLOSED RESTART_LOOP realtime/orders');
    },
  );

  it('stays told while it is lost and started again, until that was seen to be calm', async () => {
    const { world, cluster } = await loop();
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    await minutesOf(world, 3, {}, cluster);
    expect(attemptsOf(world)).toHaveLength(2);
    expect(subjectsOf(world).filter((subject) => subject.includes('RESTART_LOOP'))).toHaveLength(1);
    await minutesOf(world, 7, {}, cluster);
    expect(subjectsOf(world)).toContain('CLOSED RESTART_LOOP realtime/orders');
  });

  it('is over with the job’s `enabled: false`', async () => {
    const { world } = await loop();
    await minutesOf(world, 1, {}, aCluster([aJob({ enabled: false })]));
    expect(subjectsOf(world)).toContain('CLOSED RESTART_LOOP realtime/orders');
  });
});

describe('checkpoints that fail', () => {
  it('are told once with Flink’s reason, and to be over when they are mended', async () => {
    const { world, cluster, completes } = await running();
    completes({ failing: { inRow: 3, because: 'Asynchronous task checkpoint failed.' } });
    await minutesOf(world, 4, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN CHECKPOINTS_FAILING realtime/orders']);
    expect(world.alerts[0]?.text).toContain('Asynchronous task checkpoint failed.');
    completes();
    await minutesOf(world, 3, {}, cluster);
    expect(subjectsOf(world)).toContain('CLOSED CHECKPOINTS_FAILING realtime/orders');
  });
});

describe('a job that waits for its slowest part', () => {
  it('is told after half an hour, and to be over when that has passed', async () => {
    const { world, cluster } = await running();
    const vertices = (pressuredMs: number) => [
      { name: 'Source: orders', parallelism: 1, pressuredMs, busyMs: 0 },
      { name: 'lookup', parallelism: 1, pressuredMs: 0, busyMs: pressuredMs },
    ];
    let stopped = Number.POSITIVE_INFINITY;
    const flow = (nowMs: number) => ({ atMs: nowMs, vertices: vertices(Math.min(stopped, nowMs)) });
    jobManagerAt(world).flows.set(ID(world), flow);
    await minutesOf(world, 30, {}, cluster);
    expect(world.alerts).toEqual([]);
    await minutesOf(world, 10, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN BACK_PRESSURE realtime/orders']);
    expect(world.alerts[0]?.text).toMatch(
      /for 3\d min its work waits: "Source: orders" waits 100 % of its time; the busiest is "lookup"/,
    );
    stopped = world.nowMs;
    await minutesOf(world, 16, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN BACK_PRESSURE realtime/orders', 'CLOSED BACK_PRESSURE realtime/orders']);
  });
});

describe('output that is watched', () => {
  const health = { output: { prefix: 's3://results/orders', within: '30m' } };
  const writes = (world: FakeWorld, name: string) =>
    world.snapshots.put(`s3://results/orders/${name}`, Buffer.alloc(1));

  it('is told when the job reads and finishes no file, and to be over with the next one', async () => {
    const { world, cluster } = await running({ health });
    writes(world, '2026-01-02--03/part-1');
    await minutesOf(world, 30, {}, cluster);
    expect(world.alerts).toEqual([]);
    writes(world, '2026-01-02--03/.part-2.inprogress');
    await minutesOf(world, 15, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN OUTPUT_STALLED realtime/orders']);
    writes(world, '2026-01-02--03/part-2');
    await minutesOf(world, 6, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN OUTPUT_STALLED realtime/orders', 'CLOSED OUTPUT_STALLED realtime/orders']);
  });

  it('that has stalled stays told while its job is lost and started again, until a file is finished', async () => {
    const { world, cluster, completes } = await running({ health });
    writes(world, 'part-1');
    await minutesOf(world, 45, {}, cluster);
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    await minutesOf(world, 3, {}, cluster);
    completes();
    await minutesOf(world, 60, {}, cluster);
    expect(attemptsOf(world)).toHaveLength(2);
    expect(subjectsOf(world)).toEqual(['OPEN OUTPUT_STALLED realtime/orders']);
    writes(world, 'part-2');
    await minutesOf(world, 6, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN OUTPUT_STALLED realtime/orders', 'CLOSED OUTPUT_STALLED realtime/orders']);
  });

  it('is nobody’s worry while the source is quiet', async () => {
    const { world, cluster } = await running({ health });
    const vertices = [{ name: 'Source: orders', parallelism: 1, pressuredMs: 0, busyMs: 1 }];
    jobManagerAt(world).flows.set(ID(world), (nowMs) => ({ atMs: nowMs, vertices, records: 7 }));
    await minutesOf(world, 120, {}, cluster);
    expect(world.alerts).toEqual([]);
  });

  it('is nobody’s worry while files come', async () => {
    const { world, cluster } = await running({ health });
    for (let n = 0; n < 12; n += 1) {
      writes(world, `part-${n}`);
      await minutesOf(world, 10, {}, cluster);
    }
    expect(world.alerts).toEqual([]);
  });

  it('that may not be listed is told as that, not as ill', async () => {
    const { world, cluster } = await running({ health });
    const newest = () => Promise.reject(new Fault('rejected', 'SNAPSHOTS_DENIED', 's3:ListBucket: AccessDenied'));
    await minutesOf(world, 60, { snapshots: { newest } }, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN OUTPUT_UNSEEN realtime/orders']);
    expect(world.alerts[0]?.text).toContain('s3:ListBucket: AccessDenied');
    await minutesOf(world, 6, {}, cluster);
    expect(subjectsOf(world)).toContain('CLOSED OUTPUT_UNSEEN realtime/orders');
  });

  const listings = async (broken: Broken = {}) => {
    const { world, cluster } = await running({ health });
    await minutesOf(world, 4, {}, cluster);
    let asked = 0;
    const newest = async () => {
      asked += 1;
      return undefined;
    };
    await minutesOf(world, 61, { ...broken, snapshots: { newest } }, cluster);
    return asked;
  };

  it('costs one listing in five minutes', async () => {
    const asked = await listings();
    expect(asked).toBeLessThanOrEqual(13);
    expect(asked).toBeGreaterThan(9);
  });

  it.each<[string, Broken]>([
    ['ECS', { ecs: { look: silence } }],
    ['the JobManager', { flink: { identity: silence } }],
    ['the list of its jobs', { flink: { jobs: silence } }],
  ])('is not listed while %s gives no answer, without which nothing can be said of it', async (_, broken) => {
    expect(await listings(broken)).toBe(0);
  });

  it('is listed while Flink has no figure of the job', async () => {
    expect(await listings({ flink: { flow: silence } })).toBeGreaterThan(9);
  });
});

describe('an exception of a job that runs again', () => {
  it('is told once for each root cause where the manifest says so, and is over after an hour without it', async () => {
    const { world, cluster, restart } = await running({ health: { exceptions: 'tell' } });
    const threw = async (cause: string) => {
      restart(1);
      jobManagerAt(world).exceptions.set(ID(world), { atMs: world.nowMs, cause });
      await minutesOf(world, 10, {}, cluster);
    };
    await threw('java.lang.IllegalStateException: record 6 fails');
    await threw('java.lang.IllegalStateException: record 77 fails');
    await threw('java.io.IOException: no');
    const opened = subjectsOf(world);
    expect(opened).toEqual(['OPEN EXCEPTION_NEW realtime/orders', 'OPEN EXCEPTION_NEW realtime/orders']);
    expect(world.alerts.map(({ text }) => /it threw .*/.exec(text)?.[0])).toEqual([
      'it threw java.lang.IllegalStateException: record 6 fails',
      'it threw java.io.IOException: no',
    ]);
    await minutesOf(world, 60, {}, cluster);
    expect(subjectsOf(world).slice(2)).toEqual([
      'CLOSED EXCEPTION_NEW realtime/orders',
      'CLOSED EXCEPTION_NEW realtime/orders',
    ]);
  });

  it('is nobody’s worry otherwise', async () => {
    const { world, cluster, restart } = await running();
    restart(1);
    await minutesOf(world, 10, {}, cluster);
    expect(world.alerts).toEqual([]);
  });
});

describe('a job that is well', () => {
  it('is nobody’s worry in an hour, nor are restarts that Flink is there for', async () => {
    const { world, cluster, restart } = await running();
    for (let n = 0; n < 4; n += 1) {
      restart(1);
      await minutesOf(world, 5, {}, cluster);
    }
    await minutesOf(world, 40, {}, cluster);
    expect(world.alerts).toEqual([]);
  });

  it('costs one call more a minute than its checkpoints do, in whichever pass', async () => {
    const { world, cluster } = await running();
    await minutesOf(world, 2, {}, cluster);
    const asked: string[] = [];
    const restarts = async () => {
      asked.push('restarts');
      return 0;
    };
    const lastException = async () => {
      asked.push('exceptions');
      return undefined;
    };
    const broken = { flink: { restarts, lastException } };
    await minutesOf(world, 1, broken, cluster);
    await passes(world, 3, { cluster, broken });
    expect(asked).toEqual(['restarts']);
    expect(defaults.health.sampleEveryMs).toBeLessThan(60_000);
  });
});

describe('a minute of a quiet cluster', () => {
  it('costs four calls of the store, one of which writes the samples', async () => {
    const { world, cluster } = await running();
    await minutesOf(world, 2, {}, cluster);
    const before = world.store.memory('realtime').samples;
    const calls: string[] = [];
    const counted = <A extends readonly unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
      [
        name,
        (...args: A) => {
          calls.push(name);
          return call(...args);
        },
      ] as const;
    const { acquire, load, commit, release } = world.store;
    const store = Object.fromEntries([
      counted('acquire', acquire),
      counted('load', load),
      counted('commit', commit),
      counted('release', release),
    ]);
    await minutesOf(world, 1, { store }, cluster);
    expect(calls).toEqual(['acquire', 'load', 'commit', 'release']);
    expect(world.store.memory('realtime').samples).not.toEqual(before);
  });
});

describe('a job that does not run', () => {
  it('is told with the newest exception, after the time that its manifest says', async () => {
    const { world, cluster, restart } = await running({ health: { tasksWithin: '2m' } });
    setState(jobManagerAt(world), ID(world), 'RESTARTING');
    restart(1);
    await minutesOf(world, 2, {}, cluster);
    expect(world.alerts).toEqual([]);
    await minutesOf(world, 2, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN TASKS_NOT_RUNNING realtime/orders']);
    expect(world.alerts[0]?.text).toContain('; the newest exception: java.io.IOException: no');
  });
});
