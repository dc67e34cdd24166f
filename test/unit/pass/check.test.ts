import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Job } from '../../../lib/core/model.ts';
import { statusOf } from '../../../lib/operate/status.ts';
import { aCluster, aStatefulJob, aTask, jm, lineageOf, stopped } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, passes, subjectsOf } from './passes.ts';

const DIR = 's3://state/checkpoints';
const cluster = (changes: Partial<Job> = {}) => aCluster([aStatefulJob(changes)], { checkpointDir: DIR });

/** The newest attempt completes a checkpoint. */
const checkpoint = (world: FakeWorld, id: number): void => {
  const { jobId = '' } = attemptsOf(world).at(-1) ?? {};
  const path = `${DIR}/${jobId}/chk-${id}`;
  world.snapshots.snapshot(path, id);
  const on = [...world.jobManagers.values()].find(({ jobs }) => jobs.has(jobId));
  on?.checkpoints.set(jobId, {
    completed: 1,
    snapshots: [{ kind: 'checkpoint', path, id, atMs: world.nowMs, sizeBytes: 1 }],
  });
};

/** Three attempts, each lost with its JobManager after a checkpoint, and the last one live. */
const threeAttempts = async (options: { readonly broken?: Broken; readonly cluster?: ReturnType<typeof cluster> }) => {
  const world = createWorld();
  for (const n of [1, 2, 3]) {
    if (n > 1) {
      world.tasks = [stopped(jm(n - 1)), aTask(jm(n))];
      world.jobManagers.delete(jm(n - 1).address);
      world.jobManagers.set(jm(n).address, createJobManager(jm(n).process));
    }
    await passes(world, 3, options);
    checkpoint(world, n * 10);
    world.nowMs += defaults.ledgerEveryMs;
  }
  await passes(world, 3, options);
  return world;
};
const homesIn = (world: FakeWorld) =>
  attemptsOf(world)
    .filter(({ jobId }) => world.snapshots.paths().some((path) => path.includes(jobId)))
    .map(({ n }) => n);
const checkOf = (world: FakeWorld) => world.store.memory('realtime').jobs.orders?.check;

describe('what earlier attempts left', () => {
  it('is counted once the newest has a checkpoint of its own, and left alone', async () => {
    const world = await threeAttempts({ cluster: cluster() });
    expect(homesIn(world)).toEqual([1, 2, 3]);
    const [first] = attemptsOf(world);
    const left = [{ path: `${DIR}/${first?.jobId}`, files: 1 }];
    expect(checkOf(world)).toMatchObject({ attempt: 3, left });
    const status = await statusOf(portsOf(world), cluster(), world.nowMs + hour);
    expect(status.jobs).toMatchObject([{ left }]);
  });

  it('is deleted where the manifest says so, except what the newest was started from', async () => {
    const world = await threeAttempts({ cluster: cluster({ garbage: 'delete' }) });
    expect(homesIn(world)).toEqual([2, 3]);
    expect(checkOf(world)).toMatchObject({ soon: true });
  });

  it('stays where the checkpoint of the newest cannot be seen any more', async () => {
    const broken = { snapshots: { metadata: async () => undefined } };
    const world = await threeAttempts({ cluster: cluster({ garbage: 'delete' }) });
    expect(homesIn(world)).toEqual([2, 3]);
    world.snapshots.snapshot(`${DIR}/${attemptsOf(world)[0]?.jobId}/chk-10`, 10);
    world.nowMs += defaults.leftAgainMs;
    await passes(world, 3, { broken, cluster: cluster({ garbage: 'delete' }) });
    expect(homesIn(world)).toEqual([1, 2, 3]);
    expect(world.lines.some(({ message }) => message === 'left files kept')).toBe(true);
  });
});

describe('a rule of the bucket that deletes snapshots', () => {
  it('is asked for once a day, told once, and told to be over', async () => {
    const world = createWorld();
    let asked = 0;
    let rule: string | undefined = 'the rule "old" deletes its snapshots after 30 days';
    const expiry = async () => {
      asked += 1;
      return rule;
    };
    await passes(world, 2, { cluster: cluster() });
    checkpoint(world, 1);
    world.nowMs += defaults.ledgerEveryMs;
    await passes(world, 4, { broken: { snapshots: { expiry } }, cluster: cluster() });
    expect(subjectsOf(world)).toEqual(['OPEN STATE_AT_RISK realtime/orders']);
    const once = asked;
    rule = undefined;
    world.nowMs += defaults.checkEveryMs;
    await passes(world, 4, { broken: { snapshots: { expiry } }, cluster: cluster() });
    expect(subjectsOf(world)).toEqual(['OPEN STATE_AT_RISK realtime/orders', 'CLOSED STATE_AT_RISK realtime/orders']);
    // Where nothing is found the directory of savepoints is asked for, too.
    expect([once, asked]).toEqual([1, 3]);
    expect(jobManagerAt(world).jobs.size).toBe(1);
  });
});

describe('a check that is refused', () => {
  it.each([
    ['children', 'its snapshots cannot be listed', defaults.leftAgainMs],
    ['expiry', 'nobody can say whether a rule of the bucket', defaults.rulesAgainMs],
  ] as const)(
    'is told once, not made again before its time, and told to be over: %s (F96)',
    async (call, text, againMs) => {
      const world = createWorld();
      let asked = 0;
      const refuse = async () => {
        asked += 1;
        throw new Fault('rejected', 'SNAPSHOTS_DENIED', 's3:… is not allowed');
      };
      const broken = { snapshots: { [call]: refuse } };
      await passes(world, 2, { cluster: cluster() });
      checkpoint(world, 1);
      world.nowMs += defaults.ledgerEveryMs;
      await passes(world, 4, { broken, cluster: cluster() });
      expect(subjectsOf(world)).toEqual(['OPEN STATE_AT_RISK realtime/orders']);
      expect(world.alerts[0]?.text).toContain(text);
      world.nowMs += againMs / 2;
      const once = asked;
      await passes(world, 4, { broken, cluster: cluster() });
      expect(asked).toBe(once);
      world.nowMs += againMs / 2;
      await passes(world, 4, { cluster: cluster() });
      expect(subjectsOf(world)).toEqual(['OPEN STATE_AT_RISK realtime/orders', 'CLOSED STATE_AT_RISK realtime/orders']);
      expect(jobManagerAt(world).jobs.size).toBe(1);
    },
  );
});

it('a job that a dry run would start keeps no other from its check', async () => {
  const world = createWorld();
  const dry = aStatefulJob({ name: 'audit', flinkName: 'audit', lineage: lineageOf('audit'), mode: 'dry-run' });
  const both = aCluster([aStatefulJob({ flinkName: 'orders' }), dry], { checkpointDir: DIR });
  await passes(world, 2, { cluster: both });
  checkpoint(world, 1);
  await passes(world, 2, { cluster: both });
  expect(checkOf(world)).toMatchObject({ attempt: 1 });
});
