import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Found, JobManagerIdentity, Seen } from '../../../lib/core/model.ts';
import {
  aCheckpoint,
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

  it('that was taken over when it ran already is held, and says what may be gone (I2)', () => {
    const { hadState: _had, ...silent } = lost(1, { posts: [] });
    expect(afterLoss([], { attempts: [silent] })).toMatchObject({
      verdict: 'hold',
      because: `attempt 1 (${idOf()}) may have had state that went with it: nobody heard of its checkpoints, and none is left`,
    });
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

describe('the Flink that wrote a snapshot', () => {
  const given = (version: string, changes: Partial<Found> = {}) =>
    afterLoss([aCheckpoint(42, 1, changes), aCheckpoint(41)], { identity: { version } });

  it('of an earlier minor version: an aligned checkpoint or a savepoint will do', () => {
    expect(startedBy(given('1.21.3'))).toMatchObject({ source: aCheckpoint(42) });
    expect(startedBy(given('1.21.3', { unaligned: true }))).toMatchObject({ source: aCheckpoint(41) });
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
