import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozen } from '../../lib/adapters/frozen.ts';
import { defaults } from '../../lib/core/defaults.ts';
import { isOpen, isUnsettled } from '../../lib/core/liveness.ts';
import type { Job, JobMemory, Observation, Outcome } from '../../lib/core/model.ts';
import { mayHaveRun, remember } from '../../lib/core/remember.ts';
import { aCluster, t0 } from '../support/builders.ts';
import { runs } from './arbitraries/chances.ts';
import { job, longMemory, memory, outcome } from './arbitraries/memories.ts';
import { observation } from './arbitraries/observations.ts';

const remembered = (before: JobMemory, on: Job, seen: Observation, outcomes: readonly Outcome[] = []): JobMemory =>
  remember(before, on, aCluster([on]), seen, outcomes, t0);

/** What came of several effects, one for each attempt: a pass has at most one for each job. */
const outcomes = fc.uniqueArray(outcome, { maxLength: 3, selector: ({ attempt }) => attempt });

describe('remembering', () => {
  it('the same twice adds nothing (I12)', () => {
    fc.assert(
      fc.property(memory, job, observation, outcomes, (before, on, seen, heard) => {
        const once = remembered(before, on, seen, heard);
        expect(remembered(once, on, seen, heard)).toEqual(once);
        expect(remembered(once, on, seen)).toEqual(once);
      }),
      runs,
    );
  });

  it('leaves its input as it was, and gives the same for the same (I11)', () => {
    fc.assert(
      fc.property(memory, job, observation, outcomes, (before, on, seen, heard) => {
        const input = frozen({ before, on, seen, heard });
        expect(remembered(input.before, input.on, input.seen, input.heard)).toEqual(
          remembered(before, on, seen, heard),
        );
      }),
      runs,
    );
  });

  it('does not depend on the order or the repetition of outcomes (F01, F02)', () => {
    fc.assert(
      fc.property(memory, job, observation, outcomes, (before, on, seen, heard) => {
        const expected = remembered(before, on, seen, heard);
        expect(remembered(before, on, seen, heard.toReversed())).toEqual(expected);
        expect(remembered(before, on, seen, [...heard, ...heard])).toEqual(expected);
      }),
      runs,
    );
  });

  it('ends no attempt on a look without ECS and without an answer (I6)', () => {
    const nothing: Observation = { ecs: { known: false, because: { code: 'X', text: 'x' } }, flink: {}, jars: {} };
    fc.assert(
      fc.property(memory, job, (before, on) => {
        const kept = remembered(before, on, nothing).attempts;
        expect(kept.map(({ end, posts }) => ({ end, posts }))).toEqual(
          before.attempts.map(({ end, posts }) => ({ end, posts })),
        );
      }),
      runs,
    );
  });

  it('keeps attempts apart by id, in order of their numbers, within its bounds (F88, I9)', () => {
    fc.assert(
      fc.property(fc.oneof(memory, longMemory), job, observation, outcomes, (before, on, seen, heard) => {
        const { attempts } = remembered(before, on, seen, heard);
        const numbers = attempts.map(({ n }) => n);
        expect(new Set(attempts.map(({ jobId }) => jobId)).size).toBe(attempts.length);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        const open = attempts.slice(0, -1).filter(({ end }) => end === undefined);
        expect(attempts.length).toBeLessThanOrEqual(Math.max(defaults.attemptsMax, open.length + 1));
      }),
      runs,
    );
  });

  it('never drops what lives or may come to life, nor the newest number (I1, F42)', () => {
    fc.assert(
      fc.property(longMemory, job, observation, (before, on, seen) => {
        const kept = remembered(before, on, seen).attempts;
        expect(kept.at(-1)?.n).toBe(before.attempts.at(-1)?.n);
        for (const attempt of before.attempts) {
          const alone = remembered({ schema: 1, attempts: [attempt] }, on, seen).attempts;
          const now = alone.find(({ jobId }) => jobId === attempt.jobId);
          if (now?.end !== undefined || !now || !(mayHaveRun(now) || isUnsettled(now, t0))) continue;
          expect(kept.map(({ jobId }) => jobId)).toContain(attempt.jobId);
        }
      }),
      runs,
    );
  });

  it('opens no POST that was settled, and forgets none that is open', () => {
    fc.assert(
      fc.property(memory, job, observation, (before, on, seen) => {
        const later = remembered(before, on, seen).attempts;
        for (const attempt of before.attempts) {
          const kept = later.find(({ jobId }) => jobId === attempt.jobId)?.posts ?? [];
          for (const post of attempt.posts) {
            const now = kept.find(({ id }) => id === post.id);
            if (isOpen(post, t0)) expect(now === undefined).toBe(false);
            else expect(now !== undefined && isOpen(now, t0)).toBe(false);
          }
        }
      }),
      runs,
    );
  });
});
