import { describe, expect, it } from 'vitest';
import {
  absence,
  hasEnded,
  isAbsentOn,
  isLossUnprovable,
  maybeSomewhere,
  unseenTask,
} from '../../../lib/core/absence.ts';
import type { Attempt, Observation, Post } from '../../../lib/core/model.ts';
import {
  aCluster,
  aFlinkJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  known,
  observed,
  ranOn,
  stopped,
  unknown,
} from '../../support/builders.ts';

const isProven = (attempt: Attempt, observation: Observation): boolean =>
  absence(attempt, aCluster(), observation).proven;

const lost = ranOn(jm(1));
/** JobManager 1 is gone, 2 is ready and does not know the job. */
const two = aView(jm(2), { absent: [idOf()] });
const tasks = [stopped(jm(1)), aTask(jm(2))];

describe('that an attempt is on no JobManager', () => {
  it.each<[string, Attempt, Observation]>([
    ['its task stopped', lost, observed({ tasks, views: [two] })],
    [
      'its task is MISSING and both lists lack it',
      lost,
      observed({ tasks: [aTask(jm(2))], missing: [jm(1).taskArn], views: [two] }),
    ],
    [
      'its container restarted inside its task: another process answers there (F123)',
      ranOn(jm(1, 0)),
      observed({ views: [aView(jm(1, 1), { absent: [idOf()] })] }),
    ],
    [
      'a POST to the same place never left',
      anAttempt(1, { sightedOn: jm(1), posts: [aPost({ to: jm(9), answer: 'not-sent' })] }),
      observed({ tasks, views: [two] }),
    ],
    [
      'every process that took a POST is known to have ended',
      anAttempt(1, { posts: [aPost({ to: jm(8), answer: 'unanswered', processEnded: true })] }),
      observed({ tasks, views: [two] }),
    ],
  ])('is proven when %s', (_, attempt, observation) => {
    expect(isProven(attempt, observation)).toBe(true);
  });

  it.each<[string, Attempt, Observation]>([
    ['ECS cannot be seen', lost, { ...observed({ tasks, views: [two] }), ecs: unknown() }],
    ['no JobManager is ready', lost, observed({ tasks, views: [] })],
    [
      'the ready one does not list its jobs',
      lost,
      observed({ tasks, views: [aView(jm(2), { jobs: unknown(), absent: [idOf()] })] }),
    ],
    ['it was not asked for by id', lost, observed({ tasks, views: [aView(jm(2))] })],
    ['the question by id failed', lost, observed({ tasks, views: [aView(jm(2), { byId: { [idOf()]: unknown() } })] })],
    [
      'the id answers although no list has it',
      lost,
      observed({ tasks, views: [aView(jm(2), { byId: { [idOf()]: known('RUNNING') } })] }),
    ],
    ['it is listed', lost, observed({ tasks, views: [aView(jm(2), { jobs: [aFlinkJob(idOf())], absent: [idOf()] })] })],
    ['its own JobManager drains (F126)', lost, observed({ tasks: [draining(jm(1)), aTask(jm(2))], views: [two] })],
    ['another JobManager drains (F126)', lost, observed({ tasks: [...tasks, draining(jm(3))], views: [two] })],
    [
      'another JobManager is about to start',
      lost,
      observed({ tasks: [...tasks, aTask(jm(3), { lastStatus: 'PENDING' })], views: [two] }),
    ],
    ['its task is in no list and was not called MISSING', lost, observed({ tasks: [aTask(jm(2))], views: [two] })],
    ['its own process still answers', lost, observed({ views: [aView(jm(1), { absent: [idOf()] })] })],
    [
      'a POST of it went to a JobManager of which nothing is known (F121)',
      anAttempt(1, { posts: [aPost({ to: jm(9), answer: 'unanswered' })] }),
      observed({ tasks, views: [two] }),
    ],
    [
      'it was seen, started by somebody else, on a JobManager of which nothing is known',
      anAttempt(1, { sightedOn: jm(9) }),
      observed({ tasks, views: [two] }),
    ],
  ])('is not proven when %s (I6)', (_, attempt, observation) => {
    expect(isProven(attempt, observation)).toBe(false);
  });

  it.each<[string, Observation]>([
    ['ECS cannot be seen: throttled', { ...observed({ tasks, views: [two] }), ecs: unknown('throttled') }],
    ['the ready JobManager does not say that it is absent', observed({ tasks, views: [aView(jm(2))] })],
    [
      `another JobManager task is still RUNNING: ${jm(1).taskArn}`,
      observed({ tasks: [draining(jm(1)), aTask(jm(2))], views: [two] }),
    ],
    [`its JobManager is not known to have ended: ${jm(1).taskArn}`, observed({ tasks: [aTask(jm(2))], views: [two] })],
  ])('is told with what is missing in the proof: %s', (because, observation) => {
    expect(absence(lost, aCluster(), observation)).toEqual({ proven: false, because });
  });
});

describe('that one process does not have a job', () => {
  it('needs both the list and the id', () => {
    expect(isAbsentOn(aView(jm(), { absent: [idOf()] }), idOf())).toBe(true);
    expect(isAbsentOn(aView(jm(), { jobs: [aFlinkJob(idOf(2))], absent: [idOf()] }), idOf())).toBe(true);
    expect(isAbsentOn(aView(jm()), idOf())).toBe(false);
    expect(isAbsentOn(aView(jm(), { jobs: [aFlinkJob(idOf(), 'FAILED')], absent: [idOf()] }), idOf())).toBe(false);
  });
});

describe('the end of a process', () => {
  it.each<[string, boolean, Observation]>([
    ['its task is STOPPED', true, observed({ tasks: [stopped(jm(1))], views: [] })],
    ['its task is STOPPING', false, observed({ tasks: [aTask(jm(1), { lastStatus: 'STOPPING' })], views: [] })],
    [
      'another process answers in its task, even with ECS unseen (F123)',
      true,
      { ...observed({ views: [aView(jm(1, 1))] }), ecs: unknown() },
    ],
    ['the same process answers', false, observed()],
    ['its task does not answer (F18)', false, observed({ views: [], unseen: [jm(1)] })],
    ['ECS cannot be seen', false, { ...observed({ views: [] }), ecs: unknown() }],
    ['its task is MISSING', true, observed({ tasks: [], views: [], missing: [jm(1).taskArn] })],
    ['its task is MISSING and listed: the list decides', false, observed({ views: [], missing: [jm(1).taskArn] })],
  ])('when %s: %o', (_, ended, observation) => {
    expect(hasEnded(jm(1), observation)).toBe(ended);
  });
});

const sent = (...posts: readonly Partial<Post>[]): Attempt => anAttempt(1, { posts: posts.map(aPost) });
const here = jm(1);
const there = jm(2);

describe('an attempt that was not seen and has not ended', () => {
  it.each<[string, boolean, Attempt]>([
    ['its one POST went elsewhere, and nobody heard of it', true, sent({ to: there })],
    ['its one POST went to the ready process', false, sent({ to: here })],
    [
      'of two POSTs only the first is unheard of, and went elsewhere',
      true,
      sent({ to: there }, { to: here, answer: 'refused' }),
    ],
    ['what went elsewhere never left', false, sent({ to: here }, { to: there, answer: 'not-sent' })],
    ['all of it was refused', false, sent({ to: there, answer: 'refused' })],
  ])('when %s, may be somewhere: %s', (_, maybe, attempt) => {
    expect(maybeSomewhere(attempt, here)).toBe(maybe);
  });
});

describe('behind a `url`, that nobody can prove a loss', () => {
  const byUrl = aCluster(undefined, { url: 'http://flink:8081' });
  it.each<[string, boolean, Attempt]>([
    ['it was seen on another process', true, ranOn(there)],
    ['it was seen on the process that answers', false, ranOn(here)],
    ['one of its two POSTs went to another process', true, sent({ to: there }, { to: here })],
    [
      'the other process is known to have ended, from before there was a `url`',
      false,
      sent({ to: there, processEnded: true }, { to: here }),
    ],
  ])('when %s: %s', (_, unprovable, attempt) => {
    expect(isLossUnprovable(attempt, byUrl, here)).toBe(unprovable);
    expect(isLossUnprovable(attempt, aCluster(), here)).toBe(false);
  });
});

describe('a JobManager task that does not show its jobs', () => {
  it.each([
    ['PROVISIONING', false],
    ['PENDING', false],
    ['ACTIVATING', true],
    ['RUNNING', true],
    ['STOPPING', true],
    ['STOPPED', false],
  ])('as %s may run some: %s', (lastStatus, may) => {
    const task = aTask(jm(), { lastStatus });
    expect(unseenTask(observed({ tasks: [task], views: [] }))).toEqual(may ? task : undefined);
  });

  it('is not known while ECS cannot be seen', () => {
    expect(unseenTask({ ...observed(), ecs: unknown() })).toBeUndefined();
  });
});
