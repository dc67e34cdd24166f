import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../lib/core/decision.ts';
import type { Job, JobMemory, Observation, Order } from '../../lib/core/model.ts';
import { look } from '../support/builders.ts';
import { process, runs } from './arbitraries/chances.ts';
import { asAsked, asSeen, hiddenParts, picks, withHidden } from './arbitraries/hidden.ts';
import { job, memory, orders } from './arbitraries/memories.ts';
import { observation } from './arbitraries/observations.ts';

type Given = { readonly job: Job; readonly memory: JobMemory; readonly orders: readonly Order[] };

type Whole = { readonly on: Given; readonly whole: Observation };

/** A job, what is remembered and ordered, and a whole look that fits to it. */
const wholes = (remembered: fc.Arbitrary<JobMemory>): fc.Arbitrary<Whole> =>
  fc.record({ job, memory: remembered, orders, whole: observation }).map(({ whole, memory: before, ...rest }) => {
    const on = { ...rest, memory: asSeen(before, whole) };
    return { on, whole: asAsked(whole, on.memory) };
  });

/** Every attempt was seen and is to end: sent already, or not yet. */
const ordered = fc.tuple(memory, process, fc.boolean()).map(([{ attempts, ...rest }, on, isSent]) => {
  const stop = { how: 'cancel', order: 'restart', because: 'x', ...(isSent ? { sentMs: 0, to: on } : {}) } as const;
  return { ...rest, attempts: attempts.map(({ end: _, ...each }) => ({ ...each, sightedOn: on, stop })) };
});

/** What would be done to a job on Flink: nothing else can double, end or empty it. */
const deedOf = ({ effect }: Decision) =>
  effect === undefined || effect.kind === 'delete-jar'
    ? undefined
    : { kind: effect.kind, jobId: effect.attempt.jobId, process: effect.kind === 'run' ? effect.post.to : effect.to };
const deedOn = (on: Given, observation: Observation) => deedOf(look({ ...on, observation }).decision);

/** How much was done on whole looks: the law shows nothing when that is too little. */
const deeds = (drawn: fc.Arbitrary<Whole>): number => {
  let done = 0;
  const law = ({ on, whole }: Whole, hide: readonly number[]): void => {
    const expected = deedOn(on, whole);
    done += expected === undefined ? 0 : 1;
    for (const { part, observation: partial } of [...hiddenParts(whole), withHidden(whole, hide)]) {
      const deed = deedOn(on, partial);
      if (deed !== undefined) expect({ part, deed }).toEqual({ part, deed: expected });
    }
  };
  fc.assert(fc.property(drawn, picks, law), runs);
  return done;
};

describe('with a part of a look unknown, or several, nothing is done that the whole look would not do (I6):', () => {
  it('no submission', () => {
    expect(deeds(wholes(memory))).toBeGreaterThan(50);
  });

  it('no cancelling', () => {
    expect(deeds(wholes(ordered))).toBeGreaterThan(50);
  });
});
