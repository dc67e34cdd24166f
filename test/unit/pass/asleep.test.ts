import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { aCluster, aJob, jm } from '../../support/builders.ts';
import { createJobManager, setState } from './fake-jobmanager.ts';
import { createWorld, jobManagerAt } from './fake-ports.ts';
import { attemptsOf, jobsOf, passes, subjectsOf } from './passes.ts';

describe('a cluster that is scaled to 0 (F129)', () => {
  it('is asleep: what was told of it and of its jobs is over, but not what a person has to decide', async () => {
    const world = createWorld();
    const failing = aCluster([
      aJob({ healing: { restarts: 0 } }),
      aJob({ name: 'wide', flinkName: 'wide', slots: 100 }),
    ]);
    await passes(world, 2, { cluster: failing });
    setState(jobManagerAt(world), attemptsOf(world)[0]?.jobId ?? '', 'FAILED');
    world.nowMs += defaults.slotsWithinMs;
    await passes(world, 2, { cluster: failing });
    world.jobManagers.clear();
    await passes(world, 1, { cluster: failing });
    for (const halfMs of Array(2).fill(defaults.readyWithinMs / 2)) {
      world.nowMs += halfMs;
      await passes(world, 2, { cluster: failing });
    }
    const open = [
      'OPEN SLOTS_MISSING realtime/wide',
      'OPEN JOB_FAILED realtime/orders',
      'OPEN CLUSTER_NOT_READY realtime',
    ];
    expect(subjectsOf(world).toSorted()).toEqual(open.toSorted());
    world.desiredCount = 0;
    world.tasks = [];
    await passes(world, 2, { cluster: failing });
    expect(subjectsOf(world).slice(3).toSorted()).toEqual([
      'CLOSED CLUSTER_NOT_READY realtime',
      'CLOSED SLOTS_MISSING realtime/wide',
    ]);
    expect(world.alerts.at(-1)?.text).toContain('Because: all JobManager services have desiredCount 0');
  });
});

describe('a container that restarts inside its task (F123)', () => {
  it('is another process: its jobs are lost and started again, once', async () => {
    const world = createWorld();
    await passes(world, 2);
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    await passes(world, 3);
    expect(jobsOf(world).map(({ jobId }) => jobId)).toEqual([attemptsOf(world)[1]?.jobId]);
    expect(attemptsOf(world)).toMatchObject([{ end: { state: 'LOST' } }, { sightedOn: jm(1, 1) }]);
    expect(world.violations).toEqual([]);
  });
});
