import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Found, SavepointStatus, Snapshot, Stop } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  anOrder,
  aStatefulJob,
  aTask,
  aView,
  idOf,
  jm,
  known,
  look,
  memoryOf,
  nowhere,
  observed,
  ranOn,
  startedBy,
  t0,
} from '../../support/builders.ts';

const job = aStatefulJob();
const TRIGGER = `${idOf().slice(0, 24)}d1ced1ce`;
const stop: Stop = {
  how: 'savepoint',
  order: 'restart',
  because: 'anna: x',
  directory: `s3://state/savepoints/${idOf()}`,
  triggerId: TRIGGER,
  sentMs: t0,
  to: jm(),
};
const { triggerId: _t, sentMs: _s, to: _to, ...unsent } = stop;
const seeing = (status?: SavepointStatus, state = 'RUNNING', snapshots: readonly Snapshot[] = []) => ({
  views: [
    aView(jm(), {
      jobs: [aFlinkJob(idOf(), state)],
      ...(status && { savepoints: { [TRIGGER]: status } }),
      ...(snapshots.length > 0 && { checkpoints: { [idOf()]: { completed: 1, snapshots } } }),
    }),
  ],
});
const asked = (status: SavepointStatus | undefined, laterMs: number, changes: Partial<Attempt> = {}) =>
  look({
    job,
    memory: memoryOf(ranOn(jm(), 1, { stop, ...changes })),
    observation: observed(seeing(status)),
    nowMs: t0 + laterMs,
  }).decision;

describe('a job with state that is to end', () => {
  it('is stopped with a savepoint below a directory of its own, under a trigger that is on record before (F58, I3)', () => {
    const { memory, decision } = look({
      job,
      memory: memoryOf(ranOn(jm())),
      observation: observed(seeing()),
      orders: [anOrder('restart')],
    });
    expect(memory.attempts[0]?.stop).toMatchObject({ how: 'savepoint', directory: unsent.directory });
    expect(decision.effect).toMatchObject({
      kind: 'stop-with-savepoint',
      to: jm(),
      attempt: { stop: { triggerId: TRIGGER, sentMs: t0 } },
    });
  });

  it('is refused an order where nobody knows where its savepoint could go', () => {
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf())], identity: { storage: { retained: 1 } } })];
    const given = { job, memory: memoryOf(ranOn(jm())), orders: [anOrder('restart')] };
    expect(look({ ...given, observation: observed({ views }) }).consumed).toMatchObject([
      { what: 'restart dropped', because: expect.stringContaining('nowhere to put its savepoint') },
    ]);
  });

  it.each<[string, SavepointStatus | undefined, number, boolean]>([
    ['is under way', { state: 'in-progress' }, defaults.cancelAgainMs, false],
    ['cannot be asked for', undefined, defaults.cancelAgainMs, false],
    ['is unknown to Flink, a moment later', { state: 'unknown' }, defaults.cancelAgainMs - 1, false],
    ['is unknown to Flink', { state: 'unknown' }, defaults.cancelAgainMs, true],
  ])('whose savepoint %s: never a second one (F57, F58)', (_, status, laterMs, isAgain) => {
    const { effect, verdict } = asked(status, laterMs);
    expect(verdict).toBe(isAgain ? 'act' : 'wait');
    expect(effect?.kind).toBe(isAgain ? 'stop-with-savepoint' : undefined);
    if (isAgain) expect(effect).toMatchObject({ attempt: { stop: { triggerId: TRIGGER } } });
  });

  it('is waited for, and told of when that lasts', () => {
    expect(asked({ state: 'in-progress' }, 1)).toMatchObject({
      verdict: 'wait',
      because: `${idOf()} is stopped with a savepoint (restart, anna: x) and is still RUNNING`,
      problem: { code: 'CANCEL_UNFINISHED', graceMs: defaults.cancelWithinMs },
    });
  });

  it('runs on where its savepoint failed, which is told until the next order', () => {
    const { memory, decision } = look({
      job,
      memory: memoryOf(ranOn(jm(), 1, { stop })),
      observation: observed(seeing({ state: 'failed', because: 'AccessDenied' })),
    });
    expect(decision).toMatchObject({
      verdict: 'steady',
      problem: { code: 'SAVEPOINT_FAILED', what: 'AccessDenied' },
    });
    const again = look({ job, memory, observation: observed(seeing()), orders: [anOrder('restart')] });
    expect(again.decision.effect?.kind).toBe('stop-with-savepoint');
    expect(again.memory.attempts[0]).not.toHaveProperty('savepointFailed');
  });

  it('is not cancelled for an order of the time when it had no state to keep (I2)', () => {
    const cancel: Stop = { how: 'cancel', order: 'restart', because: 'anna: x' };
    const given = { memory: memoryOf(ranOn(jm(), 1, { stop: cancel })), observation: observed(seeing()) };
    expect(look({ job, ...given }).decision).toMatchObject({ verdict: 'wait', problem: { code: 'SAVEPOINT_FAILED' } });
    const failed = memoryOf(ranOn(jm(), 1, { stop: cancel, savepointFailed: 'x' }));
    expect(look({ job, ...given, memory: failed }).decision.effect?.kind).toBe('cancel');
  });

  it('is not stopped on a copy that may have another beside it, out of sight', () => {
    const observation = observed({ ...seeing(), tasks: [aTask(), aTask(jm(2), { desiredStatus: 'STOPPED' })] });
    const memory = memoryOf(ranOn(jm(), 1, { stop: unsent }));
    expect(look({ job, memory, observation }).decision.effect).toBeUndefined();
  });
});

describe('a job that FINISHED with a savepoint', () => {
  const savepoint: Snapshot = { kind: 'savepoint', path: 's3://a/savepoint-1', id: 43, atMs: t0, stopped: true };
  const found: Found = { ...savepoint, attempt: 1 };
  const given = (changes: Partial<Attempt>, snapshots: readonly Snapshot[] = [savepoint]) => ({
    job,
    memory: memoryOf(ranOn(jm(), 1, changes)),
    observation: {
      ...observed(seeing(undefined, 'FINISHED', snapshots)),
      snapshots: { orders: known({ found: [found], directories: [], highest: 0 }) },
    },
  });

  it('that we ordered goes on from it (F110)', () => {
    const { memory, decision } = look(given({ stop }));
    expect(memory.attempts[0]).toMatchObject({ end: { state: 'FINISHED' }, snapshots: [savepoint] });
    expect(startedBy(decision)).toMatchObject({ n: 2, source: found });
  });

  it('that a person stopped is held, and goes on from it when it is released', () => {
    const { memory, decision } = look(given({}));
    expect(decision).toMatchObject({
      verdict: 'hold',
      saw: 'FINISHED',
      problem: { code: 'JOB_STOPPED', what: expect.stringContaining(savepoint.path) },
    });
    const released = look({ ...given({}), memory, orders: [anOrder('release')] });
    expect(startedBy(released.decision)).toMatchObject({ n: 2, source: found });
  });

  it('is done where its last one was a checkpoint', () => {
    const { stopped: _, ...checkpoint } = { ...savepoint, kind: 'checkpoint' as const };
    expect(look(given({}, [checkpoint])).decision.verdict).toBe('done');
  });

  it('that we ordered, and of which nothing is found, is held (I2)', () => {
    const observation = observed({ ...seeing(undefined, 'FINISHED', [savepoint]), snapshots: nowhere });
    expect(look({ ...given({ stop }), observation }).decision.problem?.code).toBe('STATE_REQUIRED');
  });
});
