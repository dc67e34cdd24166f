import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaults } from '../../lib/core/defaults.ts';
import { foldIncidents } from '../../lib/core/incidents.ts';
import type { Job, JobMemory, Observation } from '../../lib/core/model.ts';
import { problem } from '../../lib/core/problems.ts';
import { aCluster, aJob, anAttempt, anOrder, aView, jm, observed, t0 } from '../support/builders.ts';
import { type PassInput, wholePass } from '../support/whole-pass.ts';
import { runs } from './arbitraries/chances.ts';
import { job, memory, orders, outcome } from './arbitraries/memories.ts';
import { foretells, observation } from './arbitraries/observations.ts';

const outcomes = fc.uniqueArray(outcome, { maxLength: 3, selector: ({ attempt }) => attempt });

/** A pass over a job with a past, and one that is new. */
const passes: fc.Arbitrary<PassInput> = fc
  .record({ on: job, before: memory, given: orders, observation, outcomes })
  .map(({ on, before, given, ...rest }) => ({
    ...rest,
    cluster: aCluster([on, aJob({ name: 'payments', flinkName: 'payments' })]),
    memory: { jobs: { orders: before }, incidents: [], orders: given },
    nowMs: t0,
  }));

describe('a second pass over an unchanged world (I12)', () => {
  it('writes nothing and does nothing, unless the first did something', () => {
    let idle = 0;
    fc.assert(
      fc.property(passes, (input) => {
        const { plan, after } = wholePass(input);
        // What a person orders changes what the next pass makes of the same world.
        if (plan.effects.length > 0 || input.memory.orders.length > 0) return;
        idle += 1;
        const again = wholePass({ ...input, memory: after }).plan;
        expect(again).toEqual({ jobs: {}, incidents: [], log: [], consumed: [], effects: [], deferred: [] });
      }),
      runs,
    );
    expect(idle).toBeGreaterThan(runs.numRuns / 10);
  });

  it('does nothing twice that the first did', () => {
    fc.assert(
      fc.property(passes, (input) => {
        const { plan, after } = wholePass(input);
        if (plan.effects.some((effect) => foretells(input.observation, effect))) return;
        const again = wholePass({ ...input, outcomes: [], memory: after }).plan.effects;
        for (const effect of plan.effects) expect(again).not.toContainEqual(effect);
        const done = plan.effects.filter(({ kind }) => kind !== 'delete-jar').map(({ job: name }) => name);
        expect(again.filter(({ kind, job: name }) => kind !== 'delete-jar' && done.includes(name))).toEqual([]);
      }),
      runs,
    );
  });
});

describe('a recorded pass (I11)', () => {
  it('gives the same again, from the table and from a log: as JSON', () => {
    fc.assert(
      fc.property(passes, (input) => {
        expect(wholePass(JSON.parse(JSON.stringify(input)))).toEqual(wholePass(input));
      }),
      runs,
    );
  });

  it('does the same whatever the order in which tasks, jobs, answers and outcomes came (F02)', () => {
    fc.assert(
      fc.property(passes, (input) => {
        const reversed = {
          ...input,
          observation: mirrored(input.observation),
          outcomes: input.outcomes?.toReversed() ?? [],
        };
        const did = ({ decisions, plan }: ReturnType<typeof wholePass>) => [
          plan.effects,
          decisions.map(({ verdict, problem: found }) => [verdict, found?.code]),
        ];
        expect(did(wholePass(reversed))).toEqual(did(wholePass(input)));
      }),
      runs,
    );
  });
});

/** The same look with every list and every record the other way round. */
const mirrored = ({ ecs, flink, jars }: Observation): Observation => ({
  ecs: ecs.known ? { ...ecs, value: { ...ecs.value, tasks: ecs.value.tasks.toReversed() } } : ecs,
  jars: backwards(jars),
  flink: backwards(
    Object.fromEntries(
      Object.entries(flink).map(([arn, view]) => {
        if (!view.known) return [arn, view];
        const { jobs, byId } = view.value;
        const listed = jobs.known ? { ...jobs, value: jobs.value.toReversed() } : jobs;
        return [arn, { ...view, value: { ...view.value, jobs: listed, byId: backwards(byId) } }];
      }),
    ),
  ),
});

const backwards = <T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(all).toReversed());

describe('what one pass writes (I9)', () => {
  const crowd = fc.record({
    past: fc.array(fc.constantFrom<JobMemory | undefined>(undefined, { schema: 1, attempts: [anAttempt()] }), {
      maxLength: 70,
      size: 'max',
    }),
    incidents: fc.nat(130),
    given: fc.array(
      fc.record({ kind: fc.constantFrom('pause', 'release', 'resume', 'adopt'), at: fc.option(fc.nat(140)) }),
      { maxLength: 40 },
    ),
    observation: fc.oneof(fc.constant(observed({ views: [aView(jm(), { free: 1_000 })] })), observation),
  });
  const nameOf = (index: number): string => `job-${index}`;

  it('fits in one transaction, whatever is there to be written; what does not fit comes next', () => {
    fc.assert(
      fc.property(crowd, ({ past, incidents, given, observation: seen }) => {
        const jobs = past.map((_, index): Job => aJob({ name: nameOf(index), slots: 0 }));
        const wrong = Array.from({ length: incidents }, (_, index) => problem('JOB_FAILED', 'x', nameOf(index)));
        const { decisions, plan, after } = wholePass({
          cluster: aCluster(jobs),
          memory: {
            jobs: Object.fromEntries(past.flatMap((each, index) => (each ? [[nameOf(index), each]] : []))),
            incidents: foldIncidents([], wrong, () => false, t0 - 1),
            orders: given.map(({ kind, at }, index) => {
              const { job: _, ...order } = anOrder(kind, { id: String(index).padStart(4, '0') });
              return at === null ? order : { ...order, job: nameOf(at) };
            }),
          },
          observation: seen,
          nowMs: t0,
        });
        const items =
          1 + Object.keys(plan.jobs).length + plan.incidents.length + plan.log.length + plan.consumed.length;
        expect(items + (plan.pause === undefined ? 0 : 1)).toBeLessThanOrEqual(defaults.transactionItemsMax);
        for (const effect of plan.effects) expect(after.jobs).toHaveProperty(effect.job);
        const acting = decisions.filter(({ verdict }) => verdict === 'act').map(({ job: name }) => name);
        const planned = plan.effects.map(({ job: name }) => name);
        expect([...planned, ...plan.deferred]).toEqual(expect.arrayContaining(acting));
      }),
      runs,
    );
  });
});
