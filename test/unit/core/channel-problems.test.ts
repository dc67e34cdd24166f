import { describe, expect, it } from 'vitest';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import type { Incident } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { channelProblems } from '../../../lib/core/telling/channel-problems.ts';
import { tellingLimits } from '../../../lib/core/telling/limits.ts';
import { markFailed, markTold } from '../../../lib/core/telling/marks.ts';
import { t0 } from '../../support/builders.ts';

const threw = (root: string) => problem('MAIN_THREW', `main() threw: ${root}`, 'orders', root);
const refused = problem('JAR_MISSING', 'there is no jar', 'payments');
const fold = (incidents: readonly Incident[], wrong: readonly ReturnType<typeof threw>[], nowMs: number) =>
  foldIncidents(incidents, wrong, () => false, nowMs);

const fails = (incident: Incident, atMs: number, isFinal = false): Incident =>
  markFailed(incident, { atMs, what: 'HTTP 500', isFinal }, 'team');
const takes = (incident: Incident, what: Parameters<typeof markTold>[1], atMs: number): Incident =>
  markTold(incident, what, atMs, 'team');
const failing = (incidents: readonly Incident[], nowMs: number, remindEveryMs?: number) =>
  channelProblems(incidents, ['team'], nowMs, { remindEveryMs }).map(({ code }) => code);
const FAILING = ['WEBHOOK_FAILING'];

/** An update is due, and it fails. */
const later = t0 + tellingLimits.updateEveryMs;
const changed = (incidents: readonly Incident[]) => fold(incidents, [threw('timed out')], later);

describe('a webhook is failing', () => {
  it('when its last try of what it has not heard yet failed, also where it is left alone for a while', () => {
    const open = fold([], [threw('refused')], t0);
    expect(failing(open, t0)).toEqual([]);
    expect(
      failing(
        open.map((each) => fails(each, t0)),
        t0 + 1,
      ),
    ).toEqual(FAILING);
    expect(
      failing(
        open.map((each) => fails(each, t0, true)),
        t0 + 1,
      ),
    ).toEqual(FAILING);
  });

  it('not for what it is not to hear any more', () => {
    const over = fold(
      fold([], [threw('refused')], t0).map((each) => fails(each, t0)),
      [],
      t0 + 1,
    );
    expect(failing(over, t0 + 2)).toEqual([]);
    const told = fold(
      fold([], [threw('refused')], t0).map((each) => takes(each, 'open', t0)),
      [],
      t0 + 1,
    );
    expect(
      failing(
        told.map((each) => fails(each, t0 + 1)),
        t0 + 2,
      ),
    ).toEqual(FAILING);
  });

  it('for a change that it did not take, until that is none', () => {
    const open = fold([], [threw('refused')], t0).map((each) => takes(each, 'open', t0));
    const missed = changed(open).map((each) => fails(each, later));
    expect(failing(missed, later + 1)).toEqual(FAILING);
    expect(failing(fold(missed, [threw('refused')], later + 1), later + 1)).toEqual([]);
  });

  it('for a reminder that it did not take, where they are wanted', () => {
    const open = fold([], [threw('refused')], t0).map((each) => takes(each, 'open', t0));
    const missed = open.map((each) => fails(each, later));
    expect(failing(missed, later, tellingLimits.updateEveryMs)).toEqual(FAILING);
    expect(failing(missed, later)).toEqual([]);
  });

  it.each(['open', 'update', 'reminder', 'closed'] as const)('not when it took a message since: %s', (what) => {
    const missed = fold([], [refused], t0).map((each) => fails(each, later));
    const at = (atMs: number) =>
      failing([...missed, ...fold([], [threw('refused')], t0).map((each) => takes(each, what, atMs))], later + 2);
    expect(at(later - 1)).toEqual(FAILING);
    expect(at(later + 1)).toEqual([]);
  });

  it('not when it took another message in the same look', () => {
    const missed = fold([], [refused], t0).map((each) => fails(each, later));
    const heard = fold([], [threw('refused')], t0).map((each) => takes(each, 'open', later));
    expect(failing([...missed, ...heard], later + 1)).toEqual([]);
  });

  it('and is told with the answer to its newest try, whichever message that was', () => {
    const failed = (job: string, atMs: number, what: string) =>
      fold([], [problem('JAR_MISSING', 'x', job)], t0).map((each) =>
        markFailed(each, { atMs, what, isFinal: false }, 'team'),
      );
    const untried = fold([], [threw('refused')], t0);
    const [early, late] = [failed('a', t0 + 1, 'HTTP 500'), failed('b', t0 + 2, 'HTTP 410')];
    const what = 'messages do not arrive at team (HTTP 410)';
    for (const all of [
      [...early, ...untried, ...late],
      [...late, ...untried, ...early],
    ])
      expect(channelProblems(all, ['team'], t0 + 3)).toMatchObject([{ what }]);
  });

  it('beside others: they are told as one, which changes when others fail', () => {
    const failsAt = (name: string) => (incident: Incident) =>
      markFailed(incident, { atMs: t0, what: 'HTTP 500', isFinal: false }, name);
    const open = fold([], [threw('refused')], t0).map(failsAt('team'));
    const of = (incidents: readonly Incident[]) => channelProblems(incidents, ['team', 'other'], t0 + 1)[0];
    const both = of(open.map(failsAt('other')));
    expect(both?.what).toBe('messages do not arrive at team (HTTP 500), other (HTTP 500)');
    const other = fold([], [threw('refused')], t0).map(failsAt('other'));
    const gists = [both, of(open), of(other)].map((each) => each?.gist);
    expect(new Set(gists).size).toBe(3);
  });
});
