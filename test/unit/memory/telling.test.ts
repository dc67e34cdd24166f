import { describe, expect, it } from 'vitest';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import type { Incident } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { tellingLimits } from '../../../lib/core/telling/limits.ts';
import { dueNow, markTold } from '../../../lib/core/telling/marks.ts';
import { t0 } from '../../support/builders.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const threw = (root: string, job = 'orders') => problem('MAIN_THREW', `main() threw: ${root}`, job, root);
const fold = (incidents: readonly Incident[], wrong: readonly ReturnType<typeof threw>[], nowMs: number) =>
  foldIncidents(incidents, wrong, () => false, nowMs);

/** What is told of it over time: a look each minute, every message gets through. `wrong` says what is wrong in that minute. */
const told = (minutes: number, wrong: (at: number) => string | undefined, remindEveryMs?: number) => {
  const heard: string[] = [];
  let incidents: readonly Incident[] = [];
  for (let at = 0; at <= minutes; at += 1) {
    const [root, nowMs] = [wrong(at), t0 + at * minute];
    incidents = fold(incidents, root === undefined ? [] : [threw(root)], nowMs).map((incident) => {
      const state = dueNow(incident, nowMs, { remindEveryMs });
      if (state === undefined) return incident;
      heard.push(`${at} ${state}`);
      return markTold(incident, state, nowMs);
    });
  }
  return heard;
};

describe('what changes of an open incident', () => {
  const every = tellingLimits.updateEveryMs / minute;

  it('is told when it is another root cause, and not when numbers and ids of it differ', () => {
    expect(told(60, (at) => `refused by 10.0.0.${at}, try ${at}, id 6f7264657273${at}0000`)).toEqual(['0 open']);
    expect(told(60, (at) => (at < 30 ? 'refused' : 'timed out'))).toEqual(['0 open', '30 update']);
  });

  it.each([
    [every - 1, every],
    [every, every],
    [every + 1, every + 1],
  ])('%i minutes after the opening is told after %i', (at, toldAt) => {
    expect(told(60, (now) => (now < at ? 'refused' : 'timed out'))).toEqual(['0 open', `${toldAt} update`]);
  });

  it('and changes back before it was told is not told', () => {
    expect(told(60, (at) => (at === 5 ? 'timed out' : 'refused'))).toEqual(['0 open']);
  });

  it('is told so often and no oftener, however it changes', () => {
    const heard = told(300, (at) => (Math.floor(at / every) % 2 === 0 ? 'refused' : 'timed out'));
    expect(heard).toHaveLength(1 + tellingLimits.updatesMax);
  });

  it('is not told of what an earlier version told, which did not keep what it had said', () => {
    const [opened] = fold([], [threw('refused')], t0);
    const { gist: _, ...kept } = { ...opened, openToldMs: t0 } as Incident;
    const [seen] = fold([kept], [threw('timed out')], t0 + day);
    expect(seen && dueNow(seen, t0 + day)).toBeUndefined();
  });
});

describe('a reminder', () => {
  it('comes only where it is wanted, as often as that, and not soon after an update (F76)', () => {
    expect(told(180, () => 'refused')).toEqual(['0 open']);
    expect(told(180, () => 'refused', 60 * minute)).toEqual(['0 open', '60 reminder', '120 reminder', '180 reminder']);
    const changed = told(130, (at) => (at < 50 ? 'refused' : 'timed out'), 60 * minute);
    expect(changed).toEqual(['0 open', '50 update', '110 reminder']);
  });
});

describe('what comes and goes', () => {
  /** Wrong in each even minute until `until`. */
  const flapping = (until: number) => (at: number) => (at < until && at % 2 === 0 ? 'refused' : undefined);
  const stable = tellingLimits.flapStableMs / minute;

  it('is told three times, and then once more when it has not come back for a while (F68)', () => {
    const turns = ['0 open', '1 closed', '2 open', '3 closed', '4 open'];
    expect(told(200, flapping(100))).toEqual([...turns, `${99 + stable} closed`]);
    expect(told(99 + stable - 1, flapping(100))).toEqual(turns);
  });

  it('less often than that is told each time', () => {
    const twice = (at: number) => ([0, 20].includes(at) ? 'refused' : undefined);
    expect(told(90, twice)).toEqual(['0 open', '1 closed', '20 open', '21 closed']);
    const seldom = (at: number) => (at % 40 === 0 ? 'refused' : undefined);
    expect(told(90, seldom)).toEqual(['0 open', '1 closed', '40 open', '41 closed', '80 open', '81 closed']);
  });

  it('and ends by a person’s wish is told over at once', () => {
    let incidents: readonly Incident[] = [];
    for (let at = 0; at < 5; at += 1) {
      incidents = fold(incidents, at % 2 === 0 ? [threw('refused')] : [], t0 + at);
      incidents = incidents.map((incident) => {
        const state = dueNow(incident, t0 + at);
        return state === undefined ? incident : markTold(incident, state, t0 + at);
      });
    }
    const end = (why?: string) =>
      foldIncidents(
        incidents,
        [],
        () => false,
        t0 + 5,
        () => why,
      );
    expect(end().map((each) => dueNow(each, t0 + 5))).toEqual([undefined]);
    expect(end('orders is no longer in the manifest').map((each) => dueNow(each, t0 + 5))).toEqual(['closed']);
  });

  it('is open again when it comes back before its end was told', () => {
    const { flapWithinMs, flapStableMs } = tellingLimits;
    const opened = [t0, t0 + 1];
    const over: Incident = {
      ...threw('refused'),
      key: 'MAIN_THREW#orders',
      state: 'closed',
      firstSeenMs: t0 + 2,
      lastSeenMs: t0 + 2,
      openToldMs: t0 + 2,
      closedMs: t0 + 3,
      opened,
    };
    const { closedMs: _, ...kept } = over;
    const soon = t0 + 3 + flapStableMs - 1;
    expect(fold([over], [threw('refused')], soon)).toEqual([{ ...kept, state: 'open', lastSeenMs: soon }]);
    const [later] = fold([over], [threw('refused')], t0 + flapWithinMs);
    expect(later).toMatchObject({ state: 'open', firstSeenMs: t0 + flapWithinMs, opened: [t0 + 1, t0 + 2] });
  });

  it('by a person’s wish, however often within the hour, is kept a bounded number of times', () => {
    let incidents: readonly Incident[] = [];
    for (let at = 0; at < 20; at += 2) {
      incidents = fold(incidents, [threw('refused')], t0 + at).map((each) => markTold(each, 'open', t0 + at));
      incidents = foldIncidents(
        incidents,
        [],
        () => false,
        t0 + at + 1,
        () => 'asleep',
      );
      incidents = incidents.map((each) => markTold(each, 'closed', t0 + at + 1));
    }
    const [again] = fold(incidents, [threw('refused')], t0 + 20);
    expect(again?.opened).toEqual([t0 + 14, t0 + 16, t0 + 18]);
  });

  it('waits for its patience each time it comes back, also when its last end is not told yet', () => {
    const slots = problem('SLOTS_MISSING', '0 of 2 slots', 'orders');
    const waits: Incident = {
      ...slots,
      key: 'SLOTS_MISSING#orders',
      state: 'pending',
      firstSeenMs: t0,
      lastSeenMs: t0,
      opened: [t0 - 2, t0 - 1],
      openToldMs: t0 - 1,
      ended: { firstSeenMs: t0 - 1, closedMs: t0 },
    };
    const at = (ms: number) => foldIncidents([waits], [slots], () => false, t0 + ms)[0]?.state;
    expect([at(slots.graceMs - 1), at(slots.graceMs)]).toEqual(['pending', 'open']);
  });
});
