import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Found, JobManagerIdentity, Post, Seen } from '../../../lib/core/model.ts';
import {
  aCheckpoint,
  aFlinkJob,
  aJob,
  anOrder,
  aPost,
  aStatefulJob,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  t0,
  unknown,
} from '../../support/builders.ts';

const lost = (n = 1, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, hadState: true, ...changes });

const afterLoss = (
  snapshots: readonly Found[] | Seen<never> | undefined,
  { attempts = [lost()], job = aStatefulJob(), identity = {} as Partial<JobManagerIdentity> } = {},
) => {
  const views = [aView(jm(), { identity })];
  const observation = observed({ views, ...(snapshots === undefined ? {} : { snapshots }) });
  return look({ job, memory: memoryOf(...attempts), observation }).decision;
};

describe('a job that was lost with its JobManager', () => {
  it('is first searched for its snapshots: nothing is submitted before (F50)', () => {
    expect(afterLoss(undefined)).toMatchObject({ verdict: 'wait', wantsSnapshots: true });
  });

  it('starts from the newest complete one of its lineage, which its intent names', () => {
    const started = startedBy(afterLoss([aCheckpoint(42), aCheckpoint(41)]));
    expect(started).toMatchObject({ n: 2, source: aCheckpoint(42) });
  });

  it.each<[string, Partial<Attempt>, string]>([
    ['had state', {}, 'no complete snapshot of it is left'],
    [
      'kept it in memory',
      {
        checkpointing: {
          intervalMs: 1_000,
          timeoutMs: 1,
          toleratedFailures: 0,
          retention: 'none',
          inMemory: true,
          unaligned: false,
        },
      },
      "its checkpoints lay in its JobManager's memory",
    ],
  ])('is held where it %s and none is found (F50)', (_, changes, because) => {
    expect(afterLoss([], { attempts: [lost(1, changes)] })).toMatchObject({
      verdict: 'hold',
      problem: { code: 'STATE_REQUIRED', what: expect.stringContaining(because) },
    });
  });

  it('waits where they cannot be listed: unknown is not none (F51, I6)', () => {
    expect(afterLoss(unknown('s3:ListBucket denied'))).toMatchObject({
      verdict: 'wait',
      problem: { code: 'SNAPSHOTS_UNREADABLE', what: 's3:ListBucket denied' },
    });
  });

  it('starts empty where it never had any state', () => {
    const { hadState: _, ...stateless } = lost();
    const started = startedBy(afterLoss([], { attempts: [stateless] }));
    expect(started).toMatchObject({ n: 2 });
    expect(started).not.toHaveProperty('source');
  });

  it.each<[string, number, number | undefined, string]>([
    ['was there for long, and nobody heard of its checkpoints', defaults.unheardStateMs, undefined, 'hold'],
    ['was there for a moment', defaults.unheardStateMs - 1, undefined, 'act'],
    ['was there for less than one interval', 2 * defaults.unheardStateMs, 3 * defaults.unheardStateMs, 'act'],
  ])('that %s: what Flink deletes at an end leaves no trace (I2)', (_, lastedMs, intervalMs, verdict) => {
    const { hadState: _had, ...silent } = lost(1, { end: { state: 'LOST', atMs: t0 + lastedMs } });
    const rest = {
      timeoutMs: 1,
      toleratedFailures: 0,
      retention: 'delete',
      inMemory: false,
      unaligned: false,
    } as const;
    const attempt = intervalMs === undefined ? silent : { ...silent, checkpointing: { intervalMs, ...rest } };
    expect(afterLoss([], { attempts: [attempt] })).toMatchObject({ verdict });
  });

  it.each(['preferred', 'none'] as const)('starts empty with `state: %s` where none is left', (state) => {
    expect(startedBy(afterLoss([], { job: aJob({ state }) }))).toMatchObject({ n: 2 });
  });

  it('starts from one that only the file store knows of, when the table is lost (F125)', () => {
    expect(startedBy(afterLoss([aCheckpoint(7, 3)], { attempts: [] }))).toMatchObject({
      n: 4,
      source: aCheckpoint(7, 3),
    });
  });

  it('goes on above the highest attempt that the file store knows of, when an older table came back (F125)', () => {
    const { sightedOn: _, ...unsent } = ranOn(jm(), 2, {
      posts: [aPost({ answer: 'not-sent', sentMs: t0 - 60_000 })],
    });
    const n = (snapshot: Found) => startedBy(afterLoss([snapshot], { attempts: [lost(), unsent] }))?.n;
    expect([n(aCheckpoint(7, 5)), n(aCheckpoint(7, 2)), n(aCheckpoint(7, 1))]).toEqual([6, 3, 2]);
  });
});

describe('a snapshot that Flink refuses', () => {
  const refused = (n: number, source: Found, code = 'SNAPSHOT_UNREADABLE'): Attempt =>
    ranOn(jm(), n, {
      source,
      posts: [aPost({ answer: 'refused', refusal: { code, text: 'Cannot find checkpoint' } })],
      end: { state: 'FAILED', atMs: t0 },
    });
  const all = [aCheckpoint(42), aCheckpoint(41), aCheckpoint(40)];

  it.each(['SNAPSHOT_UNREADABLE', 'STATE_INCOMPATIBLE'])(
    '%s: the one before it is tried under a new id (F52)',
    (code) => {
      const started = startedBy(afterLoss(all, { attempts: [lost(), refused(2, aCheckpoint(42), code)] }));
      expect(started).toMatchObject({ n: 3, source: aCheckpoint(41) });
    },
  );

  it('is not tried again by another of its names (F52)', () => {
    const path = aCheckpoint(42).path.replace('s3:', 's3a:');
    const attempts = [lost(), refused(2, aCheckpoint(42, 1, { path }))];
    expect(startedBy(afterLoss(all, { attempts }))).toMatchObject({ source: aCheckpoint(41) });
  });

  it('is followed by at most `restoreDepth` others, then it is held', () => {
    const attempts = [lost(), refused(2, aCheckpoint(42)), refused(3, aCheckpoint(41))];
    expect(startedBy(afterLoss(all, { attempts }))).toMatchObject({ source: aCheckpoint(40) });
    const job = aStatefulJob({ restoreDepth: 1 });
    expect(afterLoss(all, { attempts, job })).toMatchObject({ verdict: 'hold', problem: { code: 'RESTORE_REFUSED' } });
  });

  it.each(['apply', 'release'] as const)('is tried again, the newest first, once a person gives `%s`', (kind) => {
    const job = aStatefulJob({ args: ['--new'], revision: 'rev-2' });
    const attempts = [lost(), refused(2, aCheckpoint(42)), refused(3, aCheckpoint(41)), refused(4, aCheckpoint(40))];
    const observation = observed({ snapshots: all });
    const given = { job, memory: memoryOf(...attempts), observation };
    expect(look(given).decision.problem?.code).toBe('RESTORE_REFUSED');
    const { decision } = look({ ...given, orders: [anOrder(kind)] });
    expect(startedBy(decision)).toMatchObject({ n: 5, source: aCheckpoint(42), spec: { args: ['--new'] } });
  });

  it('makes no job start empty, not even with `state: preferred`, before all are tried', () => {
    const attempts = [lost(), refused(2, aCheckpoint(42))];
    const job = aJob({ state: 'preferred' });
    expect(startedBy(afterLoss(all, { attempts, job }))).toMatchObject({ source: aCheckpoint(41) });
  });

  it('is told while the older one has made no snapshot of its own', () => {
    const live = ranOn(jm(), 3, { source: aCheckpoint(41) });
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf(3))] })];
    const given = (attempt: Attempt) =>
      look({
        job: aStatefulJob(),
        memory: memoryOf(lost(), refused(2, aCheckpoint(42)), attempt),
        observation: observed({ views }),
      });
    expect(given(live).decision.problem).toMatchObject({
      code: 'RESTORED_OLDER',
      what: expect.stringContaining(`${aCheckpoint(42).path} was refused`),
    });
    expect(given({ ...live, hadState: true }).decision.problem).toBeUndefined();
  });
});

describe('a submission that is tried again under its id', () => {
  const tried = (post: Partial<Post>): Attempt => {
    const { sightedOn: _, ...attempt } = ranOn(jm(), 2, {
      source: aCheckpoint(42),
      posts: [aPost({ answer: 'refused', sentMs: t0 - 3_600_000, ...post })],
    });
    return attempt;
  };
  const threw = { refusal: { code: 'MAIN_THREW', text: 'no database' } };

  it.each<[string, Partial<Post>, number]>([
    ['chooses again where main() threw and nothing runs', { ...threw, nothingRuns: true }, 41],
    ['stays with its snapshot where nobody heard what came of it', { answer: 'broken', settledByMs: t0 - 1 }, 42],
  ])('%s (F55)', (_, post, id) => {
    const views = [aView(jm(), { absent: [idOf(2)] })];
    const observation = observed({ views, snapshots: [aCheckpoint(41)] });
    const { decision } = look({ job: aStatefulJob(), memory: memoryOf(lost(), tried(post)), observation });
    expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2), source: aCheckpoint(id) });
  });
});

describe('the Flink that wrote a snapshot', () => {
  const given = (version: string, changes: Partial<Found> = {}) =>
    afterLoss([aCheckpoint(42, 1, changes), aCheckpoint(41)], { identity: { version } });

  it('of another minor version: an aligned checkpoint or a savepoint will do', () => {
    expect(startedBy(given('1.19.3'))).toMatchObject({ source: aCheckpoint(42) });
    expect(startedBy(given('1.19.3', { unaligned: true }))).toMatchObject({ source: aCheckpoint(41) });
  });

  it('of another major version: held for an order', () => {
    expect(given('2.3.0')).toMatchObject({ verdict: 'hold', problem: { code: 'FLINK_CHANGED' } });
    const attempts = [lost(1, { nextFrom: { kind: 'snapshot', path: aCheckpoint(42).path } })];
    const ordered = afterLoss([aCheckpoint(42, 1, { attempt: 0 })], { attempts, identity: { version: '2.3.0' } });
    expect(startedBy(ordered)).toMatchObject({ source: { path: aCheckpoint(42).path } });
  });
});

describe('an order of a person', () => {
  const held = memoryOf(lost());
  const given = (kind: Parameters<typeof anOrder>[0], changes = {}, memory = held) =>
    look({ job: aStatefulJob(), memory, observation: observed({ snapshots: [] }), orders: [anOrder(kind, changes)] });

  it('`start-empty` releases a hold once', () => {
    const { memory, decision } = given('start-empty');
    expect(startedBy(decision)).toMatchObject({ n: 2 });
    const second = memoryOf(...memory.attempts, lost(2));
    expect(
      look({ job: aStatefulJob(), memory: second, observation: observed({ snapshots: [] }) }).decision,
    ).toMatchObject({
      problem: { code: 'STATE_REQUIRED' },
    });
  });

  it('`restore-from` says what it starts from', () => {
    const { path } = aCheckpoint(12);
    expect(given('restore-from', { path }).memory.attempts[0]).toMatchObject({ nextFrom: { kind: 'snapshot', path } });
  });
});
