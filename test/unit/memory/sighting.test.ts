import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, FlinkView, JobMemory, Observation } from '../../../lib/core/model.ts';
import { remember } from '../../../lib/core/remember.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../support/builders.ts';

const seen = (attempt: Attempt, observation: Observation, nowMs = t0): Attempt | undefined =>
  look({ memory: memoryOf(attempt), observation, nowMs }).memory.attempts.at(-1);
const listed = (state: string): Observation => observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), state)] })] });
const byId = (state: string): Observation => observed({ views: [aView(jm(), { byId: { [idOf()]: known(state) } })] });
const absent = observed({ views: [aView(jm(), { absent: [idOf()] })] });

describe('an attempt as Flink shows it', () => {
  it('is seen where it is listed, and its name on Flink is learned (F27, F33)', () => {
    const view = aView(jm(), { jobs: [aFlinkJob(idOf(), 'INITIALIZING', { name: 'Orders v2' })] });
    expect(seen(anAttempt(1, { posts: [aPost()] }), observed({ views: [view] }))).toMatchObject({
      sightedOn: jm(),
      flinkName: 'Orders v2',
      posts: [aPost()],
    });
  });

  it('is seen on the JobManager that lists it, not on the one that replaces it (F126)', () => {
    const views = [aView(jm(1), { jobs: [aFlinkJob(idOf())] }), aView(jm(2), { absent: [idOf()] })];
    const after = seen(ranOn(jm(1)), observed({ tasks: [draining(jm(1)), aTask(jm(2))], views }));
    expect(after?.sightedOn).toEqual(jm(1));
    expect(after?.absentSinceMs).toBeUndefined();
  });

  it.each(['FINISHED', 'CANCELED', 'FAILED'] as const)('has ended when it is %s, and the time stays', (state) => {
    const once = seen(ranOn(jm()), listed(state), t0);
    expect(once?.end).toEqual({ state, atMs: t0 });
    expect(once && seen(once, listed(state), t0 + 60_000)?.end).toEqual({ state, atMs: t0 });
    expect(seen(ranOn(jm()), byId(state), t0)?.end).toEqual({ state, atMs: t0 });
  });

  it('keeps the time of its end also where another process shows it', () => {
    const ended = ranOn(jm(9), 1, { end: { state: 'FINISHED', atMs: t0 } });
    const after = seen(ended, listed('FINISHED'), t0 + 60_000);
    expect(after).toMatchObject({ sightedOn: jm(), end: { state: 'FINISHED', atMs: t0 } });
  });

  it('has the name that it is listed under, also where nothing else is new', () => {
    const named = ranOn(jm(), 1, { flinkName: 'what it was called' });
    expect(seen(named, listed('RUNNING'))?.flinkName).toBe(aFlinkJob(idOf()).name);
  });

  it('is what the fresh list says, not what the cached id says (F108)', () => {
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf(), 'CANCELED')], byId: { [idOf()]: known('RUNNING') } })];
    expect(seen(ranOn(jm()), observed({ views }))?.end?.state).toBe('CANCELED');
  });

  it('is live by its id alone, but an ended one is not revived by it', () => {
    expect(seen(anAttempt(1, { posts: [aPost()] }), byId('RUNNING'))?.sightedOn).toEqual(jm());
    const ended = ranOn(jm(), 1, { end: { state: 'CANCELED', atMs: t0 - 1 } });
    expect(seen(ended, byId('RUNNING'))?.end?.state).toBe('CANCELED');
  });

  it('is live again when it is listed after it was given up', () => {
    expect(seen(ranOn(jm(), 1, { end: { state: 'GONE', atMs: t0 - 1 } }), listed('RUNNING'))?.end).toBeUndefined();
  });
});

describe('an attempt that its own process does not know any more (F124)', () => {
  it.each([
    [defaults.goneAfterMs - 1, undefined],
    [defaults.goneAfterMs, 'GONE'],
    [defaults.goneAfterMs + 1, 'GONE'],
  ])('is after %i ms: %s', (afterMs, end) => {
    const missing = seen(ranOn(jm()), absent, t0);
    expect(missing?.absentSinceMs).toBe(t0);
    expect(missing?.end).toBeUndefined();
    expect(missing && seen(missing, absent, t0 + afterMs)?.end?.state).toBe(end);
  });

  it('is missing anew after it was listed in between', () => {
    const missing = seen(ranOn(jm()), absent, t0);
    const back = missing && seen(missing, listed('RUNNING'), t0 + 5_000);
    expect(back?.absentSinceMs).toBeUndefined();
    expect(back && seen(back, absent, t0 + defaults.goneAfterMs)?.end).toBeUndefined();
  });

  it.each<[string, Attempt, Observation]>([
    ['it was never seen: a submission of seconds ago (F21)', anAttempt(1, { posts: [aPost()] }), absent],
    [
      'another process answers without it',
      ranOn(jm(1)),
      observed({ tasks: [aTask(jm(1)), aTask(jm(2))], views: [aView(jm(2), { absent: [idOf()] })] }),
    ],
    ['the list is not known', ranOn(jm()), observed({ views: [aView(jm(), { jobs: unknown(), absent: [idOf()] })] })],
    ['it was not asked for by id', ranOn(jm()), observed()],
    ['its id still answers', ranOn(jm()), byId('RUNNING')],
  ])('is not missing when %s (I6)', (_, attempt, observation) => {
    expect(seen(attempt, observation)?.absentSinceMs).toBeUndefined();
  });

  it('is held, not started again: it ended while nobody looked', () => {
    const gone = ranOn(jm(), 1, { absentSinceMs: t0 - defaults.goneAfterMs });
    const { memory, decision } = look({ memory: memoryOf(gone), observation: absent });
    expect(memory.attempts).toHaveLength(1);
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'JOB_GONE' } });
    expect(decision.effect).toBeUndefined();
  });
});

describe('an attempt that two JobManagers list', () => {
  const others = (state: string) => [aFlinkJob(idOf(2), state), aFlinkJob(idOf(3), state)];
  /** Beside an end of this one others live, and beside its life others have ended. */
  const listing = (n: number, state: string, other: string) =>
    aView(jm(n), { jobs: [aFlinkJob(idOf(), state), ...others(other)] });
  const both = (...views: readonly FlinkView[]) => observed({ tasks: [aTask(jm(1)), aTask(jm(2))], views });
  const remembered = (memory: JobMemory, observation: Observation, nowMs = t0) =>
    remember(memory, aJob(), aCluster(), observation, [], nowMs);

  it.each([
    [1, 'as the first', [listing(1, 'RUNNING', 'FAILED'), listing(2, 'FAILED', 'RUNNING')]],
    [1, 'as the last', [listing(2, 'FAILED', 'RUNNING'), listing(1, 'RUNNING', 'FAILED')]],
    [2, 'as the first', [listing(2, 'RUNNING', 'FAILED'), listing(1, 'FAILED', 'RUNNING')]],
    [2, 'as the last', [listing(1, 'FAILED', 'RUNNING'), listing(2, 'RUNNING', 'FAILED')]],
    [2, 'as do both', [listing(2, 'RUNNING', 'FAILED'), listing(1, 'RUNNING', 'FAILED')]],
    [2, 'as do both, the other way round', [listing(1, 'RUNNING', 'FAILED'), listing(2, 'RUNNING', 'FAILED')]],
  ] as const)('lives on JobManager %i, which answers %s; a second look adds nothing (F02, I12)', (n, _, views) => {
    const once = remembered(memoryOf(ranOn(jm(1))), both(...views));
    expect(once.attempts[0]).toMatchObject({ jobId: idOf(), sightedOn: jm(n) });
    expect(once.attempts[0]?.end).toBeUndefined();
    expect(remembered(once, both(...views), t0 + 1).attempts[0]).toEqual(once.attempts[0]);
  });
});
