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
const tmCrashes = problem('TASKMANAGER_CRASHES', '3 tasks ended');
const tmMissing = problem('TASKMANAGERS_MISSING', '1 of 2 tasks run');
const slots = problem('SLOTS_MISSING', '0 of 2 slots', 'orders');
const stuck = problem('TASKS_NOT_RUNNING', '0 of 2 tasks run; the newest exception: NullPointerException', 'orders');
const loop = (cause: string) => problem('RESTART_LOOP', `5 times; the newest exception: ${cause}`, 'orders');
const lost = problem('JOB_LOST_REPEATEDLY', '3 attempts were lost', 'orders');
const noJar = problem('JAR_MISSING', 'there is no jar', 'orders');
const noLeader = problem('LEADER_UNKNOWN', 'nobody leads');
const second = 1_000;
const minute = 60 * second;

type Look = readonly [atMs: number, ...problems: readonly Problem[]];

/** Each minute between two of them sees what the first one saw. */
const eachMinute = (looks: readonly Look[]): readonly Look[] =>
  looks.flatMap(([atMs, ...problems], index) => {
    const untilMs = looks[index + 1]?.[0] ?? atMs + 1;
    const minutes = Math.ceil((untilMs - atMs) / minute);
    return Array.from({ length: Math.max(1, minutes) }, (_, n): Look => [atMs + n * minute, ...problems]);
  });

/** Looks one after the other, each told; gives the alerts in their order. */
const story = (...looks: readonly Look[]): readonly string[] => {
  const alerts: string[] = [];
  let incidents: readonly Incident[] = [];
  for (const [atMs, ...problems] of eachMinute(looks))
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
    ['a condition', notReady, defaults.tasks.explainsAfterMs],
    ['what is counted within a window', lost, defaults.lossWindowMs],
  ])('that is over explains for a while longer: %s that goes on then is told', (_, smaller, afterMs) => {
    const looks = [
      [0, crashes, smaller],
      [second, smaller],
    ] as const;
    expect(story(...looks, [second + afterMs - 1, smaller])).toEqual([opens, closes]);
    expect(story(...looks, [second + afterMs, smaller])).toEqual([opens, closes, `${smaller.code} open`]);
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

  it('of bigger ones is silenced itself, also while these wait to be told', () => {
    expect(story([0, noLeader], [second, noLeader, crashes])).toEqual([]);
    expect(story([0, noLeader], [noLeader.graceMs, noLeader], [noLeader.graceMs + 1, noLeader, crashes])).toEqual([
      'LEADER_UNKNOWN open',
    ]);
  });
});

describe('what a bigger cause does to an incident', () => {
  const at = (before: readonly Incident[], atMs: number, ...problems: readonly Problem[]) =>
    foldIncidents(before, problems, () => false, t0 + atMs);
  const statesOf = (incidents: readonly Incident[]) => incidents.map(({ code, state }) => `${code} ${state}`);

  it('that is new: it waits, and is otherwise as it was seen', () => {
    const [before, [later]] = [at([], 0, crashes), at([], second, lost)];
    expect(later?.state).toBe('open');
    expect(at(before, second, crashes, lost)[1]).toEqual({ ...later, state: 'pending' });
  });

  it('that is open, or over: nothing', () => {
    const open = at([], 0, lost);
    expect(statesOf(at(open, second, lost, crashes))).toEqual(['JOB_LOST_REPEATEDLY open', 'JOBMANAGER_CRASHES open']);
    const over = at(open, second);
    expect(statesOf(at(over, 2 * second, crashes))).toEqual(['JOB_LOST_REPEATEDLY closed', 'JOBMANAGER_CRASHES open']);
  });

  it('nothing, as long as that cause itself waits to be told', () => {
    const unseen = problem('ECS_UNSEEN', 'denied');
    const small = { ...problem('TASKMANAGERS_UNSEEN', 'denied'), graceMs: 0 };
    expect(statesOf(at([], 0, unseen, small))).toEqual(['ECS_UNSEEN pending', 'TASKMANAGERS_UNSEEN open']);
  });

  it.each(['TASKS_NOT_RUNNING', 'RESTART_LOOP', 'CHECKPOINTS_FAILING'] as const)(
    'that is one of many ill jobs: %s waits, also while these wait to be told',
    (code) => {
      const many = problem('MANY_JOBS_ILL', '3 of 4 live jobs');
      const small = { ...problem(code, 'x', 'orders'), graceMs: 0 };
      expect(statesOf(at([], 0, many, small))).toEqual(['MANY_JOBS_ILL pending', `${code} pending`]);
    },
  );
});

describe('TaskManagers', () => {
  it.each<[string, Problem, Problem, boolean]>([
    ['that crash explain jobs that wait for slots', tmCrashes, { ...slots, graceMs: 0 }, true],
    ['that crash explain that they are missing', tmCrashes, { ...tmMissing, graceMs: 0 }, true],
    [
      'that crash explain a loop for want of one',
      tmCrashes,
      loop('Heartbeat of TaskManager with id x timed out'),
      true,
    ],
    ['that crash explain a loop for want of slots', tmCrashes, loop('Could not acquire the minimum slots'), true],
    ['that crash explain a loop of unknown cause', tmCrashes, problem('RESTART_LOOP', '5 times', 'orders'), true],
    ['that crash explain no loop of the job’s own', tmCrashes, loop('IllegalStateException: bad record'), false],
    ['that crash explain no tasks that the job itself ends', tmCrashes, { ...stuck, graceMs: 0 }, false],
    ['end where no JobManager runs', { ...notReady, graceMs: 0 }, tmCrashes, true],
    [
      'do not end because we alone cannot reach the JobManager',
      { ...notReady, graceMs: 0, what: 'rest: timeout' },
      tmCrashes,
      false,
    ],
    ['end where JobManagers do', crashes, tmCrashes, true],
    [
      'do not end because a JobManager that runs says something of a task',
      { ...notReady, graceMs: 0, what: 'rest: no task: x' },
      tmCrashes,
      false,
    ],
    [
      'that crash explain tasks that do not run for want of one',
      tmCrashes,
      { ...stuck, graceMs: 0, what: '0 of 2 tasks run; the newest exception: no TaskExecutor' },
      true,
    ],
    [
      'cannot be seen where nothing can',
      { ...problem('ECS_UNSEEN', 'denied'), graceMs: 0 },
      { ...problem('TASKMANAGERS_UNSEEN', 'denied'), graceMs: 0 },
      true,
    ],
  ])('%s', (_, cause, smaller, isExplained) => {
    const both = [`${cause.code} open`, ...(isExplained ? [] : [`${smaller.code} open`])];
    expect(story([0, smaller, cause]).toSorted()).toEqual(both.toSorted());
  });

  it('that are missing are told by the jobs that wait since then, not by one that waited before', () => {
    const dueMs = tmMissing.graceMs;
    const waits = [
      [0, tmMissing],
      [second, tmMissing, slots],
      [second + slots.graceMs, tmMissing, slots],
    ] as const;
    expect(story(...waits, [dueMs, tmMissing, slots])).toEqual(['SLOTS_MISSING open']);
    const before = [
      [-defaults.tasks.sameTimeMs - 1, slots],
      [0, tmMissing, slots],
      [slots.graceMs, tmMissing, slots],
    ] as const;
    expect(story(...before, [dueMs, tmMissing, slots])).toEqual(['SLOTS_MISSING open', 'TASKMANAGERS_MISSING open']);
    const justBefore = [[-defaults.tasks.sameTimeMs, slots], ...before.slice(1)] as const;
    expect(story(...justBefore, [dueMs, tmMissing, slots])).toEqual(['SLOTS_MISSING open']);
  });

  it('that are missing, a mere warning, silence no job that is ill, however long they are', () => {
    const missing = { ...tmMissing, graceMs: 0 };
    const looks = [
      [0, missing],
      [second, missing, slots, stuck],
      [second + stuck.graceMs, missing, slots, stuck],
    ] as const;
    expect(story(...looks)).toEqual(['TASKMANAGERS_MISSING open', 'SLOTS_MISSING open', 'TASKS_NOT_RUNNING open']);
  });
});
