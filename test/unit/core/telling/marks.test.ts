import { describe, expect, it } from 'vitest';
import type { Incident, Marks } from '../../../../lib/core/model.ts';
import { problem } from '../../../../lib/core/problems.ts';
import { tellingLimits } from '../../../../lib/core/telling/limits.ts';
import { dueNow, endOf, markTold, untold } from '../../../../lib/core/telling/marks.ts';
import { isOwed, owed } from '../../../../lib/core/telling/owed.ts';
import { t0 } from '../../../support/builders.ts';

const hour = 3_600_000;
const anIncident = (changes: Partial<Incident> = {}): Incident => ({
  ...problem('JAR_MISSING', 'there is no jar', 'orders'),
  key: 'JAR_MISSING#orders',
  state: 'open',
  firstSeenMs: t0,
  lastSeenMs: t0,
  ...changes,
});
const ended = { firstSeenMs: t0 - hour, closedMs: t0 - 1 };
const failure = { atMs: t0, what: 'HTTP 500', isFinal: false };

describe('what is kept of a message', () => {
  const marksAfter = (marks: Marks, ...message: [Parameters<typeof markTold>[1], number]) =>
    markTold(anIncident({ gist: 'abc', channels: { team: marks } }), ...message, 'team').channels?.team;
  const opened: Marks = { openToldMs: t0, gistTold: 'xyz' };

  it.each<[Parameters<typeof markTold>[1], Marks, Marks]>([
    ['open', {}, { openToldMs: t0 + 1, gistTold: 'abc' }],
    ['open', { toldMs: t0, updates: 2, failure }, { openToldMs: t0 + 1, gistTold: 'abc' }],
    ['update', opened, { openToldMs: t0, gistTold: 'abc', toldMs: t0 + 1, updates: 1 }],
    ['update', { ...opened, updates: 1 }, { openToldMs: t0, gistTold: 'abc', toldMs: t0 + 1, updates: 2 }],
    ['reminder', opened, { openToldMs: t0, gistTold: 'abc', toldMs: t0 + 1, reminders: 1 }],
    ['reminder', { ...opened, reminders: 1 }, { openToldMs: t0, gistTold: 'abc', toldMs: t0 + 1, reminders: 2 }],
    ['closed', { ...opened, ended }, { toldMs: t0 + 1 }],
  ])('%s, after %o, is when it was, what was said and how often', (what, before, after) => {
    expect(marksAfter(before, what, t0 + 1)).toEqual(after);
  });

  it('closed, of what is over, is that it is told, beside what was told before', () => {
    const over = anIncident({ state: 'closed', closedMs: t0 + 1, openToldMs: t0, gistTold: 'abc' });
    expect(markTold(over, 'closed', t0 + 2)).toEqual({ ...over, closeToldMs: t0 + 2 });
  });

  it('of what has no root cause is that it said none, so that one which comes up is news', () => {
    const told = markTold(anIncident(), 'open', t0);
    expect(told).toMatchObject({ openToldMs: t0, gistTold: '' });
    expect(dueNow({ ...told, gist: 'abc' }, t0 + tellingLimits.updateEveryMs)).toBe('update');
  });
});

describe('what a channel has refused', () => {
  it.each<[boolean, number, ReturnType<typeof dueNow>]>([
    [false, 1, 'open'],
    [true, tellingLimits.refusedAgainMs - 1, undefined],
    [true, tellingLimits.refusedAgainMs, 'open'],
  ])('for good: %s, is due again after %i ms: %s', (isFinal, afterMs, due) => {
    const refused = anIncident({ channels: { team: { failure: { ...failure, isFinal } } } });
    expect(dueNow(refused, t0 + afterMs, { channel: 'team' })).toBe(due);
    expect(dueNow(refused, t0 + afterMs)).toBe('open');
  });
});

describe('what is over, or waits for its patience', () => {
  it('is never told again, nor its changes', () => {
    const told = { openToldMs: t0, gistTold: 'xyz', gist: 'abc' };
    const over = anIncident({ state: 'closed', closedMs: t0 + 1, closeToldMs: t0 + 2, ...told });
    expect(dueNow(over, t0 + hour, { remindEveryMs: 1 })).toBeUndefined();
    expect(dueNow(anIncident({ state: 'pending', ...told }), t0 + hour, { remindEveryMs: 1 })).toBeUndefined();
  });

  it('is not opened on a channel that heard nothing of it', () => {
    for (const state of ['pending', 'closed'] as const)
      expect(dueNow(anIncident({ state }), t0 + hour, { remindEveryMs: 1 })).toBeUndefined();
    expect(dueNow(anIncident(), t0, { remindEveryMs: 1 })).toBe('open');
  });
});

describe('an end that a channel has not heard of', () => {
  it('is told with the times of the one that it heard the opening of, and ends when the last of them did', () => {
    const marks = { openToldMs: t0 - hour, ended };
    expect(endOf(anIncident(marks), undefined)).toEqual({ ...anIncident(marks), state: 'closed', ...ended });
    const over = anIncident({ ...marks, state: 'closed', closedMs: t0 + 5 });
    expect(untold(over)).toBe('closed');
    expect(endOf(over, undefined)).toEqual({ ...over, firstSeenMs: ended.firstSeenMs, closedMs: t0 + 5 });
    expect(endOf(anIncident(), undefined)).toEqual(anIncident());
  });

  it('is owed to whoever heard the opening, also where others have heard both, or neither', () => {
    const both = { openToldMs: t0, closeToldMs: t0 + 1 };
    expect(isOwed(anIncident())).toBe(false);
    expect(isOwed(anIncident(both))).toBe(false);
    expect(isOwed(anIncident({ ...both, channels: { team: { openToldMs: t0 }, other: {} } }))).toBe(true);
    expect(isOwed(anIncident({ channels: { team: both } }))).toBe(false);
  });

  it('is left to the next one, with the failure of who could not be told', () => {
    const over = anIncident({
      state: 'closed',
      closedMs: t0 + 9,
      openToldMs: t0,
      channels: {
        failing: { openToldMs: t0, failure },
        late: { openToldMs: t0 - hour, ended },
        told: { openToldMs: t0, closeToldMs: t0 + 9 },
        silent: { failure },
      },
    });
    expect(owed(over)).toStrictEqual({
      openToldMs: t0,
      ended: { firstSeenMs: t0, closedMs: t0 + 9 },
      channels: {
        failing: { openToldMs: t0, ended: { firstSeenMs: t0, closedMs: t0 + 9 }, failure },
        late: { openToldMs: t0 - hour, ended: { firstSeenMs: ended.firstSeenMs, closedMs: t0 + 9 } },
      },
    });
    expect(owed(anIncident({ state: 'closed', channels: { silent: {} } }))).toEqual({});
  });
});
