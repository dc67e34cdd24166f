import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/core/decide.ts';
import { defaults } from '../../../../lib/core/defaults.ts';
import type { Cluster, TaskManagerService, TaskManagersView } from '../../../../lib/core/model.ts';
import { problem } from '../../../../lib/core/problems.ts';
import { withTaskManagers } from '../../../../lib/core/tasks/judge.ts';
import { aCluster, aJob, aView, jm, known, observed, t0, unknown } from '../../../support/builders.ts';
import { exited, minute } from './ends.ts';

const service = (changes: Partial<TaskManagerService> = {}): TaskManagerService => ({
  name: 'taskmanager',
  desiredCount: 2,
  runningCount: 2,
  ...changes,
});
const crashed = (...minutesAgo: readonly number[]): TaskManagersView['stopped'] =>
  minutesAgo.map((ago) => ({ service: 'taskmanager', stop: exited(t0 - ago * minute) }));
const seen = (changes: Partial<TaskManagersView> = {}, desiredCount = 1) =>
  observed({ desiredCount, taskManagers: known({ services: [service()], stopped: [], ...changes }) });

const decided = (observation = seen(), changes: Partial<Cluster> = {}) =>
  decide({ cluster: aCluster([], changes), memories: {}, observation, nowMs: t0, dice: {} });
const told = (...args: Parameters<typeof decided>) => decided(...args).problems.map(({ code }) => code);
const stays = (code: string, ...args: Parameters<typeof decided>) =>
  (['open', 'pending'] as const).filter((state) => decided(...args).tasks.stays({ code, state }));

describe('TaskManagers that end by themselves again and again', () => {
  it('are told at the third time, with ECS’s reason and the exit code', () => {
    expect(told(seen({ stopped: crashed(1, 2) }))).toEqual([]);
    expect(decided(seen({ stopped: crashed(3, 2, 1) })).problems).toMatchObject([
      {
        code: 'TASKMANAGER_CRASHES',
        graceMs: 0,
        what: '3 tasks of taskmanager ended by themselves within 15 min, the last one at 2026-01-02 03:03:05 UTC: Essential container in task exited (jobmanager: exit code 137, killed: as a rule out of memory)',
      },
    ]);
  });

  it('are none where Spot took them back, nor of a service that is wanted no more', () => {
    const spot = crashed(1, 2, 3).map((each) => ({ ...each, stop: { ...each.stop, code: 'SpotInterruption' } }));
    expect(told(seen({ stopped: spot }))).toEqual([]);
    expect(
      told(seen({ services: [service({ desiredCount: 0, runningCount: 0 })], stopped: crashed(1, 2, 3) })),
    ).toEqual([]);
  });

  it.each<[string, Parameters<typeof seen>[0], readonly string[]]>([
    ['not as long as one ended within a third of the window', { stopped: crashed(5 - 1 / minute) }, ['open']],
    ['when none did, and all run', { stopped: crashed(5) }, []],
    ['not while fewer run than are wanted', { services: [service({ runningCount: 1 })] }, ['open']],
    ['not while one service has fewer', { services: [service({ runningCount: 1 }), service({ name: 'b' })] }, ['open']],
    ['not where more ended than were looked at', { services: [service({ isPartial: true })] }, ['open']],
  ])('are over %s', (_, view, states) => {
    expect(stays('TASKMANAGER_CRASHES', seen(view))).toEqual(states);
  });
});

describe('TaskManagers that are fewer than wanted', () => {
  it('are told with patience, and with the newest that ECS says of them', () => {
    const event = { atMs: t0, text: '(service taskmanager) was unable to place a task' };
    const short = seen({
      services: [service(), service({ name: 'other', runningCount: 1, event })],
      stopped: crashed(1),
    });
    expect(decided(short).problems).toMatchObject([
      {
        code: 'TASKMANAGERS_MISSING',
        graceMs: defaults.tasks.missingWithinMs,
        what: '1 of 2 tasks of other run; the newest event: (service taskmanager) was unable to place a task',
      },
    ]);
    expect(decided(seen({ services: [service({ runningCount: 1 })], stopped: crashed(1) })).problems[0]?.what).toBe(
      '1 of 2 tasks of taskmanager run; the last one that ended: Essential container in task exited (jobmanager: exit code 137, killed: as a rule out of memory)',
    );
  });

  it('are told of each service that has fewer', () => {
    const services = [service({ runningCount: 1 }), service({ name: 'other', runningCount: 0 })];
    expect(decided(seen({ services })).problems).toMatchObject([
      { what: '1 of 2 tasks of taskmanager run; 0 of 2 tasks of other run' },
    ]);
  });

  it('are over as soon as all run, also more than are wanted', () => {
    expect(told(seen({ services: [service({ runningCount: 3 })] }))).toEqual([]);
    expect(stays('TASKMANAGERS_MISSING')).toEqual([]);
  });

  it('are named by the job that waits for slots', () => {
    const job = aJob({ parallelism: 8 });
    const short = known({ services: [service({ runningCount: 1 })], stopped: [] });
    const waiting = observed({ views: [aView(jm(), { free: 0 })], taskManagers: short });
    const { problems } = decide({ cluster: aCluster([job]), memories: {}, observation: waiting, nowMs: t0, dice: {} });
    expect(problems.find(({ code }) => code === 'SLOTS_MISSING')?.what).toMatch(/; 1 of 2 tasks of taskmanager run$/);
    const enough = observed({
      views: [aView(jm(), { free: 0 })],
      taskManagers: known({ services: [service()], stopped: [] }),
    });
    const other = decide({ cluster: aCluster([job]), memories: {}, observation: enough, nowMs: t0, dice: {} }).problems;
    const alone = observed({ views: [aView(jm(), { free: 0 })] });
    const unasked = decide({
      cluster: aCluster([job]),
      memories: {},
      observation: alone,
      nowMs: t0,
      dice: {},
    }).problems;
    const slotsOf = (all: typeof other) => all.find(({ code }) => code === 'SLOTS_MISSING');
    expect(slotsOf(other)).toEqual(slotsOf(unasked));
    expect(slotsOf(other)?.what).not.toMatch(/undefined|taskmanager/);
  });
});

describe('a problem that has nothing to do with slots', () => {
  it('names no TaskManagers', () => {
    const taskManagers = known({ services: [service({ runningCount: 1 })], stopped: [] });
    const observation = observed({ jars: { 's3://jars/orders.jar': known({ present: false }) }, taskManagers });
    const { problems } = decide({ cluster: aCluster(), memories: {}, observation, nowMs: t0, dice: {} });
    expect(problems.find(({ code }) => code === 'JAR_MISSING')?.what).not.toContain('taskmanager');
    const missing = problem('JAR_MISSING', 'there is no jar', 'orders');
    const slots = problem('SLOTS_MISSING', '0 of 2 slots', 'other');
    expect(withTaskManagers([missing, slots], observation)).toEqual([
      missing,
      { ...slots, what: '0 of 2 slots; 1 of 2 tasks of taskmanager run' },
    ]);
  });
});

describe('TaskManagers that cannot be seen', () => {
  const denied = observed({ taskManagers: unknown('ecs:DescribeServices is not allowed', 'ECS_DENIED') });
  const codes = ['TASKMANAGER_CRASHES', 'TASKMANAGERS_MISSING', 'TASKMANAGERS_UNSEEN'];

  it('are told as that with the action that was refused, and what was told of them stays (F96, I6)', () => {
    expect(decided(denied).problems).toMatchObject([
      { code: 'TASKMANAGERS_UNSEEN', what: 'ecs:DescribeServices is not allowed' },
    ]);
    expect(stays('TASKMANAGER_CRASHES', denied)).toEqual(['open', 'pending']);
    expect(stays('TASKMANAGERS_MISSING', denied)).toEqual(['open', 'pending']);
  });

  it('change nothing in what is decided on jobs', () => {
    const of = (observation: typeof denied) =>
      decide({ cluster: aCluster(), memories: {}, observation, nowMs: t0, dice: { orders: 'd1ced1ce' } }).decisions;
    expect(of(denied)).toEqual(of(seen()));
  });

  it.each([
    ['ECS as a whole is not seen', { ...seen(), ecs: unknown() }],
    ['they were not asked for', observed()],
  ])('because %s leave all as it was', (_, observation) => {
    expect(told(observation).filter((code) => codes.includes(code))).toEqual([]);
    for (const code of codes) expect(stays(code, observation)).toEqual(['open', 'pending']);
  });

  it.each<[string, Parameters<typeof decided>]>([
    ['the cluster sleeps (F129)', [seen({ services: [service({ runningCount: 0 })], stopped: crashed(1, 2, 3) }, 0)]],
    ['it is behind a URL', [denied, { url: 'http://flink:8081' }]],
    ['the manifest names none', [denied, { taskManagers: [] }]],
  ])('nobody needs to see where %s', (_, args) => {
    expect(told(...args)).toEqual([]);
    for (const code of codes) expect(stays(code, ...args)).toEqual([]);
  });
});
