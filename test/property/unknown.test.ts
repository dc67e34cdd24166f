import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../lib/core/decision.ts';
import type { Job, JobMemory, Observation, Order } from '../../lib/core/model.ts';
import { aFlinkJob, aPost, idOf, known, look } from '../support/builders.ts';
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

/** Submissions that nobody heard of, long ago: what was not seen may have run. */
const unheard = fc.tuple(memory, process).map(([{ attempts, ...rest }, to]) => {
  const posts = [aPost({ to, sentMs: 0 })];
  return {
    ...rest,
    attempts: attempts.map(({ end: _, sightedOn: _on, stop: _stop, ...each }) => ({ ...each, posts })),
  };
});

/** The same look, in which the first attempt lives on every JobManager that shows its jobs. */
const everywhere = ({ on, whole }: Whole): Whole => {
  const flink = Object.entries(whole.flink).map(([arn, view]) => {
    if (!view.known || !view.value.jobs.known) return [arn, view] as const;
    const others = view.value.jobs.value.filter(({ jobId }) => jobId !== idOf());
    return [arn, known({ ...view.value, jobs: known([...others, aFlinkJob(idOf())]) })] as const;
  });
  return { on, whole: { ...whole, flink: Object.fromEntries(flink) } };
};

/** What would be done to a job on Flink: nothing else can double, end or empty it. */
const deedOf = ({ effect }: Decision) => {
  if (effect === undefined || effect.kind === 'delete-jar') return undefined;
  const to = effect.kind === 'run' ? effect.post.to : effect.kind === 'delete-left' ? effect.path : effect.to;
  return { kind: effect.kind, jobId: effect.attempt.jobId, to };
};
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
    expect(deeds(wholes(memory))).toBeGreaterThan(runs.numRuns / 40);
  });

  it('no repeat of a submission', () => {
    expect(deeds(wholes(unheard))).toBeGreaterThan(runs.numRuns / 40);
  });

  it('no cancelling', () => {
    const drawn = fc.oneof(wholes(ordered), wholes(ordered).map(everywhere));
    expect(deeds(drawn)).toBeGreaterThan(runs.numRuns / 40);
  });
});
