import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import { aCluster, aJob, lineageOf } from '../../support/builders.ts';
import { setState } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, minutesOf, passes, subjectsOf } from './passes.ts';

const idOf = (world: FakeWorld): string => attemptsOf(world).at(-1)?.jobId ?? '';
/** Its newest copy is in that state, with no task that runs, and completes what it has to. */
const stick = (world: FakeWorld, state = 'RESTARTING'): void => {
  const { jobs } = jobManagerAt(world);
  const job = jobs.get(idOf(world));
  if (job?.state !== 'CANCELED' && job !== undefined) jobs.set(job.jobId, { ...job, state, tasksRunning: 0 });
};
const stuck = async (): Promise<FakeWorld> => {
  const world = createWorld();
  await passes(world, 2);
  stick(world);
  return world;
};
const stuckFor = async (world: FakeWorld, minutes: number, broken: Broken = {}): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    stick(world);
    await minutesOf(world, 1, broken);
  }
};
const cancelled = (world: FakeWorld): number => attemptsOf(world).filter(({ stop }) => stop?.order === 'heal').length;
const opened = 'OPEN TASKS_NOT_RUNNING realtime/orders';

describe('a job that is stuck, and that Flink does nothing about', () => {
  it('is cancelled and started again in one look, when nothing about it changed for a quarter of an hour', async () => {
    const world = await stuck();
    await minutesOf(world, 15);
    expect(attemptsOf(world)).toHaveLength(1);
    expect(subjectsOf(world)).toEqual([opened]);
    await minutesOf(world, 1);
    expect(attemptsOf(world)).toMatchObject([
      { n: 1, end: { state: 'CANCELED' }, stop: { how: 'cancel', order: 'heal' } },
      { n: 2 },
    ]);
    expect(world.store.log('realtime').map(({ what }) => what)).toEqual([
      'run',
      'accepted',
      'cancel',
      'run',
      'accepted',
    ]);
    await minutesOf(world, 7);
    expect(subjectsOf(world)).toEqual([opened, 'CLOSED TASKS_NOT_RUNNING realtime/orders']);
    expect(world.violations).toEqual([]);
  });

  it('and stays so is started again three times, one incident through it, and then left alone', async () => {
    const world = await stuck();
    await stuckFor(world, 180);
    expect(cancelled(world)).toBe(3);
    expect(attemptsOf(world)).toHaveLength(4);
    expect(subjectsOf(world).filter((subject) => subject.startsWith('OPEN'))).toEqual([opened]);
    expect(subjectsOf(world).filter((subject) => subject.startsWith('CLOSED'))).toEqual([]);
  });

  it('is ended once where the call’s answer is lost: the same id is asked for again, and no other (F70)', async () => {
    const world = await stuck();
    const asked: string[] = [];
    const { cancel: real } = portsOf(world).flink;
    const cancel: typeof real = async (at, jobId, deadlineMs) => {
      asked.push(jobId);
      await real(at, jobId, deadlineMs);
      throw new Fault('unknown-outcome', 'FLINK_UNANSWERED', 'silence');
    };
    await minutesOf(world, 25, { flink: { cancel } });
    const [first] = attemptsOf(world);
    expect(asked).toEqual([first?.jobId]);
    expect(attemptsOf(world)).toHaveLength(2);
  });

  it('is left to Flink while that restarts it (F66)', async () => {
    const world = await stuck();
    const { restarts } = jobManagerAt(world);
    for (let minute = 0; minute < 60; minute += 1) {
      if (minute % 10 === 0) restarts.set(idOf(world), minute);
      await minutesOf(world, 1);
    }
    expect(cancelled(world)).toBe(0);
  });

  it('is not judged by one look after a day without any (F99)', async () => {
    const world = await stuck();
    await minutesOf(world, 2);
    world.nowMs += 24 * hour;
    await minutesOf(world, 14);
    expect(cancelled(world)).toBe(0);
    await minutesOf(world, 3);
    expect(cancelled(world)).toBe(1);
  });

  it('is one of many, in a cluster that is ill: none is ended, one message tells of them, and of their end (F65)', async () => {
    const jobs = ['orders', 'b', 'c', 'd'].map((name) => aJob({ name, flinkName: name, lineage: lineageOf(name) }));
    const cluster = aCluster(jobs);
    const world = createWorld();
    jobManagerAt(world).slots = 12;
    await passes(world, 2, { cluster });
    const ids = [...jobManagerAt(world).jobs.keys()];
    const all = (state: string, tasksRunning: number): void => {
      for (const [id, job] of jobManagerAt(world).jobs)
        jobManagerAt(world).jobs.set(id, { ...job, state, tasksRunning });
    };
    all('RESTARTING', 0);
    await minutesOf(world, 40, {}, cluster);
    expect([...jobManagerAt(world).jobs.keys()]).toEqual(ids);
    expect(subjectsOf(world)).toEqual(['OPEN MANY_JOBS_ILL realtime']);
    all('RUNNING', 1);
    await minutesOf(world, 2, {}, cluster);
    expect(subjectsOf(world)).toEqual(['OPEN MANY_JOBS_ILL realtime', 'CLOSED MANY_JOBS_ILL realtime']);
    setState(jobManagerAt(world), ids[0] ?? '', 'FAILED');
    await minutesOf(world, 1, {}, cluster);
    expect(attemptsOf(world)).toHaveLength(2);
  });
});
