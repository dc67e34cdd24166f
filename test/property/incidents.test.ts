import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planChanges } from '../../lib/core/changes.ts';
import type { Decision } from '../../lib/core/decision.ts';
import { defaults } from '../../lib/core/defaults.ts';
import { foldIncidents, keyOf } from '../../lib/core/incidents.ts';
import { emptyJobMemory, type Incident } from '../../lib/core/model.ts';
import { problem } from '../../lib/core/problems.ts';
import { markFailed, markTold, untold } from '../../lib/core/telling/marks.ts';
import { anAttempt, aPost, t0 } from '../support/builders.ts';
import { runs } from './arbitraries/chances.ts';

const problems = [
  problem('JOB_FAILED', 'attempt 1 is FAILED', 'orders'),
  problem('SLOTS_MISSING', '1 of 2 slots', 'orders'),
  problem('JAR_MISSING', 'there is no jar', 'payments'),
  problem('ECS_UNSEEN', 'throttled'),
];

/** One look: what is wrong, whether a job is out of sight, how much later it is, and whether messages get through. */
const step = fc.record({
  wrong: fc.subarray(problems),
  isTeamTold: fc.boolean(),
  isBlind: fc.boolean(),
  laterMs: fc.constantFrom(0, 1_000, 60_000, 120_000, 3_600_000),
  isTold: fc.boolean(),
});
const steps = fc.array(step, { maxLength: 30 });
type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** The alerts of a whole story, in order, each marked as told before the next look. */
const story = (all: readonly Step[]) => {
  const alerts: { readonly key: string; readonly what: 'open' | 'closed'; readonly channel?: string }[] = [];
  /** The webhook `team` has an outbox of its own, and gets its messages through at other times. */
  const tellTeam = (incident: Incident, isTold: boolean) => {
    const what = untold(incident, 'team');
    if (what === undefined) return incident;
    if (!isTold) return markFailed(incident, { atMs: nowMs, what: 'HTTP 500', isFinal: false }, 'team');
    alerts.push({ key: incident.key, what, channel: 'team' });
    return markTold(incident, what, nowMs, 'team');
  };
  let incidents: readonly Incident[] = [];
  let nowMs = t0;
  for (const { wrong, isBlind, laterMs, isTold, isTeamTold } of all) {
    nowMs += laterMs;
    const folded = foldIncidents(incidents, wrong, ({ job }) => isBlind && job === 'orders', nowMs);
    incidents = folded
      .map((incident) => tellTeam(incident, isTeamTold))
      .map((incident) => {
        const what = untold(incident);
        if (what === undefined || !isTold) return incident;
        alerts.push({ key: incident.key, what });
        return markTold(incident, what, nowMs);
      });
  }
  return { alerts, incidents, nowMs };
};

describe('an incident', () => {
  it('opens and closes in strict turn on each channel, whatever happens and whatever gets through (I4)', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { alerts } = story(all);
        for (const key of problems.map(keyOf))
          for (const channel of [undefined, 'team']) {
            const heard = alerts.filter((alert) => alert.key === key && alert.channel === channel);
            const told = heard.map(({ what }) => what);
            expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? 'open' : 'closed')));
          }
      }),
      runs,
    );
  });

  it('is one for each cause, however often it is reported (F77)', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...problems)), steps, (reported, all) => {
        const { incidents, nowMs } = story(all);
        const keys = foldIncidents(incidents, reported, () => false, nowMs).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      runs,
    );
  });

  it('does not depend on the order in which causes are reported', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const reversed = all.map((each) => ({ ...each, wrong: each.wrong.toReversed() }));
        const byKey = ({ incidents }: { readonly incidents: readonly Incident[] }) =>
          Object.fromEntries(incidents.map((incident) => [incident.key, incident]));
        expect(byKey(story(reversed))).toEqual(byKey(story(all)));
      }),
      runs,
    );
  });

  it('comes to rest: when nothing is wrong any more and messages get through, all are closed and told (I10)', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const calm: Step = { wrong: [], isBlind: false, laterMs: 1_000, isTold: true, isTeamTold: true };
        const { incidents } = story([...all, calm]);
        expect(incidents.every(({ state }) => state === 'closed')).toBe(true);
        for (const channel of [undefined, 'team'])
          expect(incidents.flatMap((each) => untold(each, channel) ?? [])).toEqual([]);
      }),
      runs,
    );
  });
});

describe('the writes of a pass', () => {
  const jobs = fc.array(fc.constantFrom('steady', 'seen', 'act'), { maxLength: 130 });
  it('fit in one transaction, and hold the intent of each effect that is carried out (I3)', () => {
    fc.assert(
      fc.property(jobs, fc.nat(130), fc.boolean(), (kinds, incidentCount, mayAct) => {
        const post = aPost();
        const decisions = kinds.map((kind, index): Decision => {
          const job = `job-${index}`;
          const attempt = anAttempt(1, { posts: [post] });
          const base = { job, saw: '', verdict: 'wait', because: '' } as const;
          return kind === 'act' ? { ...base, verdict: 'act', effect: { kind: 'run', job, attempt, post } } : base;
        });
        const seen = { schema: 1 as const, attempts: [anAttempt()] };
        const memories = Object.fromEntries(
          kinds.map((kind, index) => [`job-${index}`, kind === 'seen' ? seen : emptyJobMemory]),
        );
        const many = Array.from({ length: incidentCount }, (_, index) => problem('JOB_FAILED', 'x', `job-${index}`));
        const incidents = foldIncidents([], many, () => false, t0);
        const plan = planChanges(
          { jobs: {}, incidents: [], orders: [] },
          { memories, remembered: memories, decisions, outcomes: [], incidents, consumed: [], mayAct, nowMs: t0 },
        );
        const items = 1 + Object.keys(plan.jobs).length + plan.incidents.length + plan.log.length;
        expect(items).toBeLessThanOrEqual(defaults.transactionItemsMax);
        for (const { job } of plan.effects) expect(plan.jobs[job]?.attempts[0]?.posts).toEqual([post]);
        if (!mayAct) expect(plan.effects).toEqual([]);
        const due = kinds.flatMap((kind, index) =>
          kind === 'seen' || (kind === 'act' && mayAct) ? [`job-${index}`] : [],
        );
        expect([...Object.keys(plan.jobs), ...plan.deferred].toSorted()).toEqual(due.toSorted());
      }),
      runs,
    );
  });
});
