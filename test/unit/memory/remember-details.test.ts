import { describe, expect, it } from 'vitest';
import type { Attempt, Observation, Outcome } from '../../../lib/core/model.ts';
import { remember, specOf } from '../../../lib/core/remember.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  idOf,
  jm,
  memoryOf,
  observed,
  ranOn,
  stopped,
  t0,
} from '../../support/builders.ts';

const remembered = (attempts: readonly Attempt[], observation: Observation, outcomes: readonly Outcome[] = []) =>
  remember(memoryOf(...attempts), aJob(), aCluster(), observation, outcomes, t0);

describe('what is remembered of', () => {
  it.each<[string, Partial<Outcome>]>([
    ['an answer without a reason and without a jar', { answer: 'accepted' }],
    ['one with both', { answer: 'unanswered', refusal: { code: 'X', text: 'x' }, jarId: 'a.jar' }],
  ])('%s is just that, in place of the jar before', (_, changes) => {
    const outcome: Outcome = { job: 'orders', attempt: 1, postId: 1, answer: 'refused', ...changes };
    const { job: _job, attempt: _n, postId: _id, ...heard } = outcome;
    const [attempt] = remembered([anAttempt(1, { posts: [aPost({ jarId: 'old.jar' })] })], observed({ views: [] }), [
      outcome,
    ]).attempts;
    expect(attempt?.posts).toStrictEqual([{ ...aPost(), ...heard }]);
  });

  it('a look that shows nothing new is the very same memory, so that nobody has to compare it', () => {
    const posts = [aPost({ answer: 'accepted' })];
    const memory = memoryOf(anAttempt(1, { posts, sightedOn: jm(), flinkName: aFlinkJob(idOf()).name }));
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] });
    expect(remember(memory, aJob(), aCluster(), observation, [], t0)).toBe(memory);
  });

  it('one of two submissions is the other’s not', () => {
    const attempt = anAttempt(1, { posts: [aPost(), aPost({ id: 2 })] });
    const outcome: Outcome = { job: 'orders', attempt: 1, postId: 2, answer: 'broken' };
    expect(remembered([attempt], observed({ views: [] }), [outcome]).attempts[0]?.posts).toStrictEqual([
      aPost(),
      aPost({ id: 2, answer: 'broken' }),
    ]);
  });

  it('a job that the memory lacks is what Flink tells, and no more', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(7))] })] });
    expect(remembered([], observation).attempts).toStrictEqual([
      {
        n: 7,
        jobId: idOf(7),
        revision: 'rev-1',
        spec: specOf(aJob()),
        jarVersion: 'unknown',
        jarSizeBytes: 0,
        taskDefinitionArn: 'unknown',
        flinkVersion: '1.20.5',
        posts: [],
        sightedOn: jm(),
        flinkName: 'orders',
      },
    ]);
  });

  it.each<[string, Observation]>([
    ['its own JobManager does not have it any more', observed({ views: [aView(jm(), { absent: [idOf()] })] })],
    [
      'its JobManager has ended',
      observed({ tasks: [stopped(jm()), aTask(jm(2))], views: [aView(jm(2), { absent: [idOf()] })] }),
    ],
  ])('an attempt that has ended stays when %s', (_, observation) => {
    const failed = ranOn(jm(), 1, { end: { state: 'FAILED', atMs: t0 - 60_000 }, posts: [] });
    expect(remembered([failed], observation).attempts).toStrictEqual([failed]);
  });
});
