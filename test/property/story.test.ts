import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnsettled } from '../../lib/core/liveness.ts';
import type { ClusterMemory, Effect, JobMemory, Outcome } from '../../lib/core/model.ts';
import { aCluster, t0 } from '../support/builders.ts';
import { type PassOutput, wholePass } from '../support/whole-pass.ts';
import { runs } from './arbitraries/chances.ts';
import { job, memory, orders } from './arbitraries/memories.ts';
import { observation } from './arbitraries/observations.ts';

const answers = ['accepted', 'refused', 'not-sent', 'unanswered', 'broken', undefined] as const;

/** A job, what is remembered of it, and look after look: what each effect comes to is heard in the next one, or never. */
const stories = fc.record({
  on: job,
  before: memory,
  steps: fc.array(
    fc.record({
      seen: observation,
      given: orders,
      answer: fc.constantFrom(...answers),
      laterMs: fc.constantFrom(0, 1_000, 30_000, 700_000),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});
type Story = typeof stories extends fc.Arbitrary<infer S> ? S : never;
type Scene = PassOutput & { readonly before: JobMemory; readonly nowMs: number };

const scenesOf = ({ on, before, steps }: Story): readonly Scene[] => {
  const scenes: Scene[] = [];
  let memory: ClusterMemory = { jobs: { orders: before }, incidents: [], orders: [] };
  let outcomes: readonly Outcome[] = [];
  let nowMs = t0;
  for (const [index, { seen, given, answer, laterMs }] of steps.entries()) {
    nowMs += laterMs;
    const fresh = given.map((order) => ({ ...order, id: `${index}-${order.id}`, expiresMs: nowMs + 60_000 }));
    const input = { ...memory, orders: [...memory.orders, ...fresh] };
    const output = wholePass({ cluster: aCluster([on]), memory: input, observation: seen, outcomes, nowMs });
    scenes.push({ ...output, before: jobOf(memory), nowMs });
    outcomes = output.plan.effects.flatMap((effect) => outcomeOf(effect, answer));
    memory = output.after;
  }
  return scenes;
};

const jobOf = ({ jobs }: ClusterMemory): JobMemory => jobs.orders ?? { schema: 1, attempts: [] };

const outcomeOf = (effect: Effect, answer: (typeof answers)[number]): readonly Outcome[] =>
  effect.kind !== 'run' || answer === undefined
    ? []
    : [{ job: effect.job, attempt: effect.attempt.n, postId: effect.post.id, answer }];

const lawOf = (law: (scenes: readonly Scene[]) => void): void =>
  fc.assert(
    fc.property(stories, (story) => law(scenesOf(story))),
    runs,
  );

describe('look after look, attempts', () => {
  it('have numbers that only grow, and ids that are never used for another (F42)', () => {
    let fresh = 0;
    lawOf((scenes) => {
      const used = new Map<string, number>();
      for (const { before, memories, plan } of scenes) {
        for (const { jobId, n } of [...before.attempts, ...(memories.orders?.attempts ?? [])]) used.set(jobId, n);
        for (const effect of plan.effects) {
          if (effect.kind !== 'run' || effect.post.id > 1) continue;
          const { jobId, n } = effect.attempt;
          const known = memories.orders?.attempts.find((attempt) => attempt.jobId === jobId);
          if (known?.posts.length === 0 && known.end === undefined) continue; // Remembered, and never submitted.
          fresh += 1;
          expect(used.has(jobId)).toBe(false);
          expect(Math.max(0, ...used.values())).toBeLessThan(n);
          expect(jobId).toMatch(/^[0-9a-f]{32}$/);
          used.set(jobId, n);
        }
      }
    });
    expect(fresh).toBeGreaterThan(runs.numRuns / 10);
  });

  it('are submitted neither after their end nor beside another that may come to life (I1, F42, F104)', () => {
    lawOf((scenes) => {
      const over = new Set<string>();
      for (const { memories, plan, nowMs } of scenes) {
        const attempts = memories.orders?.attempts ?? [];
        for (const { jobId, end } of attempts) if (end !== undefined) over.add(jobId);
        for (const effect of plan.effects) {
          if (effect.kind !== 'run') continue;
          const { jobId } = effect.attempt;
          expect(over).not.toContain(jobId);
          expect(attempts.filter((each) => each.jobId !== jobId && isUnsettled(each, nowMs))).toEqual([]);
        }
      }
    });
  });
});
