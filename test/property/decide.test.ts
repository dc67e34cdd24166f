import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozen } from '../../lib/adapters/frozen.ts';
import { decide } from '../../lib/core/decide.ts';
import type { Decision } from '../../lib/core/decision.ts';
import { withIntent } from '../../lib/core/intent.ts';
import { isOpen, isUnsettled, liveCopies } from '../../lib/core/liveness.ts';
import type { Attempt, Effect, Job, JobMemory, Observation, Order } from '../../lib/core/model.ts';
import { aCluster, aJob, look as lookAt, t0 } from '../support/builders.ts';
import { runs } from './arbitraries/chances.ts';
import { job, memory, orders } from './arbitraries/memories.ts';
import { foretells, observation } from './arbitraries/observations.ts';

type Run = Extract<Effect, { kind: 'run' }>;

const decideOn = (on: Job, memories: Readonly<Record<string, JobMemory>>, seen: Observation, jobs = [on]) =>
  decide({ cluster: aCluster(jobs), memories, observation: seen, nowMs: t0, dice: { orders: 'd1ced1ce' } });

/** What a whole look at one job comes to, with what a person ordered. */
const look = (on: Job, before: JobMemory, seen: Observation, orders: readonly Order[] = []) => {
  const { memory: after, decision } = lookAt({ job: on, memory: before, observation: seen, orders });
  return { after, decision };
};
const runOf = ({ effect }: Decision): Run | undefined => (effect?.kind === 'run' ? effect : undefined);

/** A law over submissions; it shows nothing when the runs come to too few. */
const lawOfRuns = (law: (run: Run, after: JobMemory, seen: Observation) => void): void => {
  let submissions = 0;
  fc.assert(
    fc.property(job, memory, observation, orders, (on, before, seen, given) => {
      const { after, decision } = look(on, before, seen, given);
      const run = runOf(decision);
      if (run === undefined) return;
      submissions += 1;
      law(run, after, seen);
    }),
    runs,
  );
  expect(submissions).toBeGreaterThan(runs.numRuns / 12);
};

describe('deciding', () => {
  it('is total: it never breaks, whatever is remembered and seen', () => {
    fc.assert(
      fc.property(job, memory, observation, (on, before, seen) => {
        const { decisions, problems } = decideOn(on, { orders: before }, seen);
        expect(decisions).toHaveLength(1);
        expect(problems.filter(({ code }) => code === 'AUTOPILOT_BUG')).toEqual([]);
      }),
      runs,
    );
  });

  it('is pure: the same input gives the same decision and is left as it was (I11)', () => {
    fc.assert(
      fc.property(job, memory, observation, (on, before, seen) => {
        const input = frozen({ on, before, seen });
        expect(look(input.on, input.before, input.seen)).toEqual(look(on, before, seen));
      }),
      runs,
    );
  });

  it('gives each job of the manifest one decision in its order, with at most one effect', () => {
    fc.assert(
      fc.property(fc.array(job, { maxLength: 4 }), memory, observation, (specs, before, seen) => {
        const jobs = specs.map((spec, index) => ({ ...spec, name: index === 0 ? 'orders' : `job-${index}` }));
        const { decisions } = decideOn(aJob(), { orders: before }, seen, jobs);
        expect(decisions.map((decision) => decision.job)).toEqual(jobs.map(({ name }) => name));
        expect(
          decisions.every(
            ({ effect, verdict, job: of }) => effect === undefined || (verdict === 'act' && effect.job === of),
          ),
        ).toBe(true);
      }),
      runs,
    );
  });

  it('on an unchanged world does not act twice (I12)', () => {
    fc.assert(
      fc.property(job, memory, observation, (on, before, seen) => {
        const { after, decision } = look(on, before, seen);
        if (decision.effect === undefined || foretells(seen, decision.effect)) return;
        const again = look(on, withIntent(after, decision.effect), seen).decision;
        expect(runOf(again)).toBeUndefined();
        if (decision.effect.kind === 'delete-jar') expect(again.effect).not.toEqual(decision.effect);
      }),
      runs,
    );
  });

  it('does not depend on the order in which ECS lists its tasks (F02)', () => {
    fc.assert(
      fc.property(job, memory, observation, (on, before, seen) => {
        if (!seen.ecs.known) return;
        const ecs = { known: true, value: { ...seen.ecs.value, tasks: seen.ecs.value.tasks.toReversed() } } as const;
        const { effect, verdict } = look(on, before, { ...seen, ecs }).decision;
        expect({ effect, verdict }).toEqual(
          (({ decision }) => ({ effect: decision.effect, verdict: decision.verdict }))(look(on, before, seen)),
        );
      }),
      runs,
    );
  });

  it('of a disabled job starts nothing', () => {
    fc.assert(
      fc.property(job, memory, observation, (on, before, seen) => {
        expect(runOf(look({ ...on, enabled: false }, before, seen).decision)).toBeUndefined();
      }),
      runs,
    );
  });
});

describe('a submission', () => {
  it('is made only on a full look: ECS, its JobManager and its jobs are known (I6)', () => {
    lawOfRuns(({ post }, _, { ecs, flink }) => {
      const view = flink[post.to.taskArn];
      expect(ecs.known).toBe(true);
      expect(view?.known && view.value.jobs.known).toBe(true);
      expect(view?.known && view.value.incarnation).toEqual(post.to);
    });
  });

  it('that is no repeat is made only when every started JobManager shows its jobs, and jar and slots are known (I6)', () => {
    lawOfRuns(({ attempt, job: name }, after, { ecs, flink, jars }) => {
      if (after.attempts.some((each) => each.jobId === attempt.jobId && isUnsettled(each, t0))) return;
      const started = ecs.known
        ? ecs.value.tasks.filter(({ lastStatus }) => !['PENDING', 'STOPPED'].includes(lastStatus))
        : [];
      for (const { taskArn } of started) {
        const view = flink[taskArn];
        expect(view?.known && view.value.jobs.known).toBe(true);
      }
      const jar = jars[attempt.spec.jar];
      expect(name).toBe('orders');
      expect(jar?.known && jar.value.present).toBe(true);
    });
  });

  it('is never made while a copy lives, or while another attempt may still come to life (I1)', () => {
    lawOfRuns(({ attempt, post }, after, seen) => {
      expect(
        liveCopies(
          after.attempts.map(({ jobId }) => jobId),
          seen,
        ),
      ).toEqual([]);
      for (const other of after.attempts.filter(({ jobId }) => jobId !== attempt.jobId))
        expect(isSurelyOver(other, post.to.process)).toBe(true);
    });
  });

  it('under an id that was used goes to the process that has all its unsettled POSTs (I1, F121)', () => {
    lawOfRuns(({ attempt, post }) => {
      const unsettled = attempt.posts.filter((each) => each.id !== post.id && isOpen(each, t0));
      expect(unsettled.filter(({ to }) => to.process !== post.to.process)).toEqual([]);
    });
  });

  it('never uses the id of an attempt that was seen or has ended (F42, F104)', () => {
    lawOfRuns(({ attempt }, { attempts }) => {
      const used = attempts.find(({ jobId }) => jobId === attempt.jobId);
      expect(used?.end).toBeUndefined();
      expect(used?.sightedOn).toBeUndefined();
      if (used === undefined) expect(attempts.filter(({ n }) => n >= attempt.n)).toEqual([]);
    });
  });

  it('is in the memory that is committed before it (I3)', () => {
    lawOfRuns((run, after) => {
      const intended = withIntent(after, run).attempts.find(({ jobId }) => jobId === run.attempt.jobId);
      expect(intended?.posts.at(-1)).toEqual(run.post);
      expect(run.post).toMatchObject({ answer: 'none', processEnded: false });
    });
  });
});

/** It ended, or no POST of it can make it appear on any other process than this one, where it is not. */
const isSurelyOver = ({ end, sightedOn, posts }: Attempt, process: string): boolean =>
  end !== undefined ||
  (sightedOn === undefined &&
    posts.every(
      (post) => !isOpen(post, t0) && (['refused', 'not-sent'].includes(post.answer) || post.to.process === process),
    ));
