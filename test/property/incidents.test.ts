import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planChanges } from '../../lib/core/changes.ts';
import type { Decision } from '../../lib/core/decision.ts';
import { defaults } from '../../lib/core/defaults.ts';
import { foldIncidents, keyOf } from '../../lib/core/incidents.ts';
import { emptyJobMemory, type Incident } from '../../lib/core/model.ts';
import { problem } from '../../lib/core/problems.ts';
import { tellingLimits } from '../../lib/core/telling/limits.ts';
import { untold } from '../../lib/core/telling/marks.ts';
import { anAttempt, aPost, t0 } from '../support/builders.ts';
import { runs } from './arbitraries/chances.ts';
import { calm, causes, channels, type Heard, restless, steps, story } from './arbitraries/incident-stories.ts';

/** What each channel heard of each key: of the topic first. */
const byChannel = (alerts: readonly Heard[]): readonly (readonly Heard[])[] =>
  channels.flatMap((channel) =>
    causes.map(([cause]) => alerts.filter((alert) => alert.channel === channel && alert.key === keyOf(cause))),
  );

describe('an incident', () => {
  it('opens and closes in strict turn on each channel, whatever happens and whatever gets through (I4)', () => {
    fc.assert(
      fc.property(steps, (all) => {
        for (const heard of byChannel(story(all).alerts)) {
          const turns = heard.flatMap(({ what }) => (what === 'open' || what === 'closed' ? [what] : []));
          expect(turns).toEqual(turns.map((_, index) => (index % 2 === 0 ? 'open' : 'closed')));
          // What changed is told of what is open.
          for (const [index, { what }] of heard.entries())
            if (what === 'update') expect(['open', 'update']).toContain(heard[index - 1]?.what);
        }
      }),
      runs,
    );
  });

  it('is updated only when what matters changed, not too often and not too soon', () => {
    fc.assert(
      fc.property(fc.oneof(steps, restless), (all) => {
        for (const heard of byChannel(story(all).alerts)) {
          let updates = 0;
          for (const [index, { what, atMs, gist }] of heard.entries()) {
            const before = heard[index - 1];
            if (what === 'open') updates = 0;
            if (what !== 'update') continue;
            updates += 1;
            expect(updates).toBeLessThanOrEqual(tellingLimits.updatesMax);
            expect(atMs - (before?.atMs ?? 0)).toBeGreaterThanOrEqual(tellingLimits.updateEveryMs);
            expect(gist).not.toBe(before?.gist);
          }
        }
      }),
      runs,
    );
  });

  it('that comes and goes is told so often in an hour and no oftener, whatever it does', () => {
    fc.assert(
      fc.property(fc.oneof(steps, restless), (all) => {
        for (const heard of byChannel(story(all).alerts).slice(0, causes.length)) {
          const openings = heard.filter(({ what }) => what === 'open').map(({ atMs }) => atMs);
          for (const from of openings) {
            const within = openings.filter((ms) => ms >= from && ms < from + tellingLimits.flapWithinMs);
            // One more after it was stable for a while.
            expect(within.length).toBeLessThanOrEqual(tellingLimits.flapsMax + 1);
          }
        }
      }),
      runs,
    );
  });

  it('is said again only where reminders are wanted, and then as seldom as that', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(undefined, 3_600_000, 86_400_000), (all, everyMs) => {
        for (const heard of byChannel(story(all, everyMs).alerts))
          for (const [index, { what, atMs }] of heard.entries()) {
            if (what !== 'reminder') continue;
            expect(everyMs).toBeDefined();
            expect(atMs - (heard[index - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(everyMs ?? 0);
          }
      }),
      runs,
    );
  });

  it('is one for each cause, however often it is reported (F77)', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...causes.flat())), steps, (reported, all) => {
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
        const { incidents } = story([...all, calm(1_000), calm(tellingLimits.flapStableMs)]);
        expect(incidents.every(({ state }) => state === 'closed')).toBe(true);
        for (const channel of channels) expect(incidents.flatMap((each) => untold(each, channel) ?? [])).toEqual([]);
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
