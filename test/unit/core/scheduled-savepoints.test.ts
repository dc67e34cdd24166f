import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type {
  Attempt,
  FlinkJob,
  Job,
  JobManagerTask,
  JobMemory,
  Observation,
  Savepoint,
  Snapshot,
} from '../../../lib/core/model.ts';
import {
  aCheckpoint,
  aFlinkJob,
  aStatefulJob,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

const hour = 3_600_000;
const daily = aStatefulJob({ savepoints: { every: '24h', keep: 2 } });
const home = (n = 1) => `s3://state/savepoints/${idOf(n)}`;
const taken = (id: number, n = 1, changes: Partial<Snapshot> = {}): Snapshot => ({
  kind: 'savepoint',
  path: `${home(n)}/savepoint-${id}`,
  id,
  atMs: t0 - hour,
  ...changes,
});
const lost = (n: number, snapshots: readonly Snapshot[], changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 - hour }, snapshots, ...changes });

type Options = {
  readonly job?: Job;
  readonly jobs?: readonly FlinkJob[];
  readonly tasks?: readonly JobManagerTask[];
  readonly submission?: boolean;
};

const given = (
  attempts: readonly Attempt[],
  { job = daily, jobs = [aFlinkJob(idOf(attempts.length))], tasks = [aTask()], submission = true }: Options = {},
) => {
  const observation: Observation = observed({ tasks, views: [aView(jm(), { jobs, identity: { submission } })] });
  return look({ job, memory: memoryOf(...attempts), observation }).decision;
};

describe('a scheduled savepoint', () => {
  it('is due where the lineage has none', () => {
    expect(given([ranOn(jm())])).toMatchObject({
      verdict: 'act',
      because: 'savepoint: each 24h',
      effect: {
        kind: 'savepoint',
        attempt: { savepoint: { directory: home(), sentMs: t0, expiresMs: t0 + defaults.orderWithinMs } },
      },
    });
  });

  it('is due however new its checkpoints are', () => {
    const snapshots = [aCheckpoint(1, 1, { atMs: t0 })];
    expect(given([ranOn(jm(), 1, { snapshots })]).effect).toMatchObject({ kind: 'savepoint' });
  });

  it.each<[string, (atMs: number) => readonly Attempt[]]>([
    ['its own newest one', (atMs) => [ranOn(jm(), 1, { snapshots: [taken(7, 1, { atMs })] })]],
    ['that of an earlier attempt', (atMs) => [lost(1, [taken(7, 1, { atMs })]), ranOn(jm(), 2)]],
    [
      'the one that it was started from',
      (atMs) => [ranOn(jm(), 1, { source: { ...taken(7, 1, { atMs }), attempt: 0 } })],
    ],
    [
      'one that the ledger is about to have',
      (atMs) => [
        ranOn(jm(), 1, {
          savepoint: { directory: home(), because: 'x', expiresMs: 0, sentMs: atMs, to: jm(), path: `${home()}/s` },
        }),
      ],
    ],
  ])('is due when %s is as old as `every`', (_, attempts) => {
    expect(given(attempts(t0 - 24 * hour + 1)).effect?.kind).not.toBe('savepoint');
    expect(given(attempts(t0 - 24 * hour)).effect).toMatchObject({ kind: 'savepoint' });
  });

  it('that failed is told when it was tried again, which is no news of it as long as it lasts', () => {
    const kept = { directory: home(), because: 'each 24h', expiresMs: 0, sentMs: t0 - 60_000, to: jm() };
    const told = (changes: Partial<Savepoint>) => given([ranOn(jm(), 1, { savepoint: { ...kept, ...changes } })]);
    expect(told({ failed: 'full' }).problem).toMatchObject({ code: 'SAVEPOINT_FAILED', graceMs: hour });
    expect(told({ failed: 'full', because: 'alice: before the upgrade' }).problem?.graceMs).toBe(0);
    expect(told({ expiresMs: t0 + hour }).unjudged).toContain('SAVEPOINT_FAILED');
    expect(told({ path: `${home()}/savepoint-1` }).unjudged ?? []).not.toContain('SAVEPOINT_FAILED');
  });

  it('that failed and is tried again at this look is told when that fails, too, however late the look comes', () => {
    const kept = { directory: home(), because: 'each 24h', expiresMs: 0, sentMs: t0 - 5 * hour, to: jm() };
    const looked = (changes: Partial<Savepoint>) => {
      const { effect, problem, unjudged } = given([ranOn(jm(), 1, { savepoint: { ...kept, ...changes } })]);
      return { does: effect?.kind, tells: problem?.code, isUnjudged: unjudged?.includes('SAVEPOINT_FAILED') === true };
    };
    expect(looked({ failed: 'full' })).toEqual({ does: 'savepoint', tells: undefined, isUnjudged: true });
    const ordered = { failed: 'full', because: 'alice: before the upgrade' };
    expect(looked(ordered)).toEqual({ does: 'savepoint', tells: 'SAVEPOINT_FAILED', isUnjudged: false });
  });

  it.each<[string, Partial<Job>, Partial<JobMemory>]>([
    ['is only watched', { mode: 'watch' }, {}],
    ['is paused', {}, { pause: { who: 'ann', why: 'moving', sinceMs: t0 } }],
  ])('that failed is told where it is not tried again, because its job %s', (_, changes, kept) => {
    const savepoint = { directory: home(), because: 'each 24h', expiresMs: 0, sentMs: t0 - 5 * hour, to: jm() };
    const memory = { ...memoryOf(ranOn(jm(), 1, { savepoint: { ...savepoint, failed: 'full' } })), ...kept };
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(1))] })] });
    const { decision } = look({ job: { ...daily, ...changes }, memory, observation });
    expect(decision).toMatchObject({ problem: { code: 'SAVEPOINT_FAILED' } });
    expect(decision.effect).toBeUndefined();
  });

  it('that failed is tried again after an hour, or sooner where more are due', () => {
    const failed = (sentMs: number) => [
      ranOn(jm(), 1, {
        savepoint: { directory: home(), because: 'x', expiresMs: 0, sentMs, to: jm(), failed: 'full' },
      }),
    ];
    expect(given(failed(t0 - hour + 1)).effect).toBeUndefined();
    expect(given(failed(t0 - hour)).effect).toMatchObject({ kind: 'savepoint' });
    const often = aStatefulJob({ savepoints: { every: '10m' } });
    expect(given(failed(t0 - 600_000), { job: often }).effect).toMatchObject({ kind: 'savepoint' });
  });

  it.each<[string, Options, Partial<Attempt>]>([
    ['the manifest says nothing of it', { job: aStatefulJob() }, {}],
    ['the job is not enabled', { job: { ...daily, enabled: false } }, {}],
    ['not all tasks run', { jobs: [aFlinkJob(idOf(), 'RUNNING', { tasksRunning: 1 })] }, {}],
    ['the cluster takes no jobs', { submission: false }, {}],
    ['a JobManager is out of sight', { tasks: [aTask(), draining(jm(2))] }, {}],
    [
      'one is under way',
      {},
      {
        savepoint: {
          directory: home(),
          because: 'x',
          expiresMs: t0 + 1,
          sentMs: t0,
          to: jm(),
          triggerId: 'f'.repeat(32),
        },
      },
    ],
    [
      'one is under way for longer than `every`',
      {},
      { savepoint: { directory: home(), because: 'x', expiresMs: t0 + 1, sentMs: t0 - 25 * hour, to: jm() } },
    ],
  ])('is not taken where %s', (_, options, changes) => {
    const decision = given([ranOn(jm(), 1, changes)], options);
    expect(decision.verdict).toBe('steady');
    expect(decision.effect).toBeUndefined();
  });
});

describe('old savepoints', () => {
  const attempts = (changes: Partial<Attempt> = {}) => [
    lost(1, [taken(9), taken(8), aCheckpoint(7), taken(6)]),
    ranOn(jm(), 2, { snapshots: [taken(11, 2)], ...changes }),
  ];

  it('beyond `keep` are given up, the oldest first, marked in the ledger before (I3)', () => {
    const { effect, because, verdict } = given(attempts());
    expect(verdict).toBe('act');
    expect(because).toContain('is one more than the 2 savepoints that are kept');
    const marked = [taken(9), taken(8), aCheckpoint(7), { ...taken(6), disposedMs: t0 }];
    expect(effect).toEqual({ kind: 'dispose', job: 'orders', to: jm(), path: taken(6).path, attempt: lost(1, marked) });
  });

  it('are given up once', () => {
    const marked = [taken(9), { ...taken(8), disposedMs: t0 }, { ...taken(6), disposedMs: t0 }];
    const { verdict, effect } = given([lost(1, marked), ranOn(jm(), 2, { snapshots: [taken(11, 2)] })]);
    expect({ verdict, effect }).toEqual({ verdict: 'steady', effect: undefined });
  });

  it.each<[string, readonly Attempt[]]>([
    ['an attempt was started from', attempts({ source: { ...taken(6), attempt: 1 } })],
    ['Flink says it began from', attempts({ restored: { path: `${taken(6).path}/_metadata`, id: 6 } })],
    [
      'a person ordered to start from',
      [
        lost(1, attempts()[0]?.snapshots ?? [], { nextFrom: { kind: 'snapshot', path: taken(6).path } }),
        ...attempts().slice(1),
      ],
    ],
  ])('that %s stay: the next oldest goes', (_, all) => {
    expect(given(all).effect).toMatchObject({ kind: 'dispose', path: taken(8).path });
  });

  it('of two attempts of one number go by their time: a lost table may have given it twice (F125, I2)', () => {
    const adopted = (atMs: number) => {
      const [jobId, end] = ['f'.repeat(32), { state: 'LOST', atMs: t0 }] as const;
      const path = `s3://state/savepoints/${jobId}/savepoint-1`;
      return lost(1, [taken(1, 1, { path, atMs }), taken(3, 1, { path: `${path}0`, atMs })], { jobId, end });
    };
    const own = ranOn(jm(), 1, { snapshots: [taken(5, 1, { atMs: t0 - 2 })] });
    for (const [atMs, path] of [
      [t0 - 3, adopted(0).snapshots?.[0]?.path],
      [t0 - 1, taken(5).path],
    ] as const)
      for (const both of [
        [adopted(atMs), own],
        [own, adopted(atMs)],
      ])
        expect(given(both, { jobs: [aFlinkJob(idOf())] }).effect).toMatchObject({ kind: 'dispose', path });
  });

  it('are ours also where they went before the manifest named another directory', () => {
    const moved = { ...daily, savepointDir: 's3://other/savepoints' };
    expect(given(attempts(), { job: moved }).effect).toMatchObject({ kind: 'dispose', path: taken(6).path });
  });

  it.each<[string, string]>([
    ['beside our directory', 's3://state/savepoints/savepoint-6'],
    ['of another attempt', `${home(2)}/savepoint-6`],
    ['of another job', `s3://state/savepoints/${'f'.repeat(32)}/savepoint-6`],
    ['elsewhere', `s3://elsewhere/${idOf(1)}/savepoint-6`],
  ])('%s are a person’s: they neither go nor count', (_, path) => {
    const ledger = [taken(9), taken(6, 1, { path }), taken(5, 1, { path })];
    const { verdict, effect } = given([lost(1, ledger), ranOn(jm(), 2, { snapshots: [taken(11, 2)] })]);
    expect({ verdict, effect }).toEqual({ verdict: 'steady', effect: undefined });
  });

  it('all stay without `keep`, and those of a job that is not enabled', () => {
    expect(given(attempts(), { job: aStatefulJob({ savepoints: { every: '24h' } }) }).effect).toBeUndefined();
    expect(given(attempts(), { job: { ...daily, enabled: false } }).effect).toBeUndefined();
  });
});
