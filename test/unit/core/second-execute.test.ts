import { describe, expect, it } from 'vitest';
import type { Post } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aStatefulJob,
  aTask,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  nowhere,
  observed,
  startedBy,
  stopped,
  t0,
} from '../../support/builders.ts';

const refused = (id: number, code: string) => aPost({ id, answer: 'refused', refusal: { code, text: code } });
const duplicate = (id = 1) => refused(id, 'DUPLICATE_JOB');
const live = (tasksRunning = 2) =>
  observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'RUNNING', { tasksRunning })] })] });
const seen = (posts: readonly Post[], observation = live(), job = aJob()) =>
  look({ job, memory: memoryOf(anAttempt(1, { posts })), observation }).decision;

describe('a job that runs although Flink refused its submission as a duplicate', () => {
  it.each<[string, readonly Post[]]>([
    ['the only one', [duplicate()]],
    ['the first that reached Flink', [aPost({ id: 1, answer: 'not-sent' }), duplicate(2)]],
  ])('called execute() twice, if that was %s: told, and left alone (F103)', (_, posts) => {
    const decision = seen(posts);
    expect(decision).toMatchObject({ verdict: 'steady', problem: { code: 'SECOND_EXECUTE', graceMs: 0 } });
    expect(decision.problem?.what).toContain(idOf());
    expect(decision.effect).toBeUndefined();
  });

  it.each<[string, readonly Post[]]>([
    ['whose call nobody heard', [aPost({ id: 1, answer: 'none' }), duplicate(2)]],
    ['that took longer than we waited', [aPost({ id: 1, answer: 'unanswered' }), duplicate(2)]],
    ['whose first call may have started it and thrown then', [refused(1, 'MAIN_THREW'), duplicate(2)]],
    ['that was accepted', [aPost({ id: 1, answer: 'accepted' })]],
    ['whose main() threw after execute()', [refused(1, 'MAIN_THREW')]],
  ])('one %s did not', (_, posts) => {
    expect(seen(posts).problem).toBeUndefined();
  });

  it('is told also while the jar that it left is removed', () => {
    const decision = seen([{ ...duplicate(), jarId: 'left.jar' }]);
    expect(decision).toMatchObject({ verdict: 'act', problem: { code: 'SECOND_EXECUTE' } });
    expect(decision.unjudged).toBeUndefined();
  });

  it('is not told of while it is switched off', () => {
    expect(seen([duplicate()], live(), aJob({ enabled: false })).problem).toBeUndefined();
  });

  it('whose tasks do not run is told for that, and what was told before stays', () => {
    expect(seen([duplicate()], live(1))).toMatchObject({
      problem: { code: 'TASKS_NOT_RUNNING' },
      unjudged: ['SECOND_EXECUTE'],
    });
  });

  it('stays told of while it is started again after a loss, and no longer once that was accepted', () => {
    const twice = anAttempt(1, { posts: [duplicate()], end: { state: 'LOST', atMs: 0 } });
    const empty = observed({ views: [aView(jm())] });
    const between = look({ memory: memoryOf(twice), observation: empty }).decision;
    expect(between).toMatchObject({ verdict: 'act', unjudged: ['SECOND_EXECUTE'] });
    const full = observed({ views: [aView(jm(), { free: 0 })] });
    const waits = look({ memory: memoryOf(twice), observation: full }).decision;
    expect(waits).toMatchObject({ verdict: 'wait', unjudged: ['SECOND_EXECUTE'] });

    const next = anAttempt(2, { posts: [aPost({ answer: 'accepted' })], sightedOn: jm() });
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(2))] })] });
    const after = look({ memory: memoryOf(twice, next), observation }).decision;
    expect(after.problem).toBeUndefined();
    expect(after.unjudged).toBeUndefined();
  });

  it('and that was cancelled is no longer told of: that it is held is', () => {
    const ended = anAttempt(1, { posts: [duplicate()], end: { state: 'CANCELED', atMs: 0 } });
    const { decision } = look({ memory: memoryOf(ended), observation: observed({ views: [aView(jm())] }) });
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'JOB_CANCELED' } });
    expect(decision.unjudged).toBeUndefined();
  });

  describe('and that nobody saw before its JobManager ended', () => {
    const memory = memoryOf(anAttempt(1, { posts: [duplicate()] }));
    const onNext = observed({ tasks: [stopped(jm(1)), aTask(jm(2))], views: [aView(jm(2), { absent: [idOf()] })] });

    it('is lost, and started again', () => {
      const after = look({ memory, observation: onNext });
      expect(after.memory.attempts[0]?.end).toMatchObject({ state: 'LOST' });
      expect(startedBy(after.decision)).toMatchObject({ n: 2, jobId: idOf(2) });
    });

    it('never starts empty if it has state (I2)', () => {
      const observation = { ...onNext, snapshots: { orders: nowhere } };
      const { decision } = look({ job: aStatefulJob(), memory, observation });
      expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'STATE_REQUIRED' } });
    });

    it('is refused for good where its own process was seen without it', () => {
      const alone = observed({ views: [aView(jm(), { absent: [idOf()] })] });
      const between = look({ memory, observation: alone, nowMs: t0 + 3_600_000 });
      expect(between.decision).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_REFUSED' } });
      const { decision } = look({ memory: between.memory, observation: onNext, nowMs: t0 + 3_600_000 });
      expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_REFUSED' } });
    });
  });
});
