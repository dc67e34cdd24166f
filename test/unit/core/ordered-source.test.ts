import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Found, Job, NextFrom } from '../../../lib/core/model.ts';
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
} from '../../support/builders.ts';

const PATH = 's3://state/kept/savepoint-1';
const ordered: Found = { kind: 'savepoint', path: PATH, id: 12, atMs: t0, attempt: 0 };
const lost = (n = 1, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, hadState: true, ...changes });
const toSnapshot: NextFrom = { kind: 'snapshot', path: PATH };
const toEmpty: NextFrom = { kind: 'empty' };

const decided = (attempts: readonly Attempt[], snapshots: readonly Found[], job: Job = aStatefulJob()) =>
  look({ job, memory: memoryOf(...attempts), observation: observed({ snapshots }) }).decision;

describe('`restore-from`', () => {
  it('starts from the snapshot that it names, although newer ones are there', () => {
    expect(startedBy(decided([lost(1, { nextFrom: toSnapshot })], [ordered]))).toMatchObject({ source: ordered });
  });

  it.each<[string, Job]>([
    ['by default', aStatefulJob()],
    ['with `state: preferred`', aJob({ state: 'preferred' })],
  ])('is held where no complete snapshot is, %s, and never starts empty (I2)', (_, job) => {
    const { hadState: _had, ...stateless } = lost(1, { nextFrom: toSnapshot });
    expect(decided([stateless], [], job)).toMatchObject({
      verdict: 'hold',
      problem: { code: 'STATE_REQUIRED', what: `it was ordered to start from ${PATH}, where no complete snapshot is` },
    });
  });

  it('is dropped where it names a snapshot of another job (F54)', () => {
    const path = `s3://state/checkpoints/${idOf(3, 'audit')}/chk-7`;
    const given = { job: aStatefulJob(), memory: memoryOf(lost()), orders: [anOrder('restore-from', { path })] };
    const cluster = { jobs: [aStatefulJob(), aStatefulJob({ name: 'audit' })] };
    expect(look({ ...given, cluster }).consumed).toMatchObject([
      { what: 'restore-from dropped', because: expect.stringContaining('it is a snapshot of audit') },
    ]);
    expect(look(given).consumed).toMatchObject([{ what: 'restore-from' }]);
    const own = [anOrder('restore-from', { path: `s3://state/checkpoints/${idOf(1)}/chk-7` })];
    expect(look({ ...given, cluster, orders: own }).consumed).toMatchObject([{ what: 'restore-from' }]);
  });

  it('is held where Flink refuses that snapshot: no other takes its place', () => {
    const post = aPost({ answer: 'refused', refusal: { code: 'STATE_INCOMPATIBLE', text: 'no operator' } });
    const refused = ranOn(jm(), 2, { source: ordered, posts: [post], end: { state: 'FAILED', atMs: t0 } });
    const attempts = [lost(1, { nextFrom: toSnapshot }), refused];
    expect(decided(attempts, [ordered], aJob({ state: 'preferred' }))).toMatchObject({
      problem: { code: 'STATE_REQUIRED', what: expect.stringContaining(`refused: ${PATH} (no operator)`) },
    });
  });
});

describe('an order of what to start from', () => {
  const unsent = (changes: Partial<Attempt> = {}): Attempt => {
    const { sightedOn: _, ...attempt } = ranOn(jm(), 2, {
      posts: [aPost({ to: jm(9), answer: 'not-sent', sentMs: t0 - 60_000 })],
      ...changes,
    });
    return attempt;
  };

  it.each<[string, Attempt]>([
    ['could not be sent', unsent()],
    ['was lost before its first own snapshot', ranOn(jm(9), 2, { end: { state: 'LOST', atMs: t0 } })],
  ])('still counts when its start %s (F49)', (_, second) => {
    const source = { ...second, source: ordered };
    expect(startedBy(decided([lost(1, { nextFrom: toSnapshot }), source], [ordered]))).toMatchObject({
      n: 3,
      source: ordered,
    });
    const again = startedBy(decided([lost(1, { nextFrom: toEmpty }), second], []));
    expect(again).toMatchObject({ n: 3 });
    expect(again).not.toHaveProperty('source');
  });

  it('asks for a search of what came after it alone', () => {
    const job = aStatefulJob();
    const memory = memoryOf(lost(1, { nextFrom: toEmpty }), ranOn(jm(9), 2, { end: { state: 'LOST', atMs: t0 } }));
    expect(look({ job, memory }).decision.wantsSnapshots).toBe(true);
  });

  it('requires the state of what ran since (I2)', () => {
    expect(decided([lost(1, { nextFrom: toEmpty }), lost(2)], [])).toMatchObject({
      problem: { code: 'STATE_REQUIRED', what: expect.stringContaining('attempt 2') },
    });
  });

  it('is not said to be empty where others started it, or the table forgot from what', () => {
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf(2))] })];
    const told = (attempt: Attempt) =>
      look({ job: aJob({ state: 'preferred' }), memory: memoryOf(lost(1), attempt), observation: observed({ views }) })
        .decision.further?.[0]?.code;
    const submitted = ranOn(jm(), 2);
    expect([told(submitted), told({ ...submitted, posts: [] })]).toEqual(['STARTED_EMPTY', undefined]);
  });

  it('is told by nothing: what a person wanted is no older state', () => {
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf(2))] })];
    const first = lost(1, { snapshots: [aCheckpoint(42)] });
    const told = (nextFrom: NextFrom | undefined, source?: Found) => {
      const attempts = [{ ...first, ...(nextFrom && { nextFrom }) }, ranOn(jm(), 2, { ...(source && { source }) })];
      const job = aJob({ state: 'preferred' });
      return look({ job, memory: memoryOf(...attempts), observation: observed({ views }) }).decision.further?.[0]?.code;
    };
    expect([told(toEmpty), told(toSnapshot, ordered)]).toEqual([undefined, undefined]);
    expect([told(undefined), told(undefined, aCheckpoint(41))]).toEqual(['STARTED_EMPTY', 'RESTORED_OLDER']);
  });

  it('is kept, however many attempts come after it', () => {
    const attempts = Array.from({ length: defaults.attemptsMax + 2 }, (_, index) => lost(index + 1));
    const [first, ...rest] = attempts.map((attempt) => (attempt.n === 1 ? { ...attempt, nextFrom: toEmpty } : attempt));
    const { memory } = look({ job: aStatefulJob(), memory: memoryOf(...(first ? [first] : []), ...rest) });
    expect(memory.attempts).toHaveLength(defaults.attemptsMax);
    expect(memory.attempts[0]).toMatchObject({ n: 1, nextFrom: toEmpty });
  });

  it('waits while its last submission may still come through', () => {
    const hung = unsent({ posts: [aPost({ answer: 'unanswered', sentMs: t0 - defaults.mainWithinMs * 2 })] });
    const given = { job: aStatefulJob(), memory: memoryOf(hung), orders: [anOrder('start-empty')] };
    expect(look(given).consumed).toEqual([]);
  });

  it('ends a hold of a job that failed, and is no more than a line drawn where it was lost', () => {
    const ordered = (state: 'FAILED' | 'LOST') =>
      look({
        job: aStatefulJob(),
        memory: memoryOf(lost(1, { end: { state, atMs: t0 } })),
        orders: [anOrder('start-empty')],
      }).memory.attempts[0];
    expect(ordered('FAILED')).toMatchObject({ nextFrom: toEmpty, acknowledged: true });
    expect(ordered('LOST')).toMatchObject({ nextFrom: toEmpty });
    expect(ordered('LOST')).not.toHaveProperty('acknowledged');
    const given = { job: aStatefulJob(), memory: memoryOf(unsent()), orders: [anOrder('start-empty')] };
    expect(look(given).memory.attempts[0]).toMatchObject({ nextFrom: toEmpty, acknowledged: true });
  });

  it('`restore-from` is dropped where it names no snapshot', () => {
    const { consumed } = look({ job: aStatefulJob(), memory: memoryOf(lost()), orders: [anOrder('restore-from')] });
    expect(consumed).toMatchObject([{ dropped: 'it names no snapshot' }]);
  });

  it.each(['start-empty', 'restore-from'] as const)('`%s` is dropped where it means nothing', (kind) => {
    const why = (changes: Parameters<typeof look>[0] = {}, path = PATH) =>
      look({ job: aStatefulJob(), memory: memoryOf(lost()), orders: [anOrder(kind, { path })], ...changes }).consumed[0]
        ?.because;
    expect(why({ memory: memoryOf() })).toContain('never submitted');
    expect(why({ job: aJob() })).toContain('`state: none`');
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf())] })];
    expect(why({ memory: memoryOf(ranOn(jm())), observation: observed({ views }) })).toContain('it is live');
    const open = unsent({ posts: [aPost({ answer: 'unanswered' })] });
    for (const memory of [memoryOf(open), memoryOf(lost(), open)]) expect(why({ memory })).toContain('still open');
  });
});
