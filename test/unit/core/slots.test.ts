import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/core/decision.ts';
import type { Job } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { inTurn, type SlotsLeft, slotsNeeded } from '../../../lib/core/slots.ts';
import { aJob, anAttempt, aPost, aView, jm, look, observed, unknown } from '../../support/builders.ts';

/** A job is started when enough is left for it, and waits for slots otherwise. */
const started = (job: Job, { freeSlots }: SlotsLeft): Decision => {
  const base = { job: job.name, saw: 'absent', because: 'x' } as const;
  if (freeSlots === undefined || freeSlots < slotsNeeded(job))
    return { ...base, verdict: 'wait', problem: problem('SLOTS_MISSING', 'x', job.name) };
  return {
    ...base,
    verdict: 'act',
    effect: { kind: 'run', job: job.name, attempt: anAttempt(), post: aPost() },
  };
};

/** What was left for each job when its turn came, in turn. */
const left = (jobs: readonly Job[], free: number | undefined, acts: (job: Job) => boolean = () => true) => {
  const turns: unknown[] = [];
  inTurn(jobs, acts, free, (job, slots) => {
    turns.push([job.name, slots.freeSlots, ...(slots.keptFor === undefined ? [] : [slots.keptFor])]);
    return started(job, slots);
  });
  return turns;
};
const job = (name: string, slots: number, priority?: number): Job =>
  aJob({ name, slots, ...(priority === undefined ? {} : { priority }) });

describe('slots', () => {
  it.each([
    [{ slots: 3, parallelism: 2 }, 3],
    [{ parallelism: 2 }, 2],
    [{ slots: 0, parallelism: 2 }, 0],
    [{}, 1],
  ])('that %o waits for are %i', (spec, need) => {
    expect(slotsNeeded(aJob(spec))).toBe(need);
  });

  it.each<[string, readonly Job[], number | undefined, unknown]>([
    [
      'what is promised is gone',
      [job('a', 1), job('b', 2), job('c', 1)],
      4,
      [
        ['a', 4],
        ['b', 3],
        ['c', 1],
      ],
    ],
    [
      'none is less than none',
      [job('a', 2), job('b', 1)],
      2,
      [
        ['a', 2],
        ['b', 0],
      ],
    ],
    [
      'among equals a smaller one goes by',
      [job('a', 3), job('b', 1)],
      2,
      [
        ['a', 2],
        ['b', 2],
      ],
    ],
    [
      'the higher priority goes first',
      [job('a', 1), job('b', 1, 5)],
      2,
      [
        ['b', 2],
        ['a', 1],
      ],
    ],
    [
      'absent counts as 0',
      [job('a', 1, -1), job('b', 1), job('c', 1, 0)],
      3,
      [
        ['b', 3],
        ['c', 2],
        ['a', 1],
      ],
    ],
    [
      'what waits keeps what it needs from a lower one',
      [job('a', 3, 1), job('b', 1)],
      2,
      [
        ['a', 2],
        ['b', 0, 'a'],
      ],
    ],
    [
      'several keep together',
      [job('a', 4, 2), job('b', 4, 1), job('c', 1)],
      9,
      [
        ['a', 9],
        ['b', 5],
        ['c', 1],
      ],
    ],
    [
      'several that wait keep together, for the first',
      [job('a', 4, 2), job('b', 3, 1), job('c', 1)],
      3,
      [
        ['a', 3],
        ['b', 0, 'a'],
        ['c', 0, 'a'],
      ],
    ],
    ['a negative one waits for nobody when none waits', [job('a', 1, -1)], 1, [['a', 1]]],
    ['not known stays so', [job('a', 1)], undefined, [['a', undefined]]],
  ])('in turn: %s', (_, jobs, free, turns) => {
    expect(left(jobs, free)).toEqual(turns);
  });

  it('what is only shown comes after what is carried out, whatever its priority', () => {
    const acts = ({ name }: Job): boolean => name !== 'shown';
    expect(left([job('shown', 1, 9), job('a', 1)], 1, acts)).toEqual([
      ['a', 1],
      ['shown', 0],
    ]);
  });

  it.each([
    [observed({ views: [aView(jm(), { free: 1 })] }), 'slots: 1 of 2 slots'],
    [observed({ views: [aView(jm(), { free: unknown() })] }), 'slots: its free slots are not known'],
  ])('are told as they are', (observation, because) => {
    expect(look({ job: aJob({ slots: 2 }), observation }).decision.because).toBe(because);
  });
});
