import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Job, Storage } from '../../../lib/core/model.ts';
import { lookAtSnapshots } from '../../../lib/snapshots/look-at-snapshots.ts';
import { withChecks } from '../../../lib/snapshots/with-checks.ts';
import {
  aCheckpoint,
  aCluster,
  aFlinkJob,
  aStatefulJob,
  aStorage,
  aView,
  idOf,
  jm,
  lineageOf,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../pass/fake-jobmanager.ts';
import { createWorld, portsOf } from '../pass/fake-ports.ts';

const running = ranOn(jm(), 3, { source: aCheckpoint(8, 2), snapshots: [aCheckpoint(9, 3)] });

const OLD = `s3://state/checkpoints/${idOf(1)}`;

/** What the checks find where attempt 1 left a file, and attempt 3 of each job, started from attempt 2, runs with a checkpoint of its own. */
const checksOf = async (
  jobs: readonly Job[],
  storage: Partial<Storage> = {},
  more: readonly Job[] = [],
  {
    file = 'shared/x',
    before = [],
    nowMs = t0,
  }: { readonly file?: string; readonly before?: readonly Attempt[]; readonly nowMs?: number } = {},
) => {
  const world = createWorld();
  world.snapshots.put(`${OLD}/${file}`, Buffer.from('12345'));
  const all = [...jobs, ...more];
  const cluster = aCluster(all);
  const idIn = ({ lineage }: Job): string => `${lineage}${running.jobId.slice(16)}`;
  const view = aView(jm(), {
    jobs: jobs.map((job) => aFlinkJob(idIn(job))),
    identity: { storage: { ...aStorage(), ...storage } },
  });
  const observation = observed({ views: [view] });
  const attemptOf = (job: Job): Attempt => ({
    ...running,
    jobId: idIn(job),
    snapshots: [
      {
        ...aCheckpoint(9, 3, { atMs: t0 }),
        path: `${storage.checkpointDir ?? 's3://state/checkpoints'}/${idIn(job)}/chk-9`,
      },
    ],
  });
  const memories = Object.fromEntries(jobs.map((job) => [job.name, memoryOf(...before, attemptOf(job))]));
  const decided = decide({ cluster, memories, observation, nowMs, dice: {} });
  return (await withChecks(portsOf(world), cluster, memories, observation, decided, t0 + 60_000)).checks;
};
const left = { known: true, value: [{ path: OLD, bytes: 5, files: 1, more: false }] };
const none = { known: true, value: [] };

describe('the daily checks', () => {
  it('count what earlier attempts left', async () => {
    expect(await checksOf([aStatefulJob()])).toMatchObject({ orders: { expiry: { known: true }, left } });
  });

  it('leave a directory alone in which a savepoint lies, by its name or by what is on record', async () => {
    const job = aStatefulJob();
    const unnamed = (path: string, kind: 'savepoint' | 'checkpoint' = 'savepoint') =>
      checksOf([job], {}, [], {
        before: [
          ranOn(jm(9), 2, {
            end: { state: 'LOST', atMs: t0 },
            snapshots: [{ ...aCheckpoint(7, 2), kind, path }],
          }),
        ],
      });
    expect(await checksOf([job], {}, [], { file: 'savepoint-6f7264-0123/_metadata' })).toMatchObject({
      orders: { left: none },
    });
    expect(await unnamed(`${OLD.replace('s3:', 's3a:')}/before-the-upgrade`)).toMatchObject({ orders: { left: none } });
    for (const checks of [await unnamed(`${OLD}2/by-hand`), await unnamed(`${OLD}/chk-7`, 'checkpoint')])
      expect(checks).toMatchObject({ orders: { left } });
  });

  it.each(['s3', 's3a'])('leave a savepoint alone that is on record by another scheme than %s', async (scheme) => {
    const path = `${OLD.replace('s3:', scheme === 's3' ? 's3a:' : 's3:')}/before-the-upgrade`;
    const before = [
      ranOn(jm(9), 2, {
        end: { state: 'LOST', atMs: t0 },
        snapshots: [{ ...aCheckpoint(7, 2), kind: 'savepoint', path }],
      }),
    ];
    const storage = { checkpointDir: `${scheme}://state/checkpoints` };
    expect(await checksOf([aStatefulJob()], storage, [], { before })).toMatchObject({ orders: { left: none } });
  });

  it('wait until no job is to be started', async () => {
    expect(await checksOf([aStatefulJob()], {}, [aStatefulJob({ name: 'new' })])).toBeUndefined();
  });

  it('are made beside a job that waits for ever, once they waited for it for long', async () => {
    const waiting = aStatefulJob({ name: 'new', after: ['never'] });
    const never = aStatefulJob({ name: 'never', enabled: false });
    const at = (nowMs: number) => checksOf([aStatefulJob()], {}, [waiting, never], { nowMs });
    expect(await at(t0 + defaults.checkIdleMs - 1)).toBeUndefined();
    expect(Object.keys((await at(t0 + defaults.checkIdleMs)) ?? {})).toEqual(['orders']);
  });

  it.each<[string, Partial<Storage>]>([
    ['savepoints lie in the same directory', { savepointDir: 's3://state/checkpoints' }],
    [
      'they do by another name of it',
      { checkpointDir: 's3a://state/checkpoints', savepointDir: 's3://state//checkpoints' },
    ],
    ['a part of the files lies elsewhere', { entropyKey: '_entropy_' }],
    ['all jobs share one directory', { flat: true }],
  ])('count nothing where %s', async (_, storage) => {
    expect(await checksOf([aStatefulJob()], storage)).toMatchObject({ orders: { left: none } });
  });

  it('are made of a few jobs in one pass', async () => {
    const many = Array.from({ length: defaults.checksMax + 1 }, (_, n) =>
      aStatefulJob({ name: `job-${n}`, lineage: lineageOf(`job-${n}`) }),
    );
    expect(Object.keys((await checksOf(many)) ?? {})).toEqual(many.slice(0, -1).map(({ name }) => name));
  });
});

describe('a look at the snapshots of a job', () => {
  const asked = async (changes: Partial<Attempt>) => {
    const attempt = ranOn(jm(), 1, {
      checkpointing: CHECKPOINT_CONFIG,
      snapshots: [aCheckpoint(1, 1, { atMs: t0 })],
      ...changes,
    });
    const ports = portsOf(createWorld());
    const found = await lookAtSnapshots(
      ports,
      { url: 'http://10.0.0.1:8081' },
      [attempt],
      [aFlinkJob(idOf())],
      [],
      t0 + 1,
    );
    return { checkpoints: Object.keys(found.checkpoints), savepoints: Object.keys(found.savepoints) };
  };
  const savepoint = { directory: 'x', because: 'x', expiresMs: t0, triggerId: 'f'.repeat(32), sentMs: t0, to: jm() };

  it('is not made where it has some', async () => {
    expect(await asked({})).toEqual({ checkpoints: [], savepoints: [] });
  });

  it('is made while a savepoint is under way, whose trigger is asked for, too', async () => {
    expect(await asked({ savepoint })).toEqual({ checkpoints: [idOf()], savepoints: [savepoint.triggerId] });
  });

  it('finds the late success of one that failed, which is not asked for any more', async () => {
    expect(await asked({ savepoint: { ...savepoint, failed: 'x' } })).toEqual({
      checkpoints: [idOf()],
      savepoints: [],
    });
  });
});
