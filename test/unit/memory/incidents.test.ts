import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { foldIncidents, keyOf } from '../../../lib/core/incidents.ts';
import type { Incident, Problem } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { markTold, untold } from '../../../lib/core/telling/marks.ts';
import { t0 } from '../../support/builders.ts';

const hour = 3_600_000;
const seesAll = () => false;
const blind = () => true;
const fold = (incidents: readonly Incident[], problems: readonly Problem[], nowMs: number, isBlindTo = seesAll) =>
  foldIncidents(incidents, problems, isBlindTo, nowMs);
/** Tells everything that is untold, as a pass that reaches its end does. */
const tellAll = (incidents: readonly Incident[], nowMs: number) =>
  incidents.map((incident) => {
    const what = untold(incident);
    return what === undefined ? incident : markTold(incident, what, nowMs);
  });

const failed = problem('JOB_FAILED', 'attempt 1 is FAILED', 'orders');
const slots = problem('SLOTS_MISSING', '1 of 2 slots', 'orders');
const unseen = problem('ECS_UNSEEN', 'throttled');

describe('an incident', () => {
  it('has one key for one cause of one job (F77)', () => {
    expect(keyOf(failed)).toBe('JOB_FAILED#orders');
    expect(keyOf(problem('JOB_FAILED', 'x', 'orders-1'))).not.toBe(keyOf(failed));
    expect(keyOf(unseen)).toBe('ECS_UNSEEN');
    expect(keyOf({ ...failed, about: 'cause' })).toBe('JOB_FAILED#orders#cause');
    const twice = fold([], [failed, { ...failed, what: 'seen from another side' }], t0);
    expect(twice.map(({ key, what }) => [key, what])).toEqual([['JOB_FAILED#orders', 'seen from another side']]);
  });

  const most = defaults.incidentTextMax;
  it.each([
    [most, most],
    [most, most + 1],
    [most + 1, most],
    [most + 1, most + 1],
  ])('keeps texts of %i and of %i characters small', (ofWhat, ofFix) => {
    const [incident] = fold([], [{ ...failed, what: 'x'.repeat(ofWhat), fix: 'y'.repeat(ofFix) }], t0);
    for (const [text, length] of [
      [incident?.what, ofWhat],
      [incident?.fix, ofFix],
    ] as const) {
      expect(text).toHaveLength(most);
      expect(text?.endsWith('…')).toBe(length > most);
    }
    expect(fold(incident === undefined ? [] : [incident], [failed], t0)[0]?.what).toBe(failed.what);
  });

  it('without patience opens at once', () => {
    expect(fold([], [failed], t0)).toEqual([
      { ...failed, key: 'JOB_FAILED#orders', state: 'open', firstSeenMs: t0, lastSeenMs: t0 },
    ]);
  });

  it.each([
    [slots.graceMs - 1, 'pending'],
    [slots.graceMs, 'open'],
    [slots.graceMs + 1, 'open'],
  ])('with patience is after %i ms: %s, and counts from its first sight (F07)', (afterMs, state) => {
    const first = fold([], [slots], t0);
    expect(first).toMatchObject([{ state: 'pending' }]);
    expect(first.map((each) => untold(each))).toEqual([undefined]);
    const later = fold(first, [{ ...slots, what: '0 of 2 slots' }], t0 + afterMs);
    expect(later).toMatchObject([{ state, what: '0 of 2 slots', firstSeenMs: t0, lastSeenMs: t0 + afterMs }]);
  });

  it('that is over before its patience ended is never told (F105)', () => {
    const over = fold(fold([], [slots], t0), [], t0 + 1);
    expect(over).toMatchObject([{ state: 'closed', closedMs: t0 + 1 }]);
    expect(over.map((each) => untold(each))).toEqual([undefined]);
  });

  it('is told once when it opens and once when it is over, however long it lasts (I4, F76)', () => {
    let incidents: readonly Incident[] = [];
    const told: (string | undefined)[] = [];
    for (let minute = 0; minute <= 180; minute += 1) {
      const nowMs = t0 + minute * 60_000;
      incidents = fold(incidents, minute < 180 ? [failed] : [], nowMs);
      told.push(...incidents.map((each) => untold(each)));
      incidents = tellAll(incidents, nowMs);
    }
    expect(told.filter((each) => each !== undefined)).toEqual(['open', 'closed']);
    expect(incidents).toMatchObject([{ state: 'closed', firstSeenMs: t0, openToldMs: t0, closeToldMs: t0 + 3 * hour }]);
  });

  it('that is over stays as it is: neither its end nor the reason of it moves', () => {
    const whyOver = () => 'asleep';
    const over = foldIncidents(fold([], [failed], t0), [], seesAll, t0 + 1, whyOver);
    expect(over).toEqual([
      {
        ...failed,
        key: 'JOB_FAILED#orders',
        state: 'closed',
        firstSeenMs: t0,
        lastSeenMs: t0,
        closedMs: t0 + 1,
        closedBecause: 'asleep',
      },
    ]);
    expect(fold(over, [], t0 + hour)).toEqual(over);
    expect(fold(fold([], [failed], t0), [], t0 + 1)[0]).not.toHaveProperty('closedBecause');
  });

  it('that returns after an hour is a new one (F78)', () => {
    const over = tellAll(fold(tellAll(fold([], [failed], t0), t0), [], t0 + 1), t0 + 1);
    const again = fold(over, [failed], t0 + hour);
    expect(again).toEqual([
      { ...failed, key: 'JOB_FAILED#orders', state: 'open', firstSeenMs: t0 + hour, lastSeenMs: t0 + hour },
    ]);
    expect(again.map((each) => untold(each))).toEqual(['open']);
  });

  it('that returns before its end was told is open again, and that end is told before the opening (F74)', () => {
    const over = fold(tellAll(fold([], [failed], t0), t0), [], t0 + 1);
    const returned = fold(over, [failed], t0 + 2);
    expect(returned).toMatchObject([{ state: 'open', firstSeenMs: t0 + 2, openToldMs: t0 }]);
    expect(returned.map((each) => untold(each))).toEqual(['closed']);
    const toldOver = fold(tellAll(returned, t0 + 3), [failed], t0 + 4);
    expect(toldOver.map((each) => untold(each))).toEqual(['open']);
    expect(tellAll(toldOver, t0 + 5)).toMatchObject([{ state: 'open', firstSeenMs: t0 + 2, openToldMs: t0 + 5 }]);
  });

  it('that comes and goes while its end cannot be told is told over once, as long as it is over', () => {
    let incidents: readonly Incident[] = tellAll(fold([], [failed], t0), t0);
    for (const [index, wrong] of [[], [failed], [], [slots, failed], []].entries())
      incidents = fold(incidents, wrong, t0 + 1 + index);
    const told = tellAll(incidents, t0 + 9);
    expect(told[0]).toMatchObject({ state: 'closed', closeToldMs: t0 + 9, opened: [t0] });
    expect(told[0]).not.toHaveProperty('ended');
    expect(fold(told, [failed], t0 + 10).map((each) => untold(each))[0]).toBe('open');
  });

  describe('of which looks come late', () => {
    const { patienceGapMs: gap } = defaults;
    const patient = { ...slots, graceMs: 3 * gap };
    const at = (...lookMs: readonly number[]) =>
      lookMs.reduce<readonly Incident[]>((before, ms) => fold(before, [patient], t0 + ms), [])[0];

    it.each<[string, readonly number[], 'pending' | 'open', number | undefined]>([
      ['as often as may be', [0, gap, 2 * gap, 3 * gap], 'open', undefined],
      ['once a little later', [0, gap, 2 * gap + 1, 3 * gap], 'pending', 1],
      ['twice much later', [0, 10 * gap, 20 * gap], 'pending', 18 * gap],
      ['never in time', [0, 10 * gap, 20 * gap, 30 * gap], 'open', 27 * gap],
    ])('waits for as many of them: %s', (_, looks, state, unlookedMs) => {
      expect(at(...looks)).toMatchObject({ state, firstSeenMs: t0, lastSeenMs: t0 + (looks.at(-1) ?? 0) });
      expect(at(...looks)?.unlookedMs).toBe(unlookedMs);
    });

    it('is told at once where it needs no patience, and stays told', () => {
      const open = fold([], [failed], t0);
      expect(fold(open, [failed], t0 + hour)).toEqual([{ ...open[0], lastSeenMs: t0 + hour }]);
    });

    it('begins anew when it comes back', () => {
      const late = fold(fold([], [patient], t0), [patient], t0 + hour);
      const back = fold(fold(late, [], t0 + hour + 1), [patient], t0 + 2 * hour);
      expect(back).toMatchObject([{ state: 'pending', firstSeenMs: t0 + 2 * hour }]);
      expect(back[0]?.unlookedMs).toBeUndefined();
    });
  });

  it('that returns and waits for its patience is told over meanwhile, and not opened', () => {
    const open = tellAll(fold(fold([], [slots], t0), [slots], t0 + slots.graceMs), t0 + slots.graceMs);
    const returned = fold(fold(open, [], t0 + hour), [slots], t0 + hour + 1);
    expect(returned).toMatchObject([{ state: 'pending' }]);
    expect(returned.map((each) => untold(each))).toEqual(['closed']);
    const told = tellAll(returned, t0 + hour + 2);
    expect(told).toMatchObject([{ state: 'pending' }]);
    expect(told.map((each) => untold(each))).toEqual([undefined]);
    expect(fold(told, [], t0 + hour + 3).map((each) => untold(each))).toEqual([undefined]);
  });

  it('that could not be told and is over is not told at all', () => {
    const over = fold(fold([], [failed], t0), [], t0 + 1);
    expect(over.map((each) => untold(each))).toEqual([undefined]);
    expect(fold(over, [failed], t0 + 2)).toMatchObject([{ state: 'open', firstSeenMs: t0 + 2 }]);
  });

  it('stays as it is while nobody can see whether it is over (F80, I6)', () => {
    const open = tellAll(fold([], [failed, slots], t0), t0);
    expect(fold(open, [unseen], t0 + hour, blind)).toEqual([
      ...open,
      { ...unseen, key: 'ECS_UNSEEN', state: 'pending', firstSeenMs: t0 + hour, lastSeenMs: t0 + hour },
    ]);
  });

  it('does not take time to be seen as a sign of patience ended: a clock that goes back opens nothing (F92)', () => {
    expect(fold(fold([], [slots], t0), [slots], t0 - hour)).toMatchObject([{ state: 'pending' }]);
  });
});
