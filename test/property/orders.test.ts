import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozen } from '../../lib/adapters/frozen.ts';
import { withIntent } from '../../lib/core/intent.ts';
import { liveCopies } from '../../lib/core/liveness.ts';
import { obey } from '../../lib/core/orders.ts';
import { aCluster, look, t0 } from '../support/builders.ts';
import { mostly, runs } from './arbitraries/chances.ts';
import { job, memory, memoryOfStops, orders } from './arbitraries/memories.ts';
import { observation, observationOfJobs } from './arbitraries/observations.ts';

const mode = mostly<'run' | 'watch' | 'dry-run'>(2, 'run', 'watch', 'dry-run');

describe('orders', () => {
  it('are consumed once, each by a consequence or with a reason; the rest stay (I12)', () => {
    fc.assert(
      fc.property(job, memory, observation, orders, (on, before, seen, given) => {
        const input = { cluster: aCluster([on]), orders: given, pause: undefined, observation: seen, nowMs: t0 };
        const once = obey(frozen({ ...input, memories: { orders: before } }));
        const ids = once.consumed.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(once.consumed.every(({ because }) => because !== '')).toBe(true);
        const left = given.filter(({ id }) => !ids.includes(id));
        const twice = obey({ ...input, orders: left, pause: once.pause, memories: once.memories });
        const kept = twice.consumed.filter(({ what }) => !what.endsWith('dropped'));
        if (left.length === 0) expect(twice).toEqual({ ...once, consumed: [] });
        expect(kept.filter(({ id }) => ids.includes(id))).toEqual([]);
      }),
      runs,
    );
  });

  it('never take an id, an end or a submission out of memory (I1)', () => {
    fc.assert(
      fc.property(job, memory, observation, orders, (on, before, seen, given) => {
        const input = { cluster: aCluster([on]), orders: given, pause: undefined, observation: seen, nowMs: t0 };
        const after = obey({ ...input, memories: { orders: before } }).memories.orders?.attempts ?? [];
        for (const attempt of before.attempts)
          expect(after.find(({ jobId }) => jobId === attempt.jobId)).toMatchObject({
            n: attempt.n,
            posts: attempt.posts,
            ...(attempt.end === undefined ? {} : { end: attempt.end }),
          });
      }),
      runs,
    );
  });
});

describe('cancelling', () => {
  it('is only of an own live attempt that was ordered to end, with its intent in the memory before (I3)', () => {
    let cancels = 0;
    fc.assert(
      fc.property(job, memoryOfStops, observationOfJobs, orders, (on, before, seen, given) => {
        const { memory: after, decision } = look({ job: on, memory: before, observation: seen, orders: given });
        const { effect } = decision;
        if (effect?.kind !== 'cancel') return;
        cancels += 1;
        const { jobId } = effect.attempt;
        expect(jobId.startsWith(on.lineage)).toBe(true);
        expect(after.attempts.find((attempt) => attempt.jobId === jobId)?.stop).toBeDefined();
        expect(liveCopies([jobId], seen).map((copy) => copy.on)).toContainEqual(effect.to);
        const kept = withIntent(after, effect).attempts.find((attempt) => attempt.jobId === jobId);
        expect(kept?.stop).toMatchObject({ sentMs: t0, to: effect.to });
      }),
      { ...runs, numRuns: 4 * runs.numRuns }, // Few of them come to a cancelling.
    );
    expect(cancels).toBeGreaterThan(runs.numRuns / 100);
  });
});

describe('nothing is done', () => {
  it('in `mode: watch`, in a dry run, and while a person paused it; only the dry run says what it would do', () => {
    fc.assert(
      fc.property(job, memory, observation, mode, (on, before, seen, how) => {
        const paused = { ...before, pause: { who: 'anna', why: 'x', sinceMs: t0 } };
        const given = how === 'run' ? { job: on, memory: paused } : { job: { ...on, mode: how }, memory: before };
        const { decision } = look({ ...given, observation: seen });
        expect(decision.verdict).not.toBe('act');
        expect(decision.waitFor).toBeUndefined();
        expect(decision.effect !== undefined).toBe(decision.verdict === 'would');
        if (how !== 'dry-run') expect(decision.verdict).not.toBe('would');
      }),
      runs,
    );
  });

  it('but a dry run decides as the run does: the same effect, or the same wait or hold', () => {
    fc.assert(
      fc.property(job, memory, observation, (on, before, seen) => {
        const run = look({ job: on, memory: before, observation: seen }).decision;
        const dry = look({ job: { ...on, mode: 'dry-run' }, memory: before, observation: seen }).decision;
        expect(dry.verdict).toBe(run.verdict === 'act' ? 'would' : run.verdict);
        // It promises nothing that does not come.
        const next = dry.problem?.next.replace('Nothing is done: `mode: dry-run`. Otherwise: ', '');
        expect(dry.problem && { ...dry.problem, next }).toEqual(run.problem);
        expect(dry.effect?.kind).toBe(run.effect?.kind);
        if (dry.effect?.kind === 'run' && run.effect?.kind === 'run') expect(dry.effect.post).toEqual(run.effect.post);
      }),
      runs,
    );
  });
});
