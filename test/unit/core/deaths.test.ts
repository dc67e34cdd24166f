import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Post } from '../../../lib/core/model.ts';
import { diedUnder, killsInARow } from '../../../lib/core/refusals.ts';
import { anAttempt, aPost, jm, look, memoryOf, t0 } from '../../support/builders.ts';

const threw = { answer: 'refused', refusal: { code: 'MAIN_THREW', text: 'no database' } } as const;
const died = { answer: 'broken', processEnded: true, alone: true } as const;
const posted = (...posts: readonly Partial<Post>[]): Attempt =>
  anAttempt(1, { posts: posts.map((changes, index) => aPost({ id: index + 1, ...changes })) });
const decided = (attempts: readonly Attempt[]) => look({ memory: memoryOf(...attempts) }).decision;

describe('a JobManager that died under an attempt (F102)', () => {
  it.each<[string, readonly Partial<Post>[], boolean, number]>([
    ['alone', [died], true, 1],
    ['beside another', [{ answer: 'broken', processEnded: true }], true, 0],
    ['unanswered', [{ ...died, answer: 'unanswered' }], true, 0],
    ['with a try before that never left', [{ answer: 'not-sent' }, died], true, 1],
    ['with an answer first', [{ ...died, ...threw }], false, 0],
    ['that was accepted', [{ ...died, answer: 'accepted' }], false, 0],
    ['unheard of: a suspect, though we may never have sent it', [{ ...died, answer: 'none' }], true, 0],
    ['and lives', [{ ...died, processEnded: false }], false, 0],
  ])('%s', (_, posts, isDead, kills) => {
    expect(diedUnder(posted(...posts))).toBe(isDead);
    expect(killsInARow([posted(...posts)], 'rev-1')).toBe(kills);
  });

  it('counts only what came since one survived', () => {
    const kill = posted(died);
    const survivor = posted(threw);
    expect(killsInARow([kill, survivor, kill, kill], 'rev-1')).toBe(2);
    expect(killsInARow([kill, kill, survivor], 'rev-1')).toBe(0);
    expect(killsInARow([kill, kill], 'rev-0')).toBe(0);
    expect(defaults.killsMax).toBe(2);
  });
});

describe('a slow main() under which a JobManager ended, alone (F102)', () => {
  const times = (count: number, post: Partial<Post>): readonly Attempt[] =>
    Array.from({ length: count }, (_, index) =>
      anAttempt(index + 1, {
        posts: [aPost({ processEnded: true, alone: true, to: jm(9), ...post })],
        end: { state: 'LOST', atMs: t0 },
      }),
    );

  it.each<[number, Partial<Post>, string]>([
    [defaults.slowKillsMax - 1, { answer: 'unanswered' }, 'act'],
    [defaults.slowKillsMax, { answer: 'unanswered' }, 'hold'],
    [defaults.slowKillsMax + 1, { answer: 'unanswered' }, 'hold'],
    [defaults.slowKillsMax, { answer: 'none' }, 'act'],
  ])('%i times, %o: %s', (count, post, verdict) => {
    const decision = decided(times(count, post));
    expect(decision.verdict).toBe(verdict);
    if (verdict === 'hold')
      expect(decision.because).toBe(
        `${count} submissions in a row, each alone, ended together with their JobManager, if only after a while`,
      );
  });

  it('with as many quick deaths is told by those', () => {
    const attempts = [...times(2, { answer: 'unanswered' }), ...times(4, { answer: 'broken' }).slice(2)];
    expect(decided(attempts).because).toBe('2 submissions in a row ended together with their JobManager');
  });
});
