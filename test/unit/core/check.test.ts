import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { withIntent } from '../../../lib/core/intent.ts';
import type { Attempt, Check, Job, Left } from '../../../lib/core/model.ts';
import { isLeft, withCheck, withoutLeft } from '../../../lib/core/state/check.ts';
import {
  aCheckpoint,
  aFlinkJob,
  anAttempt,
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
  t0,
  unknown,
} from '../../support/builders.ts';

const dir = (n: number) => `s3://state/checkpoints/${idOf(n)}`;
const left = (n: number): Left => ({ path: dir(n), bytes: 5, files: 1, more: false });
const lost = (n: number, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, ...changes });
const unheard = (processEnded: boolean): Attempt =>
  anAttempt(1, { posts: [aPost({ to: jm(8), processEnded: true }), aPost({ id: 2, to: jm(9), processEnded })] });
const newest = (changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), 3, { source: aCheckpoint(42, 2), snapshots: [aCheckpoint(43, 3)], ...changes });
const startedEmpty = (changes: Partial<Attempt> = {}): Attempt => {
  const { source: _, ...empty } = newest(changes);
  return empty;
};
const memory = (changes: Partial<Attempt> = {}) => memoryOf(lost(1), lost(2), newest(changes));
const job = aStatefulJob();

const decided = (
  check: Check | undefined,
  {
    on = job,
    changes = {},
    running = 2,
    nowMs = t0,
  }: { on?: Job; changes?: Partial<Attempt>; running?: number; nowMs?: number } = {},
) => {
  const views = [aView(jm(), { jobs: [aFlinkJob(idOf(3), 'RUNNING', { tasksRunning: running })] })];
  const remembered = { ...memory(changes), ...(check === undefined ? {} : { check }) };
  return look({ job: on, memory: remembered, observation: observed({ views }), nowMs }).decision;
};

describe('a check', () => {
  const day = defaults.checkEveryMs;

  it.each<[string, boolean, Check | undefined, Parameters<typeof decided>[1]]>([
    ['never made', true, undefined, {}],
    ['made of an earlier attempt', true, { attempt: 2, atMs: t0 }, {}],
    ['almost a day old', false, { attempt: 3, atMs: t0 - day + 1 }, {}],
    ['a day old', true, { attempt: 3, atMs: t0 - day }, {}],
    ['followed by a deletion a moment ago', false, { attempt: 3, atMs: t0 - defaults.leftAgainMs + 1, soon: true }, {}],
    ['followed by a deletion some time ago', true, { attempt: 3, atMs: t0 - defaults.leftAgainMs, soon: true }, {}],
    ['of a job that has no checkpoint of its own', false, undefined, { changes: { snapshots: [] } }],
    [
      'of a job that has only what it was started from',
      false,
      undefined,
      { changes: { snapshots: [aCheckpoint(42, 2)] } },
    ],
    ['of a job of which not all tasks run', false, undefined, { running: 1 }],
    ['of a job that keeps no state', false, undefined, { on: { ...job, state: 'none' } }],
    ['of a job that is not enabled', false, undefined, { on: { ...job, enabled: false } }],
  ])('%s is due: %s', (_, isDue, check, more) => {
    expect(decided(check, more).wantsCheck === true).toBe(isDue);
  });

  it('is kept with what it found; what it could not see stays as it was, and is looked at again soon', () => {
    const checks = { orders: { expiry: known('a rule'), left: known([left(1)]) } };
    const first = withCheck(memory(), job, { ...observed(), checks }, t0);
    expect(first.check).toEqual({ attempt: 3, atMs: t0, expiry: 'a rule', left: [left(1)] });
    const denied = { orders: { expiry: unknown(), left: unknown() } };
    expect(withCheck(first, job, { ...observed(), checks: denied }, t0 + 1).check).toEqual({
      ...first.check,
      atMs: t0 + 1,
      soon: true,
    });
    const nothing = { orders: { expiry: known(undefined), left: known([]) } };
    expect(withCheck(first, job, { ...observed(), checks: nothing }, t0 + 2).check).toEqual({
      attempt: 3,
      atMs: t0 + 2,
    });
    expect(withCheck(first, job, observed(), t0 + 3)).toBe(first);
    expect(withCheck(memoryOf(), job, { ...observed(), checks }, t0)).toEqual(memoryOf());
    // What is stored has no empty place.
    for (const [seen, soon] of [
      [denied, { soon: true }],
      [nothing, {}],
    ] as const)
      expect(withCheck(memory(), job, { ...observed(), checks: seen }, t0).check).toStrictEqual({
        attempt: 3,
        atMs: t0,
        ...soon,
      });
    for (const half of [
      { ...denied.orders, expiry: known(undefined) },
      { ...denied.orders, left: known([]) },
    ])
      expect(withCheck(memory(), job, { ...observed(), checks: { orders: half } }, t0).check?.soon).toBe(true);
  });
});

describe('what nothing needs any more', () => {
  it('is the directory of an earlier attempt that has ended, also one that is on record no more', () => {
    expect(isLeft(job, memory(), dir(1))).toBe(true);
    expect(isLeft(job, memoryOf(lost(2), newest()), dir(1))).toBe(true);
    expect(isLeft(job, memoryOf(lost(2), newest()), `${dir(1)}/`)).toBe(true);
  });

  it('is that of one of which nobody ever heard, once each process that it went to has ended', () => {
    expect(isLeft(job, memoryOf(unheard(true), lost(2), newest()), dir(1))).toBe(true);
  });

  it('is any of them where a person ordered that it starts empty: no file of another became its own', () => {
    const empty = startedEmpty({ spec: { ...job, claimMode: 'CLAIM' } });
    const ordered = memoryOf(lost(1), lost(2, { nextFrom: { kind: 'empty' } }), empty);
    expect([1, 2].map((n) => isLeft(job, ordered, dir(n)))).toEqual([true, true]);
  });

  it.each<[string, ReturnType<typeof memoryOf>, string]>([
    ['of the newest attempt', memory(), dir(3)],
    ['of one that is still to come', memory(), dir(4)],
    ['that the newest was started from', memory(), dir(2)],
    [
      'that holds what the newest was started from, a savepoint of a later one',
      memory({ source: { ...aCheckpoint(42, 2), path: `${dir(1)}/savepoint-1` } }),
      dir(1),
    ],
    ['that is newer than what the newest was started from', memory({ source: aCheckpoint(40, 1) }), dir(2)],
    ['of any, where it was started empty without an order', memoryOf(lost(1), lost(2), startedEmpty()), dir(1)],
    [
      'that is newer than the order to start empty',
      memoryOf(lost(1, { nextFrom: { kind: 'empty' } }), lost(2), startedEmpty()),
      dir(2),
    ],
    [
      'that is older than the order to start from a snapshot of others',
      memoryOf(lost(1), lost(2, { nextFrom: { kind: 'snapshot', path: 's3://x/chk-1' } }), startedEmpty()),
      dir(1),
    ],
    ['that Flink says it began from', memory({ restored: { path: `${dir(1)}/chk-42`, id: 42 } }), dir(1)],
    [
      'that a person ordered to start from',
      memoryOf(lost(1), lost(2, { nextFrom: { kind: 'snapshot', path: `${dir(1)}/chk-9` } }), newest()),
      dir(1),
    ],
    ['of an attempt that may still run', memoryOf(ranOn(jm(9), 1), lost(2), newest()), dir(1)],
    ['of one of which nobody has heard yet', memoryOf(unheard(false), lost(2), newest()), dir(1)],
    ['of one that was seen', memoryOf({ ...unheard(true), sightedOn: jm(9) }, lost(2), newest()), dir(1)],
    ['of another job', memory(), `s3://state/checkpoints/${'f'.repeat(32)}`],
    ['of an id that is none', memory(), `${dir(1).slice(0, -16)}zzzzzzzzzzzzzzzz`],
    ['above all ids', memory(), 's3://state/checkpoints'],
    ['below an id', memory(), `${dir(1)}/shared`],
    ['of any, before there is a checkpoint of its own', memory({ snapshots: [aCheckpoint(42, 2)] }), dir(1)],
    ['of any, with a savepoint alone', memory({ snapshots: [{ ...aCheckpoint(43, 3), kind: 'savepoint' }] }), dir(1)],
    ['of any, whose files became its own (CLAIM)', memory({ spec: { ...job, claimMode: 'CLAIM' } }), dir(1)],
    ['of any, after its end', memory({ end: { state: 'FAILED', atMs: t0 } }), dir(1)],
    ['of any, where nothing is known', memoryOf(), dir(1)],
  ])('is not the directory %s', (_, all, path) => {
    expect(isLeft(job, all, path)).toBe(false);
  });
});

describe('`garbage: delete`', () => {
  const deleting = { ...job, garbage: 'delete' } as const;
  const check: Check = { attempt: 3, atMs: t0, left: [left(2), left(1)] };

  it('deletes what is left, one directory at a time, and not again before it was looked at', () => {
    const { effect, because, verdict } = decided(check, { on: deleting });
    expect(verdict).toBe('act');
    expect(effect).toMatchObject({ kind: 'delete-left', path: dir(1), attempt: { n: 3 } });
    expect(because).toContain('is not needed any more');
    if (effect === undefined) throw new Error('nothing is deleted');
    expect(withIntent({ ...memory(), check }, effect).check).toEqual({
      attempt: 3,
      atMs: t0,
      left: [left(2)],
      soon: true,
    });
    expect(withoutLeft(memory(), dir(1))).toEqual(memory());
    for (const one of [{ left: [left(1)] }, {}])
      expect(withoutLeft({ ...memory(), check: { attempt: 3, atMs: t0, ...one } }, dir(1)).check).toStrictEqual({
        attempt: 3,
        atMs: t0,
        soon: true,
      });
  });

  it.each<[string, Check | undefined, Parameters<typeof decided>[1]]>([
    ['the manifest does not say so', check, {}],
    ['nobody has looked', undefined, { on: deleting }],
    ['that was seen while another attempt ran', { ...check, attempt: 2 }, { on: deleting }],
    ['nothing is left', { attempt: 3, atMs: t0 }, { on: deleting }],
    ['the job is not enabled', check, { on: { ...deleting, enabled: false } }],
    ['it was started from there', { ...check, left: [left(2)] }, { on: deleting }],
  ])('deletes nothing where %s', (_, seen, more) => {
    expect(decided(seen, more).effect).toBeUndefined();
  });
});
