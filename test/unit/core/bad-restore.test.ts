import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Found, Job } from '../../../lib/core/model.ts';
import { badRestore } from '../../../lib/core/state/bad-restore.ts';
import { aCheckpoint, aJob, aPost, aStatefulJob, idOf, jm, ranOn, t0 } from '../../support/builders.ts';

const lost = (n: number, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, ...changes });
const source = aCheckpoint(41);
const { path } = source;
const inMemory = {
  intervalMs: 1000,
  timeoutMs: 600_000,
  toleratedFailures: 0,
  retention: 'delete',
  inMemory: true,
  unaligned: false,
} as const;
const told = (live: Partial<Attempt>, before: readonly Attempt[] = [], job: Job = aStatefulJob(), nowMs = t0) => {
  const attempt = ranOn(jm(), 3, live);
  return badRestore(job, attempt, [...before, attempt], nowMs);
};
const refused = (n: number, from: Found): Attempt =>
  ranOn(jm(9), n, {
    source: from,
    posts: [aPost({ answer: 'refused', refusal: { code: 'STATE_INCOMPATIBLE', text: 'no operator' } })],
    end: { state: 'FAILED', atMs: t0 },
  });

describe('a live job that began from another snapshot than it was given', () => {
  const other = { path: `s3://state/checkpoints/${idOf(2)}/chk-9`, id: 9 };

  it('is told of with both', () => {
    expect(told({ source, restored: other, hadState: true })).toMatchObject({
      code: 'RESTORED_OTHERWISE',
      job: 'orders',
      what: `it was to start from ${path}, and Flink says that it began from ${other.path}`,
    });
  });

  it.each<[string, Partial<Attempt>]>([
    ['was given none', { restored: other }],
    ['says nothing of it', { source }],
    ['does not say where', { source, restored: { id: 9 } }],
    [
      'names the same one otherwise',
      { source, restored: { path: `${path.replace('s3:', 's3a:')}/_metadata`, id: 41 } },
    ],
    ['took up its own again', { source, restored: { path: `s3://state/checkpoints/${idOf(3)}/chk-44`, id: 44 } }],
  ])('is not one that %s', (_, live) => {
    expect(told(live)).toBeUndefined();
  });
});

it('a live job that began from an older snapshot than an earlier attempt was to start from is told of (I2)', () => {
  const unheard = lost(2, { source: aCheckpoint(42), posts: [aPost({ answer: 'none' })] });
  const gone = `${aCheckpoint(42).path} is gone, from which an attempt was to start`;
  expect(told({ source }, [unheard])).toMatchObject({
    code: 'RESTORED_OLDER',
    what: `it was restored from ${path}, because the newer ${gone}`,
  });
  for (const same of [source, aCheckpoint(40)]) expect(told({ source }, [lost(2, { source: same })])).toBeUndefined();
  expect(told({ source: aCheckpoint(3, 2) }, [lost(2, { source })])).toBeUndefined();
});

describe('a live job that started empty', () => {
  const STARTED_EMPTY = {
    code: 'STARTED_EMPTY',
    what: 'it started empty (`state: preferred`): attempt 2 had state, and no snapshot of it was left',
  };

  it.each<[string, readonly Attempt[]]>([
    ['had state', [lost(1, { hadState: true }), lost(2, { hadState: true })]],
    ['was started from a snapshot', [lost(1), lost(2, { source })]],
    ['had a ledger', [lost(1), lost(2, { snapshots: [aCheckpoint(7, 2)] })]],
  ])('is told of where one before it %s, until its first own snapshot, and for a while in any case', (_, before) => {
    const at = (live: Partial<Attempt>, afterMs: number) => told(live, before, aStatefulJob(), t0 + afterMs);
    for (const own of [{ hadState: true }, { snapshots: [] }] as const) {
      expect(at(own, defaults.badRestoreToldMs - 1)).toMatchObject(STARTED_EMPTY);
      expect(at(own, defaults.badRestoreToldMs)).toBeUndefined();
    }
    expect(at({}, 2 * defaults.badRestoreToldMs)).toMatchObject(STARTED_EMPTY);
    expect(told({}, before, aJob())).toBeUndefined();
  });

  it('is not told of where none before it had state', () => {
    expect(told({}, [lost(1), lost(2)])).toBeUndefined();
    expect(told({}, [])).toBeUndefined();
  });

  it('is told of what came before it, not after it', () => {
    const attempts = [ranOn(jm(), 1), lost(2, { hadState: true })];
    expect(badRestore(aStatefulJob(), ranOn(jm(), 1), attempts, t0)).toBeUndefined();
  });
});

describe('a live job that was restored from an older snapshot', () => {
  it.each<[string, readonly Attempt[], string]>([
    [
      'the newer was refused',
      [lost(1), refused(2, aCheckpoint(42))],
      `${aCheckpoint(42).path} was refused: no operator`,
    ],
    [
      'both are so, that which was refused',
      [lost(1, { snapshots: [aCheckpoint(43)] }), refused(2, aCheckpoint(42))],
      `${aCheckpoint(42).path} was refused: no operator`,
    ],
    ['the newer is gone', [lost(1, { snapshots: [aCheckpoint(42)] })], `${aCheckpoint(42).path} is gone`],
    [
      'that of a later attempt is gone',
      [lost(1), lost(2, { snapshots: [aCheckpoint(7, 2)] })],
      `${aCheckpoint(7, 2).path} is gone`,
    ],
    [
      'the newer lay in memory',
      [lost(1, { snapshots: [source] }), lost(2, { hadState: true, source, checkpointing: inMemory })],
      "state of attempt 2 is gone: its checkpoints lay in its JobManager's memory",
    ],
    [
      'the newer is another Flink’s',
      [lost(1, { flinkVersion: '1.19.1', snapshots: [aCheckpoint(42)] })],
      `${aCheckpoint(42).path} is gone, or binds to its Flink`,
    ],
  ])('is told why: %s', (_, before, why) => {
    expect(told({ source }, before)).toMatchObject({
      code: 'RESTORED_OLDER',
      job: 'orders',
      what: `it was restored from ${path}, because the newer ${why}`,
    });
  });

  it('is not told of once it has state, where nobody knows when it was submitted', () => {
    expect(told({ source, posts: [], hadState: true }, [lost(1, { snapshots: [aCheckpoint(42)] })])).toBeUndefined();
  });

  it.each<[string, readonly Attempt[]]>([
    ['it is the newest', [lost(1, { snapshots: [source, aCheckpoint(40)] })]],
    ['an earlier attempt got further by its own count', [lost(0, { snapshots: [aCheckpoint(99, 0)] }), lost(1)]],
    ['no later one came to a snapshot', [lost(1), lost(2)]],
    ['only the one before it lay in memory', [lost(0, { hadState: true }), lost(1, { snapshots: [source] })]],
    ['nobody knows what it wrote beside it', [lost(1, { hadState: true })]],
  ])('is not told of where %s', (_, before) => {
    expect(told({ source }, before)).toBeUndefined();
  });
});
