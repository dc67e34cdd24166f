import { afterEach, describe, expect, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { ecsCluster, ecsTask, type FakeEcs, SECRET, startFakeEcs, taskArn } from '../../support/fake-ecs.ts';

let fake: FakeEcs | undefined;
afterEach(() => fake?.close());

const stopOf = async (more: object) => {
  fake = await startFakeEcs({
    ListTasks: () => ({ json: { taskArns: [taskArn('a')] } }),
    DescribeTasks: () => ({ json: { tasks: [ecsTask(taskArn('a'), more)], failures: [] } }),
  });
  const { tasks } = await fake.ecs.look(ecsCluster('jobmanager'), [], Date.now() + 5_000);
  return tasks[0]?.stop;
};

const seconds = 1_767_323_045;

describe('the end of a task', () => {
  test('has its code, reason, time and the exit codes of its containers', async () => {
    const containers = [
      { name: 'jobmanager', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      { name: 'proxy', exitCode: 0 },
      { name: 'never-ran' },
    ];
    expect(
      await stopOf({
        desiredStatus: 'STOPPED',
        lastStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        createdAt: seconds - 60,
        stoppingAt: seconds,
        stoppedAt: seconds + 9,
        containers,
      }),
    ).toEqual({
      code: 'EssentialContainerExited',
      reason: 'Essential container in task exited',
      createdMs: (seconds - 60) * 1_000,
      atMs: seconds * 1_000,
      exits: [
        { container: 'jobmanager', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
        { container: 'proxy', exitCode: 0 },
      ],
    });
  });

  test.each([
    ['of which only the end is known', { stoppedAt: seconds }, { atMs: seconds * 1_000, exits: [] }],
    ['that never ran', { stopCode: 'TaskFailedToStart' }, { code: 'TaskFailedToStart', exits: [] }],
    ['that is not there yet', {}, undefined],
  ])('%s', async (_, more, stop) => {
    expect(await stopOf(more)).toEqual(stop);
  });

  test('is bounded, and repeats no secret', async () => {
    const long = `pulled with ${SECRET} ${'x'.repeat(2_000)}`;
    const containers = Array.from({ length: 10 }, (_, n) => ({ name: `c${n}`, exitCode: 1, reason: long }));
    const stop = await stopOf({ stopCode: 'TaskFailedToStart', stoppedReason: long, containers });
    expect(stop?.reason).toHaveLength(defaults.textMax);
    expect(stop?.exits).toHaveLength(defaults.tasks.exitsMax);
    expect(stop?.exits.map(({ reason }) => reason?.length)).toEqual(
      Array(defaults.tasks.exitsMax).fill(defaults.textMax),
    );
    expect(JSON.stringify(stop)).not.toContain(SECRET);
  });
});
