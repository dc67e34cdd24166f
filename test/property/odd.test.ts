import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozen } from '../../lib/adapters/frozen.ts';
import { defaults } from '../../lib/core/defaults.ts';
import type { ClusterMemory, JobMemory, JobSpec } from '../../lib/core/model.ts';
import { aCluster, aJob, lineageOf, t0 } from '../support/builders.ts';
import { type PassInput, wholePass } from '../support/whole-pass.ts';
import { runs } from './arbitraries/chances.ts';
import { job, memory } from './arbitraries/memories.ts';
import { observation } from './arbitraries/observations.ts';
import { oddJobs, oddMemory, oddOutcomes } from './arbitraries/odd-memories.ts';
import { oddObservation } from './arbitraries/odd-observations.ts';
import { ms } from './arbitraries/odd-values.ts';

const cluster = (specs: readonly JobSpec[]) =>
  aCluster(specs.map((spec) => ({ ...aJob(), ...spec, lineage: lineageOf(spec.name) })));

const ofOrders = (orders: JobMemory): ClusterMemory => ({ jobs: { orders }, incidents: [], orders: [] });

/** Any memory, any look, any orders, any time: also such as nobody ever saw, beside some that are as usual. */
const anything: fc.Arbitrary<PassInput> = fc.record({
  cluster: fc.oneof(fc.tuple(job), oddJobs).map(cluster),
  memory: fc.oneof(memory.map(ofOrders), oddMemory),
  observation: fc.oneof(observation, oddObservation),
  outcomes: oddOutcomes,
  nowMs: fc.oneof(fc.constant(t0), ms),
});

describe('a pass over anything that the types allow', () => {
  it('comes to one decision for each job, and breaks nowhere', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const { decisions, problems } = wholePass(input);
        expect(decisions.map(({ job }) => job)).toEqual(input.cluster.jobs.map(({ name }) => name));
        expect(problems.filter(({ code }) => code === 'AUTOPILOT_BUG')).toEqual([]);
      }),
      runs,
    );
  });

  it('gives the same for the same, and leaves what it was given as it was (I11)', () => {
    fc.assert(
      fc.property(anything, (input) => {
        expect(wholePass(frozen(input))).toEqual(wholePass(input));
      }),
      runs,
    );
  });

  it('has at most one effect for each job, each in the memory that is written (I3)', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const { plan } = wholePass(input);
        const jobs = plan.effects.map(({ job }) => job);
        expect(new Set(jobs).size).toBe(jobs.length);
        for (const effect of plan.effects) {
          const written = plan.jobs[effect.job]?.attempts ?? [];
          if (effect.kind === 'delete-jar')
            expect(written.flatMap(({ posts }) => posts).map(({ jarId }) => jarId)).not.toContain(effect.jarId);
          else expect(written).toContain(effect.attempt);
        }
      }),
      runs,
    );
  });

  it('keeps its writes and the memory of each job within their bounds (I9)', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const { plan, memories } = wholePass(input);
        const items = 1 + Object.keys(plan.jobs).length + plan.incidents.length + plan.log.length;
        expect(items + plan.consumed.length).toBeLessThanOrEqual(defaults.transactionItemsMax);
        for (const { attempts } of Object.values(memories)) {
          const open = attempts.filter(({ end }) => end === undefined);
          expect(attempts.length).toBeLessThanOrEqual(Math.max(defaults.attemptsMax, open.length) + 1);
        }
      }),
      runs,
    );
  });
});
