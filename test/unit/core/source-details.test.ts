import { describe, expect, it } from 'vitest';
import type { Attempt, CheckpointConfig, Found, Job, Search, Seen } from '../../../lib/core/model.ts';
import { chooseSource } from '../../../lib/core/state/restore.ts';
import {
  aCheckpoint,
  anAttempt,
  aPost,
  aStatefulJob,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  nowhere,
  observed,
  ranOn,
  startedBy,
  t0,
} from '../../support/builders.ts';

const lost = (n = 1, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, hadState: true, ...changes });
const refused = (n: number, source: Found): Attempt =>
  ranOn(jm(), n, {
    source,
    posts: [aPost({ answer: 'refused', refusal: { code: 'STATE_INCOMPATIBLE', text: `no to ${source.id}` } })],
    end: { state: 'FAILED', atMs: t0 },
  });
const config: CheckpointConfig = {
  intervalMs: 1_000,
  timeoutMs: 1,
  toleratedFailures: 0,
  retention: 'retain',
  inMemory: false,
  unaligned: false,
};

const decided = (
  attempts: readonly Attempt[],
  snapshots: readonly Found[] | Seen<Search>,
  { job = aStatefulJob(), version = '1.20.5' }: { readonly job?: Job; readonly version?: string } = {},
) => {
  const observation = observed({ views: [aView(jm(), { identity: { version } })], snapshots });
  return look({ job, memory: memoryOf(...attempts), observation }).decision;
};

describe('what a start goes back to', () => {
  const all = [aCheckpoint(42), aCheckpoint(41), aCheckpoint(40)];

  it('is said beside why it starts', () => {
    const why = 'attempt 1 is lost with its JobManager';
    expect(decided([lost(1)], all).because).toBe(`${why}; from ${aCheckpoint(42).path}`);
    expect(decided([ranOn(jm(9), 1, { end: { state: 'LOST', atMs: t0 } })], []).because).toBe(why);
  });

  it('is nothing where that was ordered, although there are snapshots', () => {
    const started = startedBy(decided([lost(1, { nextFrom: { kind: 'empty' } })], all));
    expect(started).toMatchObject({ n: 2 });
    expect(started).not.toHaveProperty('source');
  });

  it('is what was refused once more, after another one ran in between (F52)', () => {
    const attempts = [lost(1), refused(2, aCheckpoint(42)), lost(3, { source: aCheckpoint(41) })];
    expect(startedBy(decided(attempts, all))).toMatchObject({ source: aCheckpoint(42) });
  });

  it('is not what was refused after a submission that could not be sent (F52)', () => {
    const [post] = refused(2, aCheckpoint(42)).posts;
    const posts = [aPost({ answer: 'not-sent' }), ...(post ? [{ ...post, id: 2 }] : [])];
    const attempts = [lost(1), { ...refused(2, aCheckpoint(42)), posts }];
    expect(startedBy(decided(attempts, all))).toMatchObject({ source: aCheckpoint(41) });
  });

  it.each(['SNAPSHOT_UNREADABLE', 'STATE_INCOMPATIBLE'])(
    'is the one before where a repeat was refused with %s, and its JobManager ended before anybody looked (F52)',
    (code) => {
      const unheard = aPost({ answer: 'broken', processEnded: true });
      const repeat = aPost({ id: 2, answer: 'refused', refusal: { code, text: code }, processEnded: true });
      const { sightedOn: _, ...unseen } = lost(2, { source: aCheckpoint(42), posts: [unheard, repeat] });
      expect(startedBy(decided([lost(1), unseen], all))).toMatchObject({ n: 3, source: aCheckpoint(41) });
    },
  );

  it('is the newest where Flink refused what we did not name', () => {
    const { source: _own, ...named } = refused(2, aCheckpoint(42));
    expect(startedBy(decided([lost(1), named], all))).toMatchObject({ source: aCheckpoint(42) });
  });

  it('is told with all that Flink refused, when it goes no further back', () => {
    const attempts = [lost(1), refused(2, aCheckpoint(42)), refused(3, aCheckpoint(41))];
    expect(decided(attempts, all, { job: aStatefulJob({ restoreDepth: 1 }) }).because).toBe(
      `Flink refused 2 snapshots: ${aCheckpoint(42).path} (no to 42), ${aCheckpoint(41).path} (no to 41)`,
    );
  });
});

describe('a job is held for its state', () => {
  const [{ sightedOn: _, ...unseen }] = [ranOn(jm(9), 1, { posts: [aPost({ answer: 'none', sentMs: 0 })] })];
  const ended = { end: { state: 'LOST', atMs: t0 } } as const;

  it.each<[string, readonly Attempt[], readonly Found[] | Seen<Search>, string]>([
    [
      'where all are refused',
      [lost(1), refused(2, aCheckpoint(42))],
      [aCheckpoint(42)],
      `no other snapshot is left than those that Flink refused: ${aCheckpoint(42).path} (no to 42)`,
    ],
    ['where it had a ledger', [ranOn(jm(9), 1, { ...ended, snapshots: [] })], [], 'no complete snapshot of it is left'],
    ['where it was started from one', [ranOn(jm(9), 1, { ...ended, source: aCheckpoint(1) })], [], 'no complete'],
    ['where it ran, and nobody saw where', [ranOn(jm(9), 1, ended)], nowhere, `attempt 1 (${idOf(1)}) may have had`],
    [
      'where it took checkpoints, and nobody saw where',
      [ranOn(jm(9), 1, { ...ended, checkpointing: config })],
      nowhere,
      'may have had state, and nobody saw where its snapshots are',
    ],
    ['where it ended unseen', [{ ...unseen, ...ended }], nowhere, 'may have had state'],
  ])('%s', (_name, attempts, snapshots, because) => {
    expect(decided(attempts, snapshots)).toMatchObject({
      verdict: 'hold',
      problem: { code: 'STATE_REQUIRED', what: expect.stringContaining(because) },
    });
  });

  it.each<[string, readonly Found[] | Seen<Search>]>([
    ['nobody saw where its snapshots are', nowhere],
    ['none is left', []],
  ])('where it was seen to run, nobody saw its end, and %s', (_name, snapshots) => {
    const observation = observed({ snapshots });
    const choice = (attempt: Attempt) => chooseSource(aStatefulJob(), memoryOf(attempt), aView(), { observation });
    expect(choice(ranOn(jm(9)))).toMatchObject({ hindrance: { problem: { code: 'STATE_REQUIRED' } } });
    expect(choice(anAttempt())).toStrictEqual({ source: undefined });
  });

  const { intervalMs: _i, ...off } = config;
  it.each<[string, readonly Attempt[]]>([
    ['it took no checkpoints', [ranOn(jm(9), 1, { ...ended, checkpointing: off })]],
    [
      'they lay in its JobManager’s memory',
      [ranOn(jm(9), 1, { ...ended, checkpointing: { ...config, inMemory: true } })],
    ],
  ])('not where %s, and none was ever seen', (_name, attempts) => {
    expect(startedBy(decided(attempts, nowhere))).toMatchObject({ n: 2 });
  });
});

describe('a snapshot by another Flink than that which runs', () => {
  const by = (flinkVersion: string, changes: Partial<Attempt> = {}) => lost(1, { flinkVersion, ...changes });

  it.each<[string, string, string, Partial<Found>, boolean]>([
    ['an unaligned one by the same minor version', '1.20.1', '1.20.5', { unaligned: true }, true],
    ['an unaligned one by another minor version', '1.19.5', '1.20.5', { unaligned: true }, false],
    ['an unaligned one by a version with the same first digit', '1.2.0', '1.20.5', { unaligned: true }, false],
    ['an aligned one by an earlier minor version', '1.19.5', '1.20.5', {}, true],
    ['an aligned one by an earlier minor version of fewer digits', '1.9.3', '1.20.5', {}, true],
    ['an aligned one by a later minor version', '1.20.1', '1.18.1', {}, false],
    ['a savepoint by a later minor version', '1.20.1', '1.18.1', { kind: 'savepoint' }, false],
    ['an aligned one by a later patch of the same minor version', '1.20.5', '1.20.1', {}, true],
    ['an aligned one by another major version', '2.0.0', '1.20.5', {}, false],
    ['one by the same minor version of another major one', '2.20.0', '1.20.5', {}, false],
    ['one by a version with the same first digit', '10.20.0', '1.20.5', {}, false],
    ['an unaligned one by a preview of the same minor version', '2.0-preview1', '2.0.0', { unaligned: true }, true],
    ['one by nobody knows which, of an adopted job', 'unknown', '1.20.5', { unaligned: true }, true],
  ])('%s (%s, and %s runs): %o is restored from: %s', (_, then, version, changes, isFit) => {
    const decision = decided([by(then)], [aCheckpoint(42, 1, changes)], { version });
    expect(startedBy(decision)?.source?.id).toBe(isFit ? 42 : undefined);
    expect(decision.problem?.what).toBe(
      isFit
        ? undefined
        : `its newest snapshot was written by Flink ${then}, and Flink ${version} runs now: ${aCheckpoint(42).path}`,
    );
  });

  it.each<[string, Partial<Found>, boolean]>([
    ['a checkpoint', {}, false],
    ['a savepoint', { kind: 'savepoint' }, true],
  ])('%s of a job with unaligned checkpoints', (_, changes, isFit) => {
    const checkpointing = { ...config, unaligned: true };
    const decision = decided([by('1.19.0', { checkpointing })], [aCheckpoint(42, 1, changes)]);
    expect(startedBy(decision) !== undefined).toBe(isFit);
  });

  it('is judged by the attempt that wrote it', () => {
    const attempts = [by('2.0.0'), lost(2, { flinkVersion: '1.20.5' })];
    expect(startedBy(decided(attempts, [aCheckpoint(7, 2)]))).toMatchObject({ source: aCheckpoint(7, 2) });
    expect(decided(attempts, [aCheckpoint(42, 1)]).problem?.code).toBe('FLINK_CHANGED');
  });
});
