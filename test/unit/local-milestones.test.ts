import { describe, expect, test } from 'vitest';
import { createMilestones, type Milestones } from '../../local/show/milestones.ts';
import type { Happening, Task } from '../../local/show/watch.ts';

const GRACE_MS = 1_000;

const task = (atMs: number, role: Task['role'], lastStatus: Task['lastStatus']): Happening => ({
  kind: 'task',
  atMs,
  task: {
    taskArn: 'arn:aws:ecs:eu-west-1:000000000000:task/flink-on-ecs/1',
    service: role,
    role,
    address: '127.83.12.2',
    pid: 1,
    desiredStatus: 'RUNNING',
    lastStatus,
    startedAtMs: atMs,
    alive: true,
    version: 1,
  },
});

const log = (atMs: number, line: Record<string, unknown>): Happening => ({ kind: 'log', atMs, line });

const flink = (atMs: number, jobId: string, running: number, state = 'RUNNING'): Happening => ({
  kind: 'job',
  atMs,
  address: '127.83.12.2',
  job: { jobId, name: 'a', state, running, total: 4 },
});

const submitted = (atMs: number, job: string, jobId: string): Happening =>
  log(atMs, { message: 'submitted', job, jobId, attempt: 1 });

const upTo = (milestones: Milestones): void => {
  milestones.reach({ milestone: 'cloud-up', atMs: 1 });
  milestones.reach({ milestone: 'deployed', atMs: 2 });
  milestones.see(task(3, 'jobmanager', 'RUNNING'));
  milestones.see(log(4, { message: 'event received' }));
  milestones.see(log(5, { message: 'pass', rung: 'ready' }));
};

const names = (milestones: Milestones, nowMs: number): string[] =>
  milestones.take(nowMs).map(({ milestone, job, atMs }) => `${milestone}${job === undefined ? '' : ` ${job}`} ${atMs}`);

describe('milestones', () => {
  test('come once each, in the order of the rungs, with the moment of what was seen', () => {
    const milestones = createMilestones(['a'], GRACE_MS);
    upTo(milestones);
    expect(names(milestones, 5)).toEqual(['cloud-up 1', 'deployed 2', 'task-started 3', 'event-received 4', 'ready 5']);
    milestones.see(submitted(6, 'a', 'id-a'));
    milestones.see(flink(7, 'id-a', 4));
    expect(milestones.take(8)).toEqual([
      { milestone: 'submitted', atMs: 6, job: 'a', jobId: 'id-a', attempt: 1 },
      { milestone: 'running', atMs: 7, job: 'a', jobId: 'id-a', attempt: 1 },
    ]);
    expect(milestones.take(9)).toEqual([]);
    expect(milestones.finished()).toBe(true);
  });

  test('wait for those below them whose log arrives late', () => {
    const milestones = createMilestones(['a'], GRACE_MS);
    milestones.see(flink(7, 'id-a', 4));
    expect(names(milestones, 7)).toEqual([]);
    upTo(milestones);
    milestones.see(submitted(6, 'a', 'id-a'));
    expect(names(milestones, 8).at(-1)).toBe('running a 7');
  });

  test('a rung that stays away holds up the others until the grace is over', () => {
    const milestones = createMilestones(['a'], GRACE_MS);
    milestones.reach({ milestone: 'cloud-up', atMs: 1 });
    milestones.see(submitted(6, 'a', 'id-a'));
    milestones.see(flink(7, 'id-a', 4));
    expect(names(milestones, 7 + GRACE_MS - 1)).toEqual(['cloud-up 1']);
    expect(milestones.finished()).toBe(false);
    expect(names(milestones, 7 + GRACE_MS)).toEqual(['submitted a 6', 'running a 7']);
    expect(milestones.finished()).toBe(true);
  });

  test('running means that all tasks run, of the id that was submitted', () => {
    const milestones = createMilestones(['a'], GRACE_MS);
    upTo(milestones);
    milestones.see(submitted(6, 'a', 'id-a'));
    milestones.see(flink(7, 'id-a', 3));
    milestones.see(flink(8, 'id-a', 4, 'RESTARTING'));
    milestones.see(flink(9, 'foreign', 4));
    expect(names(milestones, 10).at(-1)).toBe('submitted a 6');
    milestones.see(log(10, { message: 'not submitted', job: 'a', jobId: 'foreign', attempt: 2 }));
    milestones.see(flink(11, 'id-a', 4));
    expect(names(milestones, 12)).toEqual(['running a 11']);
  });

  test('it is finished only when every job runs, and else names the rung and what was last said', () => {
    const milestones = createMilestones(['a', 'b'], GRACE_MS);
    upTo(milestones);
    milestones.see(submitted(6, 'a', 'id-a'));
    milestones.see(flink(7, 'id-a', 4));
    milestones.see(log(8, { message: 'pass', because: 'waiting: 0 of 2 slots' }));
    expect(milestones.finished()).toBe(false);
    expect(milestones.hungOn()).toBe('submitted b (waiting: 0 of 2 slots)');
  });

  test('a TaskManager, or a JobManager that does not run yet, is not the start of the task', () => {
    const milestones = createMilestones(['a'], GRACE_MS);
    milestones.see(task(1, 'taskmanager', 'RUNNING'));
    milestones.see(task(2, 'jobmanager', 'PENDING'));
    milestones.reach({ milestone: 'cloud-up', atMs: 1 });
    milestones.reach({ milestone: 'deployed', atMs: 2 });
    expect(names(milestones, 3)).toEqual(['cloud-up 1', 'deployed 2']);
    expect(milestones.hungOn()).toBe('task-started (nothing was logged yet)');
  });
});
