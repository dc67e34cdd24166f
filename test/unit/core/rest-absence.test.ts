import { describe, expect, it, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, FlinkJob, JobMemory, Missing, Observation, Post } from '../../../lib/core/model.ts';
import { missingSince, unprovenOverRest } from '../../../lib/core/rest-absence.ts';
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
  ranOn,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';
import { beside, ledView, observedOverRest, overRest } from '../../support/led.ts';
import { WINDOW_MS } from '../../support/over-rest.ts';

const cluster = aCluster([aJob(), aJob({ name: 'other' })], overRest);
const FOREIGN = 'f'.repeat(32);

/** A look of which the second JobManager lists these, and the first nothing. */
const listing = (...jobs: readonly FlinkJob[]) => observedOverRest({ views: [ledView(1), ledView(2, { jobs })] });
const since = (memory: JobMemory, observation: Observation, nowMs = t0): Missing | undefined =>
  missingSince(memory, aJob(), cluster, observation, nowMs);

const processes = [jm(1).process, jm(2).process];
const missing: Missing = { processes, sinceMs: t0, lookedMs: t0 };

describe('a job is missing over REST alone', () => {
  test.each<[string, Observation, JobMemory, boolean]>([
    ['none lists it', listing(), memoryOf(), true],
    ['one lists it as ended', listing(aFlinkJob(idOf(), 'FAILED')), memoryOf(ranOn(jm())), true],
    ['one lists an attempt of it that nobody recorded', listing(aFlinkJob(idOf(7))), memoryOf(), false],
    [
      'one lists what was adopted as it',
      listing(aFlinkJob(FOREIGN)),
      memoryOf(anAttempt(1, { jobId: FOREIGN })),
      false,
    ],
    ['one lists what is none of its attempts', listing(aFlinkJob(FOREIGN)), memoryOf(ranOn(jm())), true],
    ['one has no high availability', observedOverRest({ views: [ledView(1), aView(jm(2))] }), memoryOf(), false],
    ['one lists another job of the manifest', listing(aFlinkJob(idOf(1, 'other'))), memoryOf(), true],
    ['ECS cannot be asked', { ...listing(), ecs: unknown() }, memoryOf(), false],
    ['no task runs', observedOverRest({ views: [], tasks: [stopped(jm(1))] }), memoryOf(), false],
  ])('where %s: %#', (_, observation, memory, isMissing) => {
    expect(since(memory, observation) !== undefined).toBe(isMissing);
  });

  it('since the first of looks that follow each other, at which it is written', () => {
    expect(since(memoryOf(), listing())).toEqual(missing);
    const soon = defaults.restGapMs / 6;
    const again = (afterMs: number) => since({ ...memoryOf(), missing }, listing(), t0 + afterMs);
    expect(again(soon - 1)).toBe(missing);
    expect(again(soon)).toEqual({ ...missing, lookedMs: t0 + soon });
    expect(again(defaults.restGapMs)?.sinceMs).toBe(t0);
  });

  const { restGapMs: gap, restStaleMs: stale } = defaults;
  const goesOn = (before: Partial<Missing>, afterMs: number, ...attempts: readonly Attempt[]) =>
    since({ ...memoryOf(...attempts), missing: { ...missing, ...before } }, listing(), t0 + afterMs);

  test.each([
    ['of a scheduled one as a whole', gap, 0],
    ['of a late one without what is too long', gap + 1, 1],
    ['of a late one in no case for more', 2 * gap, gap],
    ['of one that comes as late as may be', stale, stale - gap],
    ['of a later one not at all: it begins anew', stale + 1, stale + 1],
  ])('where the time before a look counts %s: %#', (_, afterMs, laterMs) => {
    expect(goesOn({}, afterMs)).toEqual({ ...missing, sinceMs: t0 + laterMs, lookedMs: t0 + afterMs });
  });

  test.each([
    ['the look before', 2 * gap, t0 - 1, gap],
    ['a submission that came in between', 2 * gap, t0 + 30_000, 30_000 + gap],
    ['the look before, since it is not late', gap, t0 + 30_000, 0],
  ])('where a late look counts from %s on', (_, afterMs, sentMs, laterMs) => {
    const sent = anAttempt(1, { posts: [aPost({ sentMs, answer: 'accepted' })] });
    expect(goesOn({}, afterMs, sent)?.sinceMs).toBe(t0 + laterMs);
  });

  test.each([
    [gap, t0],
    [gap + 1, t0 + gap + 1],
  ])('where one was not heard meanwhile, after %i ms', (afterMs, sinceMs) => {
    const deaf = observedOverRest({ views: [ledView(1)], unseen: [jm(2)] });
    const unheard = { ...missing, unheard: true } as const;
    expect(since({ ...memoryOf(), missing }, deaf, t0 + 60_000)).toEqual(unheard);
    const before = { ...memoryOf(), missing: unheard };
    expect(since(before, deaf, t0 + 70_000)).toBe(unheard);
    expect(since(before, listing(), t0 + 1)).toEqual({ ...missing, lookedMs: t0 + 1 });
    expect(since(before, listing(), t0 + afterMs)).toEqual({ ...missing, sinceMs, lookedMs: t0 + afterMs });
    expect(since(memoryOf(), deaf)).toBeUndefined();
  });

  it('beside foreign jobs, which are written as soon as one comes, and whose vanishing begins it anew', () => {
    const foreign = [FOREIGN];
    const running = listing(aFlinkJob(FOREIGN), aFlinkJob(idOf(1, 'other')), aFlinkJob('e'.repeat(32), 'FINISHED'));
    expect(since({ ...memoryOf(), missing }, running, t0 + 1)).toEqual({ ...missing, foreign, lookedMs: t0 + 1 });
    const known = { ...memoryOf(), missing: { ...missing, foreign } };
    expect(since(known, running, t0 + 1)).toBe(known.missing);
    expect(since(known, listing(aFlinkJob('e'.repeat(32))), t0 + 1)?.sinceMs).toBe(t0 + 1);
    expect(since(known, listing(aFlinkJob(FOREIGN, 'CANCELED')), t0 + 1)).toEqual({ ...missing, lookedMs: t0 + 1 });
  });

  it('beside jobs that a person said are others, of which nothing is written, and beside many, of which not all are', () => {
    expect(since({ ...memoryOf(), ignored: [FOREIGN] }, listing(aFlinkJob(FOREIGN)))).toEqual(missing);
    const many = Array.from({ length: defaults.suspectsMax + 1 }, (_, n) => aFlinkJob(`${n}`.padStart(32, 'e')));
    expect(since(memoryOf(), listing(...many))?.foreign).toHaveLength(defaults.suspectsMax);
  });
});

describe('that a job is nowhere is not proven over REST alone', () => {
  const unproven = (memory: JobMemory, observation = listing(), afterMs = WINDOW_MS) =>
    unprovenOverRest({ missing, ...memory }, cluster, observation, t0 + afterMs);

  it('where one is not heard', () => {
    const text = 'not every JobManager task answers, with its jobs and its slots';
    expect(unprovenOverRest(memoryOf(), cluster, listing(), t0)).toBe(text);
    expect(unproven(memoryOf(), observedOverRest({ views: [ledView(1)], unseen: [jm(2)] }))).toBe(text);
  });

  it('before a session and a margin are over; elsewhere it is not asked', () => {
    expect(unproven(memoryOf(), listing(), 1_999)).toBe('absent from the list of every JobManager for 1 of 120 s');
    expect(unproven(memoryOf())).toBeUndefined();
    expect(unprovenOverRest(memoryOf(), aCluster(), listing(), t0)).toBeUndefined();
    const views = [1, 2].map((number) => aView(jm(number), { identity: { ha: 'kubernetes' } }));
    expect(unproven(memoryOf(), observedOverRest({ views }), 0)).toMatch(/ of 120 s$/);
  });

  test.each<[string, Partial<Post>, boolean]>([
    ['was accepted', { answer: 'accepted' }, true],
    ['nobody heard of', { answer: 'unanswered' }, true],
    ['threw, and may run all the same', { answer: 'refused', refusal: { code: 'MAIN_THREW', text: '' } }, true],
    ['was refused', { answer: 'refused', refusal: { code: 'CLASS_MISSING', text: '' } }, false],
    ['never went out', { answer: 'not-sent' }, false],
  ])('while it is not over since a submission that %s', (_, post, counts) => {
    const sent = memoryOf(anAttempt(1, { posts: [aPost({ to: beside(1, 2), sentMs: t0 + 1_000, ...post })] }));
    expect(unproven(sent) !== undefined).toBe(counts);
    expect(unproven(sent, listing(), WINDOW_MS + 1_000)).toBeUndefined();
  });

  test.each<[string, readonly FlinkJob[], boolean]>([
    ['as ended', [aFlinkJob(idOf(), 'CANCELED')], true],
    ['as live', [aFlinkJob(idOf())], false],
    ['of another job alone', [aFlinkJob(idOf(2), 'CANCELED')], false],
    ['nothing', [], false],
  ])('unless all of them list its ended attempt: they list it %s', (_, jobs, isProven) => {
    const ended = memoryOf(ranOn(beside(1, 2), 1, { end: { state: 'CANCELED', atMs: t0 } }));
    const all = observedOverRest({ views: [ledView(1, { jobs }), ledView(2, { jobs })] });
    expect(unproven(ended, all, 0) === undefined).toBe(isProven);
    expect(unproven(memoryOf(ranOn(beside(1, 2))), all, 0)).toBeDefined();
  });

  it.each(['PROVISIONING', 'PENDING', 'STOPPED'])('by a task that is %s nobody is kept waiting', (lastStatus) => {
    const tasks = [aTask(jm(1)), aTask(jm(2)), aTask(jm(3), { lastStatus })];
    expect(since(memoryOf(), observedOverRest({ tasks }))).toEqual(missing);
  });
});
