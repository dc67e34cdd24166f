import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import type { TaskStop } from '../../../../lib/core/model.ts';
import { crashesIn, newestStop, wordsOf } from '../../../../lib/core/tasks/stops.ts';
import { t0 } from '../../../support/builders.ts';
import { exited } from './ends.ts';

const crashesOf = (...stops: readonly TaskStop[]) =>
  crashesIn(
    stops.map((stop) => ({ service: 'jm', stop })),
    t0,
  );

describe('did a task end by itself', () => {
  it.each([
    ['its essential container exited', 'EssentialContainerExited', 'Essential container in task exited', true],
    ['its image could not be pulled', 'TaskFailedToStart', 'CannotPullContainerError: no such image', true],
    ['its containers are not healthy', 'ServiceSchedulerInitiated', 'Task failed container health checks', true],
    [
      'its target is not healthy',
      'ServiceSchedulerInitiated',
      'Task failed ELB health checks in (target-group x)',
      true,
    ],
    ['a deployment', 'ServiceSchedulerInitiated', 'Scaling activity initiated by (deployment ecs-svc/1)', false],
    ['a Spot instance was taken back', 'SpotInterruption', 'Your Spot Task was interrupted.', false],
    ['its host is retired', 'TerminationNotice', 'ECS is performing maintenance', false],
    ['a person', 'UserInitiated', 'Task stopped by user', false],
    ['a person, whose reason were its checks', 'UserInitiated', 'it failed its health checks', false],
    ['the service, which does not say why', 'ServiceSchedulerInitiated', undefined, false],
    ['nobody knows', undefined, undefined, false],
  ] as const)('%s', (_, code, reason, is) => {
    const { code: _code, reason: _reason, ...rest } = exited(t0);
    const stop = { ...rest, ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) };
    expect(crashesOf(stop)).toHaveLength(is ? 1 : 0);
  });

  it.each([137, 143, 239, 1, 0])(
    'the exit code %i alone does not say so: who is asked to end may leave with it',
    (exitCode) => {
      const exits = [{ container: 'jobmanager', exitCode }];
      expect(
        crashesOf(
          exited(t0, { code: 'UserInitiated', exits }),
          exited(t0, { code: 'ServiceSchedulerInitiated', exits }),
        ),
      ).toEqual([]);
      expect(crashesOf(exited(t0, { exits }))).toHaveLength(1);
    },
  );

  it.each([
    [defaults.tasks.crashesWithinMs - 1, 1],
    [defaults.tasks.crashesWithinMs, 0],
  ])('%i ms ago counts %i times', (agoMs, count) => {
    expect(crashesOf(exited(t0 - agoMs))).toHaveLength(count);
  });

  it('one that says no time, or is still there, does not count', () => {
    const { atMs: _, ...timeless } = exited(t0);
    expect(crashesIn([{ service: 'jm', stop: timeless }, { service: 'jm' }], t0)).toEqual([]);
  });

  it('the oldest comes first', () => {
    expect(crashesOf(exited(t0), exited(t0 - 2), exited(t0 - 1)).map(({ atMs }) => atMs)).toEqual([t0 - 2, t0 - 1, t0]);
  });
});

describe('the newest end', () => {
  it('is the one that began last, by whatever it came', () => {
    const byUser = exited(t0, { code: 'UserInitiated' });
    const tasks = [exited(t0 - 1), byUser, exited(t0 - 2)].map((stop) => ({ service: 'jm', stop }));
    expect(newestStop([...tasks, { service: 'jm' }])).toBe(byUser);
    expect(newestStop([{ service: 'jm' }])).toBeUndefined();
  });
});

describe('the words for an end', () => {
  it.each<[string, TaskStop, string]>([
    [
      'explain the exit code',
      exited(t0),
      'Essential container in task exited (jobmanager: exit code 137, killed: as a rule out of memory)',
    ],
    [
      'let ECS explain it where it does',
      exited(t0, { exits: [{ container: 'jobmanager', exitCode: 137, reason: 'OutOfMemoryError: Container killed' }] }),
      'Essential container in task exited (jobmanager: exit code 137, OutOfMemoryError: Container killed)',
    ],
    [
      'name each container',
      exited(t0, {
        exits: [
          { container: 'flink', exitCode: 239 },
          { container: 'proxy', exitCode: 0 },
          { container: 'log', reason: 'gone' },
          { container: 'setup', exitCode: 1 },
          { container: 'metrics', exitCode: 143 },
        ],
      }),
      'Essential container in task exited (flink: exit code 239, a fatal error, which its log names, or an end that took longer than 5 s; proxy: exit code 0; log: gone; setup: exit code 1, as a rule a wrong configuration; metrics: exit code 143, asked to end)',
    ],
    [
      'do without containers',
      exited(t0, { reason: 'CannotPullContainerError', exits: [] }),
      'CannotPullContainerError',
    ],
    ['do without a reason', { code: 'TaskFailedToStart', exits: [] }, 'TaskFailedToStart'],
    ['do without anything', { exits: [] }, 'no reason given'],
  ])('%s', (_, stop, words) => {
    expect(wordsOf(stop)).toBe(words);
  });
});
