import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, JobMemory, Post } from '../../../lib/core/model.ts';
import { remember } from '../../../lib/core/remember.ts';
import { aCluster, aJob, anAttempt, aPost, idOf, jm, memoryOf, observed, ranOn, t0 } from '../../support/builders.ts';
import { leading, led, ledView, observedLed, observedOverRest, overRest } from '../../support/led.ts';
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
    ['one that is open, beside one that is settled', [aPost({ ...settled, to: leading(1) }), openPost], undefined],
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
