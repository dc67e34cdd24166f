import { describe, expect, it } from 'vitest';
import { isDone, progressOf } from '../../../lib/core/after.ts';
import { decide } from '../../../lib/core/decide.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, EndState, FlinkJob, Job } from '../../../lib/core/model.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

const first = idOf(1, 'first');
const ran = (changes: Partial<Attempt> = {}): Attempt => ranOn(jm(), 1, { jobId: first, ...changes });

describe('`after`', () => {
  const decided = (
    attempts: readonly Attempt[],
    jobs: readonly FlinkJob[],
    changes: Partial<Job> = {},
    after = ['first'],
  ) => {
    const cluster = aCluster([aJob({ name: 'second', after }), aJob({ name: 'first', ...changes })]);
    const observation = observed({ views: [aView(jm(), { jobs, absent: jobs.length > 0 ? [] : [first] })] });
    const memories = { first: memoryOf(...attempts) };
    return decide({ cluster, memories, observation, nowMs: t0, dice: {} }).decisions[0];
  };

  it.each<[string, readonly Attempt[], readonly FlinkJob[], Partial<Job>, string | undefined]>([
    ['never ran', [], [], {}, 'first is not live'],
    ['is switched off', [], [], { enabled: false }, 'first is switched off'],
    [
      'has begun',
      [ran()],
      [aFlinkJob(first, 'CREATED', { tasksRunning: 0 })],
      {},
      'first is CREATED, 0 of 2 tasks run',
    ],
    [
      'runs in part',
      [ran()],
      [aFlinkJob(first, 'RUNNING', { tasksRunning: 1 })],
      {},
      'first is RUNNING, 1 of 2 tasks run',
    ],
    ['runs', [ran()], [aFlinkJob(first)], {}, undefined],
    ['has finished', [ran({ end: { state: 'FINISHED', atMs: t0 } })], [], {}, undefined],
    ['has failed', [ran({ end: { state: 'FAILED', atMs: t0 } })], [], {}, 'first is not live'],
    ['ended unseen', [ran({ end: { state: 'GONE', atMs: t0 } })], [], {}, 'first is not live'],
    ['ended unseen, as it may', [ran({ end: { state: 'GONE', atMs: t0 } })], [], { bounded: true }, undefined],
    [
      'finished, and is to run anew',
      [ran({ end: { state: 'FINISHED', atMs: t0 }, acknowledged: true })],
      [],
      {},
      'first is not live',
    ],
  ])('waits where the other job %s', (_, attempts, jobs, changes, missing) => {
    const decision = decided(attempts, jobs, changes);
    expect(decision?.verdict).toBe(missing === undefined ? 'act' : 'wait');
    if (missing !== undefined) {
      expect(decision?.because).toBe(`after: ${missing}`);
      expect(decision?.problem).toMatchObject({ code: 'AFTER_NOT_RUNNING', graceMs: defaults.afterWithinMs });
    }
  });

  it('waits for all of them, and for one that is not there', () => {
    expect(decided([ran()], [aFlinkJob(first)], {}, ['first', 'constructor'])?.because).toBe(
      'after: constructor is not a job of this cluster',
    );
    const both = decided([], [], {}, ['first', 'third']);
    expect(both?.because).toBe('after: first is not live, third is not a job of this cluster');
    expect(both?.waitFor).toEqual({ kind: 'ecs' });
  });

  it('asks only of those that are named', () => {
    const jobs = [aJob({ name: 'a' }), aJob({ name: 'b', after: ['a'] }), aJob({ name: 'c', after: ['a', 'b'] })];
    expect(progressOf(aCluster(jobs), {}, [])).toEqual({ a: 'is not live', b: 'is not live' });
  });

  it('tells the copy of a job from those of others, whichever attempt it is of', () => {
    const jobs = [aJob({ name: 'first' }), aJob({ name: 'second', after: ['first'] })];
    const progress = (attempts: readonly Attempt[], ...live: readonly FlinkJob[]) =>
      progressOf(
        aCluster(jobs),
        { first: memoryOf(...attempts) },
        live.map((job) => ({ job, on: jm() })),
      );
    const other = aFlinkJob(idOf(1, 'other'));
    const begun = aFlinkJob(first, 'CREATED', { tasksRunning: 0 });
    const attempts = [ran(), ranOn(jm(), 2, { jobId: idOf(2, 'first') })];
    expect(progress(attempts, other, begun)).toEqual({ first: 'is CREATED, 0 of 2 tasks run' });
    expect(progress(attempts, other)).toEqual({ first: 'is not live' });
    expect(progress([], other)).toEqual({ first: 'is not live' });
  });
});

describe('that a job is done', () => {
  it.each<[EndState | undefined, boolean, boolean]>([
    ['FINISHED', true, true],
    ['GONE', false, true],
    ['FAILED', false, false],
    ['CANCELED', false, false],
    ['LOST', false, false],
    [undefined, false, false],
  ])('%s says: %s; with `bounded: true`: %s', (state, done, doneBounded) => {
    const attempt = ran(state === undefined ? {} : { end: { state, atMs: t0 } });
    expect(isDone(aJob(), attempt)).toBe(done);
    expect(isDone(aJob({ bounded: true }), attempt)).toBe(doneBounded);
  });
});

describe('`bounded: true`', () => {
  const gone = memoryOf(ranOn(jm(), 1, { end: { state: 'GONE', atMs: t0 } }));
  it('makes a job that ended unseen a success', () => {
    const { decision } = look({ job: aJob({ bounded: true }), memory: gone });
    expect(decision).toMatchObject({ verdict: 'done', saw: 'GONE' });
    expect(decision.problem).toBeUndefined();
    expect(look({ memory: gone }).decision.verdict).toBe('hold');
  });
});

describe('`priority`', () => {
  const verdicts = (free: number, ...jobs: readonly Job[]) =>
    decide({
      cluster: aCluster(jobs),
      memories: {},
      observation: observed({ views: [aView(jm(), { free })] }),
      nowMs: t0,
      dice: {},
    }).decisions.map(({ job, verdict }) => `${job} ${verdict}`);
  const low = aJob({ name: 'low', slots: 2 });
  const high = aJob({ name: 'high', slots: 2, priority: 5 });

  it('gives slots that are short to the higher one, and leaves the order as it was', () => {
    expect(verdicts(2, low, high)).toEqual(['low wait', 'high act']);
    expect(verdicts(4, low, high)).toEqual(['low act', 'high act']);
  });

  it('keeps slots for a higher one that waits for more', () => {
    const wide = aJob({ name: 'wide', slots: 4, priority: 1 });
    expect(verdicts(2, low, wide)).toEqual(['low wait', 'wide wait']);
    expect(verdicts(5, low, wide)).toEqual(['low wait', 'wide act']);
    const equal = aJob({ name: 'equal', slots: 4 });
    expect(verdicts(2, equal, low)).toEqual(['equal wait', 'low act']);
  });

  it('says for whom they are kept', () => {
    const wide = aJob({ name: 'wide', slots: 4, priority: 1 });
    const observation = observed({ views: [aView(jm(), { free: 2 })] });
    const { decisions } = decide({ cluster: aCluster([low, wide]), memories: {}, observation, nowMs: t0, dice: {} });
    expect(decisions[0]?.because).toBe('slots: 0 of 2 slots; the rest is kept for wide, whose priority is higher');
  });

  it('below 0 comes after those that say nothing', () => {
    expect(verdicts(2, aJob({ name: 'last', slots: 2, priority: -1 }), low)).toEqual(['last wait', 'low act']);
  });
});

describe('`submitAfterSeconds`', () => {
  const cluster = { submitAfterSeconds: 30 };
  it('counts from the first look at this process', () => {
    const first = look({ cluster });
    expect(first.decision).toMatchObject({
      verdict: 'wait',
      because: 'submitAfterSeconds: the JobManager is seen for 0 of 30 s',
    });
    expect(first.memory.ready).toEqual({ process: jm().process, sinceMs: t0 });
    const at = (nowMs: number) => look({ cluster, memory: first.memory, nowMs }).decision.verdict;
    expect(at(t0 + 29_999)).toBe('wait');
    expect(at(t0 + 30_000)).toBe('act');
  });

  it('counts anew when the container restarted in its task (F123)', () => {
    const { memory } = look({ cluster });
    const observation = observed({ views: [aView(jm(1, 1))] });
    const after = look({ cluster, memory, observation, nowMs: t0 + 30_000 });
    expect(after.decision.verdict).toBe('wait');
    expect(after.memory.ready).toEqual({ process: jm(1, 1).process, sinceMs: t0 + 30_000 });
  });

  it('keeps nothing where it is not asked for', () => {
    expect(look().memory.ready).toBeUndefined();
  });
});
