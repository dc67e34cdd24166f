import { describe, expect, it } from 'vitest';
import { isOpen, isTerminal, isUnsettled, liveCopies, liveJobs } from '../../../lib/core/liveness.ts';
import type { Post } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../support/builders.ts';

const settled = aPost().settledByMs;

describe('a state of a Flink job', () => {
  it.each(['FINISHED', 'CANCELED', 'FAILED'])('%s is an end', (state) => {
    expect(isTerminal(state)).toBe(true);
  });

  it.each([
    'INITIALIZING',
    'CREATED',
    'RUNNING',
    'FAILING',
    'CANCELLING',
    'RESTARTING',
    'RECONCILING',
    'SUSPENDED',
    'HIBERNATING',
    'finished',
    'FAILED ',
    '',
  ])('"%s" is live: what we do not know counts as live (F20, F34)', (state) => {
    expect(isTerminal(state)).toBe(false);
    expect(liveJobs(observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), state)] })] }))).toHaveLength(1);
  });
});

describe('a job that two JobManagers list', () => {
  const listed = (ha: string) =>
    observed({ views: [jm(1), jm(2)].map((on) => aView(on, { jobs: [aFlinkJob(idOf())], identity: { ha } })) });

  it.each([
    ['none', 2],
    ['zookeeper', 1],
  ])('under high availability "%s" lives %i times: a standby answers for its leader (F128)', (ha, copies) => {
    expect(liveCopies([idOf()], listed(ha))).toHaveLength(copies);
  });
});

describe('a submission whose outcome may still come', () => {
  it.each<[Post['answer'], boolean]>([
    ['none', true],
    ['unanswered', true],
    ['broken', true],
    ['accepted', false],
    ['refused', false],
    ['not-sent', false],
  ])('with the answer "%s": %s', (answer, open) => {
    expect(isOpen(aPost({ answer }), t0)).toBe(open);
  });

  it('is one that was refused as a duplicate: another POST of this id is on its way (F29)', () => {
    expect(isOpen(aPost({ answer: 'refused', refusal: { code: 'DUPLICATE_JOB', text: '' } }), t0)).toBe(true);
    expect(isOpen(aPost({ answer: 'refused', refusal: { code: 'MAIN_THREW', text: '' } }), t0)).toBe(false);
  });

  it.each([
    [settled - 1, true],
    [settled, false],
    [settled + 1, false],
    [t0 - 300_000, true],
  ])('at %i it is open: %s; a clock that went back settles nothing (F92)', (nowMs, open) => {
    expect(isOpen(aPost(), nowMs)).toBe(open);
  });

  it('is settled by the end of the process that took it', () => {
    expect(isOpen(aPost({ processEnded: true }), t0)).toBe(false);
  });

  it.each([
    ['not seen yet', true, anAttempt(1, { posts: [aPost()] })],
    [
      'repeated without reaching Flink (F122)',
      true,
      anAttempt(1, { posts: [aPost(), aPost({ id: 2, answer: 'not-sent' })] }),
    ],
    ['seen on Flink', false, anAttempt(1, { posts: [aPost()], sightedOn: jm() })],
    ['ended', false, anAttempt(1, { posts: [aPost()], end: { state: 'LOST', atMs: t0 } })],
    ['never posted', false, anAttempt()],
  ])('makes an attempt unsettled that is %s: %o', (_, unsettled, attempt) => {
    expect(isUnsettled(attempt, t0)).toBe(unsettled);
  });
});

describe('the live copies of a job', () => {
  it('are found on a draining JobManager, too (F126)', () => {
    const observation = observed({
      tasks: [draining(jm(1)), aTask(jm(2))],
      views: [aView(jm(1), { jobs: [aFlinkJob(idOf())] }), aView(jm(2))],
    });
    expect(liveCopies([idOf()], observation)).toEqual([{ job: aFlinkJob(idOf()), on: jm(1) }]);
  });

  it('are those of these ids alone, whatever their name (F37)', () => {
    const jobs = [aFlinkJob(idOf(1)), aFlinkJob(idOf(2), 'FAILED'), aFlinkJob(idOf(1, 'orders-1'))];
    const copies = liveCopies([idOf(1), idOf(2)], observed({ views: [aView(jm(), { jobs })] }));
    expect(copies.map(({ job }) => job.jobId)).toEqual([idOf(1)]);
  });

  it.each([
    ['a JobManager gives no answer', observed({ views: [], unseen: [jm()] })],
    ['a JobManager does not list its jobs', observed({ views: [aView(jm(), { jobs: unknown() })] })],
    ['an ended attempt is all there is', observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'FAILED')] })] })],
  ])('are none where %s', (_, observation) => {
    expect(liveCopies([ranOn(jm()).jobId], observation)).toEqual([]);
  });
});
