import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { RECOVERING, recovering, viewsOf } from '../../../lib/core/liveness.ts';
import type { Attempt, JobMemory, Post } from '../../../lib/core/model.ts';
import { remember } from '../../../lib/core/remember.ts';
import { sighted } from '../../../lib/core/sighted.ts';
import { aCluster, aJob, anAttempt, aPost, idOf, jm, memoryOf, observed, ranOn, t0 } from '../../support/builders.ts';
import { beside, leading, led, ledView, observedLed, observedOverRest, overRest } from '../../support/led.ts';
import { WINDOW_MS } from '../../support/over-rest.ts';

const absent = [idOf()];
const missing = { processes: [jm(1).process, jm(2).process], sinceMs: t0, lookedMs: t0 };
const nobody = observedOverRest({ views: [ledView(1, { absent }), ledView(2, { absent })] });
const settled: Partial<Post> = { settledByMs: t0 - 1, sentMs: t0 - 2 };

describe('since when a job is missing over REST', () => {
  it('is kept as it is, the very same, while looks follow each other', () => {
    const memory = { ...memoryOf(), missing };
    expect(remember(memory, aJob(), aCluster([aJob()], overRest), nobody, [], t0 + 1)).toBe(memory);
  });

  it('is forgotten by a cluster that is asked in another way since', () => {
    const memory = { ...memoryOf(ranOn(jm())), missing };
    const after = remember(memory, aJob(), aCluster(), observed({ views: [], unseen: [jm()] }), [], t0);
    expect(after).not.toHaveProperty('missing');
  });
});

describe('what one of several JobManagers says alone', () => {
  it('of an absent job is nothing where nobody knows who leads', () => {
    const attempt = ranOn(jm(1));
    expect(sighted(attempt, viewsOf(nobody), t0)).toBe(attempt);
  });

  it('counts where the job was seen on it, also when it led then', () => {
    const alone = observed({ views: [ledView(1, { absent })] });
    for (const on of [jm(1), leading(1)])
      expect(sighted(ranOn(on), viewsOf(alone), t0)).toStrictEqual({ ...ranOn(on), absentSinceMs: t0 });
  });

  it('does not count where the job was seen on another one that it knew', () => {
    const attempt = ranOn(beside(2, 1));
    expect(sighted(attempt, viewsOf(observed({ views: [ledView(1, { absent })] })), t0)).toBe(attempt);
  });

  it('names no job that its leader is about to bring back, and counts no tasks of it', () => {
    const view = { ...ledView(1), recovers: absent };
    const tasks = { tasksRunning: 0, tasksTotal: 0 };
    expect(recovering(view)).toEqual([{ jobId: idOf(), name: '', state: RECOVERING, ...tasks }]);
  });
});

describe('an attempt that nobody lists is not over while a submission of it may still come to life', () => {
  const openPost = aPost({ id: 2, sentMs: t0 - 1, settledByMs: t0 + defaults.mainWithinMs });
  const endOf = (posts: readonly Post[], look: (attempt: Attempt) => JobMemory) =>
    look(anAttempt(1, { posts })).attempts[0]?.end;

  it.each<[string, readonly Post[], string | undefined]>([
    ['one that is open, beside one that is settled', [aPost(settled), openPost], undefined],
    ['one that is open', [openPost], undefined],
    ['none is open', [aPost({ ...settled, answer: 'accepted' })], 'GONE'],
  ])('over REST: %s', (_, posts, state) => {
    const looked = { ...missing, sinceMs: t0 - WINDOW_MS, lookedMs: t0 + WINDOW_MS - 1 };
    const ended = endOf(posts, (attempt) =>
      remember(
        { ...memoryOf({ ...attempt, sightedOn: jm(1) }), missing: looked },
        aJob(),
        aCluster([aJob()], overRest),
        nobody,
        [],
        t0 + WINDOW_MS,
      ),
    );
    expect(ended?.state).toBe(state);
  });

  it.each<[string, readonly Post[], string | undefined]>([
    [
      'one that is open, beside one that is settled',
      [aPost({ ...settled, to: leading(1) }), { ...openPost, to: leading(1) }],
      undefined,
    ],
    ['none is open', [aPost({ ...settled, to: leading(1) })], 'LOST'],
  ])('under a leader: %s', (_, posts, state) => {
    const observation = observedLed({ views: [ledView(1, { absent }), ledView(2)], memory: 'memory-2' });
    const since = { absentSinceMs: t0 - defaults.goneAfterMs, absentUnder: 'session-1' };
    const ended = endOf(posts, (attempt) =>
      remember(
        memoryOf({ ...attempt, ...since, sightedOn: leading(1) }),
        aJob(),
        aCluster([aJob()], led),
        observation,
        [],
        t0,
      ),
    );
    expect(ended?.state).toBe(state);
  });
});
