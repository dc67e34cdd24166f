import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { withIntent } from '../../../lib/core/intent.ts';
import type { Attempt, Check, Job, Left } from '../../../lib/core/model.ts';
import { withCheck, withoutLeft } from '../../../lib/core/state/check.ts';
import {
  aCheckpoint,
  aFlinkJob,
  aView,
  idOf,
  jm,
  known,
  look,
  memoryOf,
  observed,
  t0,
  unknown,
} from '../../support/builders.ts';
import { dir, job, memory } from './left.ts';

const left = (n: number): Left => ({ path: dir(n), bytes: 5, files: 1, more: false });
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
  const denied = { attempt: 3, rulesUnseen: 'not allowed' };

  it.each<[string, boolean, Check | undefined, Parameters<typeof decided>[1]]>([
    ['never made', true, undefined, {}],
    ['made of an earlier attempt', true, { attempt: 2, atMs: t0 }, {}],
    ['almost a day old', false, { attempt: 3, atMs: t0 - day + 1 }, {}],
    ['a day old', true, { attempt: 3, atMs: t0 - day }, {}],
    ['followed by a deletion a moment ago', false, { attempt: 3, atMs: t0 - defaults.leftAgainMs + 1, soon: true }, {}],
    ['followed by a deletion some time ago', true, { attempt: 3, atMs: t0 - defaults.leftAgainMs, soon: true }, {}],
    ['that could not see rules a moment ago', false, { ...denied, atMs: t0 - defaults.rulesAgainMs + 1 }, {}],
    ['that could not see rules some time ago', true, { ...denied, atMs: t0 - defaults.rulesAgainMs }, {}],
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
    expect(decided(check, more).wantsCheck !== undefined).toBe(isDue);
  });

  it.each<[string, Check | undefined, number]>([
    ['of a job that was never checked', undefined, t0],
    ['of a job whose earlier attempt was', { attempt: 2, atMs: t0 }, t0],
    ['each day', { attempt: 3, atMs: t0 - day }, t0],
    ['soon', { attempt: 3, atMs: t0 - defaults.leftAgainMs, soon: true }, t0],
  ])('%s is made beside jobs that wait once nobody was idle for some time', (_, check, dueMs) => {
    const changes = { snapshots: [aCheckpoint(9, 3, { atMs: t0 + 1 }), aCheckpoint(8, 3, { atMs: t0 })] };
    expect(decided(check, { changes, nowMs: dueMs + defaults.checkIdleMs - 1 }).wantsCheck).toBe('idle');
    expect(decided(check, { changes, nowMs: dueMs + defaults.checkIdleMs }).wantsCheck).toBe('now');
  });

  it('is kept with what it found; what it could not see stays as it was, and is looked at again soon', () => {
    const checks = { orders: { expiry: known('a rule'), left: known([left(1)]) } };
    const first = withCheck(memory(), job, { ...observed(), checks }, t0);
    expect(first.check).toEqual({ attempt: 3, atMs: t0, expiry: 'a rule', left: [left(1)] });
    const unseen = { orders: { expiry: unknown(), left: unknown() } };
    expect(withCheck(first, job, { ...observed(), checks: unseen }, t0 + 1).check).toEqual({
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
      [unseen, { soon: true }],
      [nothing, {}],
    ] as const)
      expect(withCheck(memory(), job, { ...observed(), checks: seen }, t0).check).toStrictEqual({
        attempt: 3,
        atMs: t0,
        ...soon,
      });
    for (const half of [
      { ...unseen.orders, expiry: known(undefined) },
      { ...unseen.orders, left: known([]) },
    ])
      expect(withCheck(memory(), job, { ...observed(), checks: { orders: half } }, t0).check?.soon).toBe(true);
  });
});

describe('a check that is refused', () => {
  const checked = (code: string, of: 'expiry' | 'left', check?: Check) => {
    const seen = { expiry: known(undefined), left: known([]), [of]: unknown('not allowed', code) };
    const before = check === undefined ? memory() : { ...memory(), check };
    return withCheck(before, job, { ...observed(), checks: { orders: seen } }, t0).check;
  };
  const unlisted = { attempt: 3, atMs: t0, unlisted: 'not allowed', soon: true } as const;
  const rulesUnseen = { attempt: 3, atMs: t0, rulesUnseen: 'not allowed' } as const;
  const soon = { attempt: 3, atMs: t0, soon: true } as const;

  it.each(['SNAPSHOTS_DENIED', 'SNAPSHOTS_UNREACHABLE', 'SNAPSHOTS_UNSUPPORTED'])(
    'is kept to be told until it is not: %s (F96)',
    (code) => {
      expect(checked(code, 'left')).toStrictEqual(unlisted);
      expect(checked(code, 'expiry')).toStrictEqual(rulesUnseen);
      expect(checked(code, 'left', rulesUnseen)).toStrictEqual(unlisted);
      expect(checked(code, 'expiry', unlisted)).toStrictEqual(rulesUnseen);
    },
  );

  it('for a moment only is made again soon, and what was refused before stays told', () => {
    const code = 'SNAPSHOTS_UNAVAILABLE';
    for (const of of ['left', 'expiry'] as const) expect(checked(code, of)).toStrictEqual(soon);
    expect(checked(code, 'left', unlisted)).toStrictEqual(unlisted);
    expect(checked(code, 'expiry', rulesUnseen)).toStrictEqual({ ...rulesUnseen, soon: true });
    // The start of a newer attempt had to list them, and asked for no rule.
    expect(checked(code, 'left', { ...unlisted, attempt: 2 })).toStrictEqual(soon);
    expect(checked(code, 'expiry', { ...rulesUnseen, attempt: 2 })).toStrictEqual({ ...rulesUnseen, soon: true });
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
