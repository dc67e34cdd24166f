import { describe, expect, it } from 'vitest';
import type { Post } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
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
});
