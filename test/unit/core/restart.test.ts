import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { withIntent } from '../../../lib/core/intent.ts';
import type { Attempt, FlinkJob, JobMemory, Observation } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  anOrder,
  aTask,
  aView,
  draining,
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

const listing = (...jobs: readonly FlinkJob[]): Observation => observed({ views: [aView(jm(), { jobs })] });
const live = listing(aFlinkJob(idOf()));
const changed = aJob({ args: ['--new'], revision: 'rev-2' });
const ordered = (order: 'restart' | 'apply', changes: Partial<Attempt> = {}): JobMemory =>
  memoryOf(
    ranOn(jm(), 1, {
      stop: { how: 'cancel', order, because: 'anna: looked at it', sentMs: t0, to: jm() },
      ...changes,
    }),
  );
describe.each(['restart', 'apply'] as const)('`%s` of a live job', (kind) => {
  const given = (more: Parameters<typeof look>[0] = {}) =>
    look({ job: changed, memory: memoryOf(ranOn(jm())), observation: live, orders: [anOrder(kind)], ...more });

  it('cancels it, its intent in the memory before (I3)', () => {
    const { memory, decision, consumed } = given();
    expect(consumed).toMatchObject([{ what: kind }]);
    expect(decision).toMatchObject({ verdict: 'act', because: `${kind}: anna: looked at it` });
    const { effect } = decision;
    if (effect?.kind !== 'cancel') throw new Error('nothing is cancelled');
    expect(effect).toMatchObject({ job: 'orders', to: jm(), attempt: { jobId: idOf() } });
    const { expiresMs } = anOrder(kind);
    const because = 'anna: looked at it';
    const stop = { how: 'cancel', order: kind, because, expiresMs, sentMs: t0, to: jm() } as const;
    expect(withIntent(memory, effect).attempts).toEqual([ranOn(jm(), 1, { stop })]);
  });

  it('is made again until its end is seen, also by whoever comes after a crash', () => {
    const memory = ordered(kind);
    const at = (nowMs: number) => look({ job: changed, memory, observation: live, nowMs }).decision;
    expect(at(t0 + defaults.cancelAgainMs - 1)).toMatchObject({
      verdict: 'wait',
      waitFor: { kind: 'end', address: jm().address, jobId: idOf() },
      problem: { code: 'CANCEL_UNFINISHED', graceMs: defaults.cancelWithinMs },
    });
    expect(at(t0 + defaults.cancelAgainMs).effect).toMatchObject({ kind: 'cancel', attempt: { jobId: idOf() } });
  });

  it('starts the next attempt once it is CANCELED, from the right spec', () => {
    const observation = listing(aFlinkJob(idOf(), 'CANCELED'));
    const { decision } = look({ job: changed, memory: ordered(kind), observation });
    const spec = kind === 'apply' ? { args: ['--new'] } : { args: [] };
    expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2), spec });
    expect(decision.because).toBe(`${kind}: anna: looked at it`);
  });

  it('starts it also when the JobManager died first, from the right spec', () => {
    const observation = observed({
      tasks: [stopped(jm(1)), aTask(jm(2))],
      views: [aView(jm(2), { absent: [idOf()] })],
    });
    const { decision } = look({ job: changed, memory: ordered(kind), observation });
    expect(startedBy(decision)?.spec.args).toEqual(kind === 'apply' ? ['--new'] : []);
  });

  it('ends with a job that finished first: that is not its cancelling', () => {
    const observation = listing(aFlinkJob(idOf(), 'FINISHED'));
    expect(look({ job: aJob(), memory: ordered(kind), observation }).decision.verdict).toBe('done');
  });

  it.each(['FAILED', 'GONE'] as const)('starts it also when it was %s after the call, from the right spec', (state) => {
    for (const job of [changed, { ...changed, bounded: true as const }]) {
      const memory = ordered(kind, { end: { state, atMs: t0 } });
      expect(startedBy(look({ job, memory }).decision)?.spec.args).toEqual(kind === 'apply' ? ['--new'] : []);
    }
  });

  it('holds what failed before anybody cancelled it', () => {
    const stop = { how: 'cancel', order: kind, because: 'anna: x' } as const;
    const memory = memoryOf(ranOn(jm(), 1, { stop, end: { state: 'FAILED', atMs: t0 } }));
    expect(look({ memory }).decision.problem?.code).toBe('JOB_FAILED');
  });

  it.each<[string, Parameters<typeof look>[0], string]>([
    ['is switched off', { job: { ...changed, enabled: false } }, '`enabled: false`'],
    ['is only watched', { job: { ...changed, mode: 'watch' } }, '`mode: watch`'],
    ['is being cancelled already', { memory: ordered('restart') }, 'it is being cancelled already'],
    [
      'was not started by us (F35)',
      {
        memory: memoryOf(ranOn(jm(), 1, { jobId: 'f'.repeat(32) })),
        observation: listing(aFlinkJob('f'.repeat(32))),
      },
      'the autopilot did not start it',
    ],
    [
      'lives twice',
      {
        memory: memoryOf(ranOn(jm(), 1), ranOn(jm(), 2)),
        observation: listing(aFlinkJob(idOf(1)), aFlinkJob(idOf(2))),
      },
      'more than one copy',
    ],
  ])('that %s is dropped, and says why', (_, more, because) => {
    const { consumed, decision } = given(more);
    expect(consumed).toMatchObject([{ what: `${kind} dropped`, because: expect.stringContaining(because) }]);
    if (more?.memory === undefined || !because.includes('already')) expect(decision.effect).toBeUndefined();
  });

  it('waits while the copy is on a draining JobManager (F126)', () => {
    const views = [aView(jm(1), { jobs: [aFlinkJob(idOf())] }), aView(jm(2))];
    const observation = observed({ tasks: [draining(jm(1)), aTask(jm(2))], views });
    expect(given({ observation })).toMatchObject({ consumed: [], decision: { verdict: 'steady' } });
  });

  it('is left alone once the job is switched off', () => {
    const { decision } = look({ job: { ...changed, enabled: false }, memory: ordered(kind), observation: live });
    expect(decision).toMatchObject({ verdict: 'steady' });
  });
});

describe('`restart` and `apply` of a job that is not live', () => {
  const lost = ranOn(jm(9), 1, { end: { state: 'LOST', atMs: t0 } });
  it('`restart` is dropped: there is nothing to end', () => {
    expect(look({ memory: memoryOf(lost), orders: [anOrder('restart')] }).consumed).toMatchObject([
      { what: 'restart dropped', because: expect.stringContaining('it is not live') },
    ]);
  });

  it('`apply` makes the next start from the manifest', () => {
    const given = { job: changed, memory: memoryOf(lost) };
    expect(startedBy(look(given).decision)?.spec.args).toEqual([]);
    expect(startedBy(look({ ...given, orders: [anOrder('apply')] }).decision)?.spec.args).toEqual(['--new']);
  });

  it.each<[string, Parameters<typeof look>[0], string]>([
    ['never ran', {}, 'from the manifest anyway'],
    ['would be the same', { memory: memoryOf(lost) }, 'is what the manifest says'],
    ['has finished', { memory: memoryOf(ranOn(jm(), 1, { end: { state: 'FINISHED', atMs: t0 } })) }, 'has finished'],
  ])('`apply` to one that %s is dropped', (_, given, because) => {
    expect(look({ ...given, orders: [anOrder('apply')] }).consumed).toMatchObject([
      { what: 'apply dropped', because: expect.stringContaining(because) },
    ]);
  });

  it('`apply` to one that runs the manifest’s spec is dropped', () => {
    const given = { memory: memoryOf(ranOn(jm())), observation: live, orders: [anOrder('apply')] };
    expect(look(given).consumed).toMatchObject([
      { what: 'apply dropped', because: expect.stringContaining('it runs what the manifest says') },
    ]);
  });

  it('`apply` waits while nobody knows where the job is', () => {
    const missing = look({ job: changed, memory: memoryOf(ranOn(jm())), orders: [anOrder('apply')] });
    expect(missing.consumed).toEqual([]);
  });
});
