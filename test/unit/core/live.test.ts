import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { FlinkJob } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aStatefulJob,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
} from '../../support/builders.ts';

const listed = (...jobs: readonly FlinkJob[]) => observed({ views: [aView(jm(), { jobs })] });
const states = [
  'INITIALIZING',
  'CREATED',
  'RUNNING',
  'FAILING',
  'CANCELLING',
  'RESTARTING',
  'RECONCILING',
  'SUSPENDED',
  'HIBERNATING',
];

describe('a job that is live', () => {
  it.each(states)('as %s is left alone: nothing is submitted (F34, F66)', (state) => {
    for (const attempt of [ranOn(jm()), anAttempt(1, { posts: [aPost()] })]) {
      const { memory, decision } = look({ memory: memoryOf(attempt), observation: listed(aFlinkJob(idOf(), state)) });
      expect(decision).toMatchObject({ verdict: 'steady', saw: `${state} 2/2` });
      expect(decision.effect).toBeUndefined();
      expect(memory.attempts).toHaveLength(1);
    }
  });

  it('is left alone whatever the manifest says now (F40, F41)', () => {
    for (const job of [aJob({ enabled: false }), aJob({ revision: 'rev-2' }), aJob({ flinkName: 'another' })]) {
      const { decision } = look({ job, memory: memoryOf(ranOn(jm())), observation: listed(aFlinkJob(idOf())) });
      expect(decision).toMatchObject({ verdict: 'steady' });
      expect(decision.effect).toBeUndefined();
    }
  });

  it('is told of without an empty place', () => {
    const { decision } = look({ memory: memoryOf(ranOn(jm())), observation: listed(aFlinkJob(idOf())) });
    expect(decision).toStrictEqual({
      job: 'orders',
      saw: 'RUNNING 2/2',
      verdict: 'steady',
      because: `${idOf()} is live`,
      further: [],
      well: ['CHECKPOINT_OLD', 'OUTPUT_STALLED', 'OUTPUT_UNSEEN', 'EXCEPTION_NEW'],
      health: 'well',
    });
    const { decision: unjudged } = look({
      job: aStatefulJob(),
      memory: memoryOf(ranOn(jm())),
      observation: listed(aFlinkJob(idOf())),
    });
    expect(unjudged).not.toHaveProperty('further');
  });

  it('is left alone on a draining JobManager (F126)', () => {
    const views = [aView(jm(1), { jobs: [aFlinkJob(idOf())] }), aView(jm(2), { absent: [idOf()] })];
    const observation = observed({ tasks: [draining(jm(1)), aTask(jm(2))], views });
    expect(look({ memory: memoryOf(ranOn(jm(1))), observation }).decision).toMatchObject({ verdict: 'steady' });
  });

  it.each([
    ['RUNNING', 2, 2, false],
    ['RUNNING', 1, 2, true],
    ['RUNNING', 0, 2, true],
    ['RUNNING', 0, 0, true],
    ['RESTARTING', 2, 2, true],
  ])('%s with %i of %i tasks: told when it lasts: %s (F69, F106)', (state, tasksRunning, tasksTotal, told) => {
    const observation = listed(aFlinkJob(idOf(), state, { tasksRunning, tasksTotal }));
    const { decision } = look({ memory: memoryOf(ranOn(jm())), observation });
    expect(decision.problem?.code).toBe(told ? 'TASKS_NOT_RUNNING' : undefined);
    expect(decision.problem?.graceMs).toBe(told ? defaults.tasksWithinMs : undefined);
    expect(decision.effect).toBeUndefined();
  });

  it('twice is touched by nobody, and told (F36)', () => {
    const memory = memoryOf(ranOn(jm(), 1), ranOn(jm(), 2));
    const { decision } = look({ memory, observation: listed(aFlinkJob(idOf(1)), aFlinkJob(idOf(2))) });
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'TWO_LIVE_COPIES', graceMs: 0 } });
    expect(decision.because).toBe(`2 live copies: ${idOf(1)}, ${idOf(2)}`);
    expect(decision.effect).toBeUndefined();
  });

  it.each([
    ['lives twice', [aFlinkJob(idOf(1)), aFlinkJob(idOf(2))]],
    ['lacks tasks', [aFlinkJob(idOf(1), 'RESTARTING', { tasksRunning: 0 })]],
  ])('is told to nobody while it is switched off, although it %s', (_, jobs) => {
    const memory = memoryOf(ranOn(jm(), 1), ranOn(jm(), 2));
    const { decision } = look({ job: aJob({ enabled: false }), memory, observation: listed(...jobs) });
    expect(decision).toMatchObject({ verdict: 'steady' });
    expect(decision.problem).toBeUndefined();
    expect(decision.effect).toBeUndefined();
  });

  it('twice is seen across JobManagers, and in an attempt that the memory lacked (F85)', () => {
    const views = [aView(jm(1), { jobs: [aFlinkJob(idOf(1))] }), aView(jm(2), { jobs: [aFlinkJob(idOf(2))] })];
    const observation = observed({ tasks: [draining(jm(1)), aTask(jm(2))], views });
    expect(look({ memory: memoryOf(ranOn(jm(1))), observation }).decision.problem?.code).toBe('TWO_LIVE_COPIES');
  });

  it('beside one that has ended is one copy', () => {
    const observation = listed(aFlinkJob(idOf(1), 'FAILED'), aFlinkJob(idOf(2)));
    const { decision } = look({ memory: memoryOf(ranOn(jm(), 1), ranOn(jm(), 2)), observation });
    expect(decision).toMatchObject({ verdict: 'steady', saw: 'RUNNING 2/2' });
  });

  it('is seen by its id alone, and nothing is done on that (I6)', () => {
    const observation = observed({ views: [aView(jm(), { byId: { [idOf()]: { known: true, value: 'RUNNING' } } })] });
    const { decision } = look({ memory: memoryOf(ranOn(jm())), observation });
    expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'ABSENCE_UNPROVEN' } });
  });
});

describe('a jar that was left because the outcome was unknown (F25)', () => {
  const left = ranOn(jm(), 1, { posts: [aPost({ answer: 'unanswered', jarId: 'left.jar' })] });

  it('is removed once the job is live, from the process that has it', () => {
    const { decision } = look({ memory: memoryOf(left), observation: listed(aFlinkJob(idOf())) });
    expect(decision).toMatchObject({ verdict: 'act' });
    expect(decision.effect).toEqual({ kind: 'delete-jar', job: 'orders', to: jm(), jarId: 'left.jar' });
  });

  it('is gone with its process', () => {
    const observation = observed({ views: [aView(jm(1, 1), { jobs: [aFlinkJob(idOf())] })] });
    expect(look({ memory: memoryOf(left), observation }).decision).toMatchObject({ verdict: 'steady' });
  });
});
