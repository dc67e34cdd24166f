import { describe, expect, it } from 'vitest';
import type { Attempt, EndState, Found, Job } from '../../../lib/core/model.ts';
import {
  aCheckpoint,
  aFlinkJob,
  aJob,
  anAttempt,
  anOrder,
  aPost,
  aStatefulJob,
  aTask,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  stopped,
  t0,
} from '../../support/builders.ts';

const ended = (state: EndState, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), 1, { end: { state, atMs: t0 - 60_000 }, ...changes });
const verdictOf = (attempt: Attempt, job: Job = aJob()) => look({ job, memory: memoryOf(attempt) }).decision;

describe('an end that we did not order', () => {
  it.each(['CANCELED', 'GONE'] as const)('%s is held and told; nothing is started (F63, F124)', (state) => {
    const decision = verdictOf(ended(state));
    expect(decision).toMatchObject({ verdict: 'hold', saw: state, problem: { code: `JOB_${state}`, job: 'orders' } });
    expect(decision.effect).toBeUndefined();
  });

  it('FINISHED is success: neither told nor started again (F62)', () => {
    const decision = verdictOf(ended('FINISHED'));
    expect(decision).toMatchObject({ verdict: 'done', saw: 'FINISHED' });
    expect(decision.problem).toBeUndefined();
    expect(decision.effect).toBeUndefined();
    expect(verdictOf(ended('FINISHED'), aJob({ revision: 'rev-2' })).verdict).toBe('done');
  });

  it('FINISHED ends what was told of submissions before it (I4)', () => {
    const failed = anAttempt(1, { posts: [aPost({ answer: 'not-sent' })] });
    const { decision } = look({ memory: memoryOf(failed, ranOn(jm(), 2, { end: { state: 'FINISHED', atMs: t0 } })) });
    expect(decision).toMatchObject({ verdict: 'done' });
    expect(decision.unjudged).toBeUndefined();
  });

  it.each(['CANCELED', 'FAILED', 'GONE'] as const)(
    '%s: a changed spec starts it anew, under a new id (F42, F104)',
    (state) => {
      const decision = verdictOf(ended(state), aJob({ revision: 'rev-2' }));
      expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2), revision: 'rev-2' });
    },
  );

  it.each(['CANCELED', 'FAILED', 'GONE', 'FINISHED'] as const)(
    '%s: switching it off and on starts it anew (F63)',
    (state) => {
      const off = look({ job: aJob({ enabled: false }), memory: memoryOf(ended(state)) });
      expect(off.decision).toMatchObject({ verdict: 'off' });
      expect(off.decision.effect).toBeUndefined();
      const on = look({ memory: off.memory });
      expect(startedBy(on.decision)).toMatchObject({ n: 2, jobId: idOf(2), posts: [{ id: 1, answer: 'none' }] });
    },
  );

  it('a new end after switching it off and on is held again', () => {
    const second = ranOn(jm(), 2, { end: { state: 'CANCELED', atMs: t0 } });
    const memory = memoryOf(ended('CANCELED', { acknowledged: true }), second);
    expect(look({ memory }).decision).toMatchObject({ verdict: 'hold', problem: { code: 'JOB_CANCELED' } });
  });

  it('switching off does nothing to a live job (F41)', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] });
    const { memory, decision } = look({ job: aJob({ enabled: false }), memory: memoryOf(ranOn(jm())), observation });
    expect(decision).toMatchObject({ verdict: 'steady' });
    expect(memory.attempts[0]?.acknowledged).toBeUndefined();
  });

  it('a job that fails again and again for want of slots waits for them, told once, no storm (F107)', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'FAILED')], free: 0 })] });
    const first = look({ memory: memoryOf(ranOn(jm())), observation });
    const second = look({ memory: first.memory, observation, nowMs: t0 + 60_000 });
    expect(second).toEqual(first);
    expect(second.decision).toMatchObject({
      verdict: 'wait',
      problem: { code: 'SLOTS_MISSING' },
      further: [{ code: 'JOB_FAILED' }],
    });
  });
});

describe('a job that is lost with its JobManager', () => {
  const observation = observed({
    tasks: [stopped(jm(1)), aTask(jm(2))],
    views: [aView(jm(2), { absent: [idOf()] })],
  });

  it('runs again as a new attempt on the new process, when it may start empty', () => {
    const { memory, decision } = look({ memory: memoryOf(ranOn(jm(1))), observation });
    expect(memory.attempts[0]?.end).toEqual({ state: 'LOST', atMs: t0 });
    expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2), posts: [{ id: 1, to: jm(2) }] });
    expect(decision.because).toBe('attempt 1 is lost with its JobManager');
  });

  it.each(['CANCELED', 'FAILED', 'GONE'] as const)(
    'a change of the manifest starts it from its newest snapshot after %s, never empty (I2)',
    (state) => {
      const job = aStatefulJob({ revision: 'rev-2' });
      const given = (snapshots: readonly Found[]) =>
        look({ job, memory: memoryOf(ended(state, { hadState: true })), observation: observed({ snapshots }) })
          .decision;
      expect(startedBy(given([aCheckpoint(3)]))).toMatchObject({ n: 2, source: aCheckpoint(3) });
      expect(given([])).toMatchObject({ verdict: 'hold', problem: { code: 'STATE_REQUIRED' } });
    },
  );

  it('`flink stop` by a person is a wish: held, and started from its savepoint by `release`', () => {
    const savepoint = aCheckpoint(7, 1, { kind: 'savepoint', path: 's3://own/savepoint-1', stopped: true });
    const stoppedByHand = ended('FINISHED', { hadState: true, snapshots: [savepoint] });
    expect(verdictOf(stoppedByHand, aStatefulJob())).toMatchObject({
      verdict: 'hold',
      problem: { code: 'JOB_STOPPED' },
    });
    const given = { job: aStatefulJob(), memory: memoryOf(stoppedByHand), orders: [anOrder('release')] };
    const { decision } = look({ ...given, observation: observed({ snapshots: [savepoint] }) });
    expect(startedBy(decision)).toMatchObject({ n: 2, source: savepoint });
  });

  it('is off when it is disabled: nothing is started', () => {
    const job = aJob({ enabled: false });
    const { decision } = look({ job, memory: memoryOf(ranOn(jm(1))), observation });
    expect(decision).toMatchObject({ verdict: 'off' });
    expect(decision.effect).toBeUndefined();
  });
});
