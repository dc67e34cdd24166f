import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Found, Job, Post, Search, Seen } from '../../../lib/core/model.ts';
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
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  t0,
} from '../../support/builders.ts';

const lost = (n = 1, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, hadState: true, ...changes });

const afterLoss = (
  snapshots: readonly Found[] | Seen<Search>,
  { attempts, job = aStatefulJob() }: { readonly attempts: readonly Attempt[]; readonly job?: Job },
) => look({ job, memory: memoryOf(...attempts), observation: observed({ snapshots }) }).decision;

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

  it('is tried again with a corrected jar of the same name as its message says: `release`, and not `apply`', () => {
    const attempts = [lost(), refused(2, aCheckpoint(42)), refused(3, aCheckpoint(41)), refused(4, aCheckpoint(40))];
    const given = { job: aStatefulJob(), memory: memoryOf(...attempts), observation: observed({ snapshots: all }) };
    const { problem } = look(given).decision;
    expect(problem?.fix).toContain('`npx flink-autopilot release realtime/orders`');
    expect(problem?.fix).not.toContain('apply');
    expect(look({ ...given, orders: [anOrder('apply')] }).consumed).toMatchObject([{ what: 'apply dropped' }]);
    const { decision } = look({ ...given, orders: [anOrder('release')] });
    expect(startedBy(decision)).toMatchObject({ n: 5, source: aCheckpoint(42) });
  });

  it('makes no job start empty, not even with `state: preferred`, before all are tried', () => {
    const attempts = [lost(), refused(2, aCheckpoint(42))];
    const job = aJob({ state: 'preferred' });
    expect(startedBy(afterLoss(all, { attempts, job }))).toMatchObject({ source: aCheckpoint(41) });
  });

  it.each(['preferred', 'required'] as const)(
    'makes a job with `state: %s` wait where nobody saw the older ones (I2, I6)',
    (state) => {
      const partial = { code: 'SNAPSHOTS_TOO_MANY', text: 'more than 60 requests' };
      const found = known({ found: [aCheckpoint(42)], partial, directories: ['s3://state'], highest: 1 });
      const attempts = [lost(), refused(2, aCheckpoint(42))];
      expect(afterLoss(found, { attempts, job: aJob({ state }) })).toMatchObject({
        verdict: 'wait',
        problem: { code: 'SNAPSHOTS_UNREADABLE', what: 'more than 60 requests' },
      });
      expect(startedBy(afterLoss(found, { attempts: [lost()] }))).toMatchObject({ source: aCheckpoint(42) });
    },
  );

  it('is told while the older one has made no snapshot of its own', () => {
    const live = ranOn(jm(), 3, { source: aCheckpoint(41) });
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf(3))] })];
    const given = (attempt: Attempt, nowMs: number) =>
      look({
        job: aStatefulJob(),
        memory: memoryOf(lost(), refused(2, aCheckpoint(42)), attempt),
        observation: observed({ views }),
        nowMs,
      });
    expect(given(live, t0).decision.further?.[0]).toMatchObject({
      code: 'RESTORED_OLDER',
      what: expect.stringContaining(`${aCheckpoint(42).path} was refused`),
    });
    const overMs = t0 + defaults.badRestoreToldMs;
    expect(given({ ...live, hadState: true }, overMs).decision.further ?? []).toEqual([]);
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
