import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import type { Incident, Problem } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { markTold, untold } from '../../../lib/core/telling/marks.ts';
import { t0 } from '../../support/builders.ts';

const crashes = problem('JOBMANAGER_CRASHES', '3 tasks ended');
const once = { ...crashes, graceMs: defaults.readyWithinMs };
const notReady = problem('CLUSTER_NOT_READY', 'task: none');
const lost = problem('JOB_LOST_REPEATEDLY', '3 attempts were lost', 'orders');
const noJar = problem('JAR_MISSING', 'there is no jar', 'orders');
const noLeader = problem('LEADER_UNKNOWN', 'nobody leads');
const second = 1_000;

/** Looks one after the other, each told; gives the alerts in their order. */
const story = (...looks: readonly (readonly [atMs: number, ...problems: readonly Problem[]])[]): readonly string[] => {
  const alerts: string[] = [];
  let incidents: readonly Incident[] = [];
  for (const [atMs, ...problems] of looks)
    incidents = foldIncidents(incidents, problems, () => false, t0 + atMs).map((incident) => {
      const what = untold(incident);
      if (what === undefined) return incident;
      alerts.push(`${incident.code} ${what}`);
      return markTold(incident, what, t0 + atMs);
    });
  return alerts;
};

const opens = 'JOBMANAGER_CRASHES open';
const closes = 'JOBMANAGER_CRASHES closed';

describe('a bigger cause', () => {
  it('silences what it explains, in the same look and later, and nothing else', () => {
    expect(story([0, lost, noJar, crashes])).toEqual(['JAR_MISSING open', opens]);
    expect(story([0, crashes], [second, crashes, lost])).toEqual([opens]);
  });

  it('that was told later leaves what is told already, until that is over', () => {
    expect(story([0, lost], [second, lost, crashes], [2 * second, crashes], [3 * second])).toEqual([
      'JOB_LOST_REPEATEDLY open',
      opens,
      'JOB_LOST_REPEATEDLY closed',
      closes,
    ]);
  });

  it.each([
    [defaults.tasks.explainsAfterMs - 1, []],
    [defaults.tasks.explainsAfterMs, ['JOB_LOST_REPEATEDLY open']],
  ])('that is over explains for %i ms more: what goes on then is told', (afterMs, alerts) => {
    expect(story([0, crashes, lost], [second, lost], [second + afterMs, lost])).toEqual([opens, closes, ...alerts]);
  });

  it('that never was told explains nothing after it is over', () => {
    const looks = [[0, once], [second], [2 * second, lost]] as const;
    expect(story(...looks)).toEqual(['JOB_LOST_REPEATEDLY open']);
  });

  it('that is about to be told is told alone, though the smaller one’s patience began before', () => {
    const laterMs = 10 * second;
    const dueMs = notReady.graceMs;
    const looks = [
      [0, notReady],
      [laterMs, notReady, once],
      [dueMs, notReady, once],
      [dueMs + laterMs, notReady, once],
    ] as const;
    expect(story(...looks)).toEqual([opens]);
  });

  it('of bigger ones is silenced itself', () => {
    expect(story([0, noLeader], [noLeader.graceMs, noLeader], [noLeader.graceMs + 1, noLeader, crashes])).toEqual([
      'LEADER_UNKNOWN open',
    ]);
  });
});
