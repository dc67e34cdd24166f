import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { aCluster, aFlinkJob, aJob, jm, t0 } from '../../support/builders.ts';
import { createWorld, type FakeWorld, jobManagerAt } from './fake-ports.ts';
import { attemptsOf, jobsOf, passes } from './passes.ts';

const dry = aCluster([aJob()], { mode: 'dry-run' });

/** A job that runs, with its attempt in memory. */
const running = async (): Promise<FakeWorld> => {
  const world = createWorld();
  await passes(world, 2);
  return world;
};

const endAs = (world: FakeWorld, state: string): void => {
  const [job] = jobsOf(world);
  if (job === undefined) throw new Error('no job');
  jobManagerAt(world).jobs.set(job.jobId, { ...job, state });
};

describe('what is seen in a dry run', () => {
  it.each([
    ['CANCELED', 'F63', { verdict: 'hold', problem: { code: 'JOB_CANCELED' } }],
    ['FAILED', 'F64', { verdict: 'hold', problem: { code: 'JOB_FAILED' } }],
    ['FINISHED', 'F62', { verdict: 'done' }],
  ])('is remembered: a job that is %s meanwhile is not started again in mode run (%s)', async (state, _, decision) => {
    const world = await running();
    endAs(world, state);
    await passes(world, 1, { cluster: dry });
    expect(attemptsOf(world)).toMatchObject([{ end: { state } }]);
    // Flink forgets ended jobs after an hour.
    jobManagerAt(world).jobs.clear();
    const { decisions } = await passes(world, 1, { cluster: aCluster([aJob({ healing: { restarts: 0 } })]) });
    expect(decisions).toMatchObject([decision]);
    expect(jobsOf(world)).toEqual([]);
  });

  it('is remembered until it is certain: a job that vanished is GONE (F124)', async () => {
    const world = await running();
    jobManagerAt(world).jobs.clear();
    await passes(world, 1, { cluster: dry });
    expect(attemptsOf(world)[0]).toHaveProperty('absentSinceMs');
    world.nowMs += defaults.goneAfterMs;
    await passes(world, 1, { cluster: dry });
    expect(attemptsOf(world)).toMatchObject([{ end: { state: 'GONE' } }]);
  });

  it('tells how long the JobManager is ready', async () => {
    const world = createWorld();
    await passes(world, 1, { cluster: { ...dry, submitAfterSeconds: 60 } });
    const { ready } = world.store.memory('realtime').jobs.orders ?? {};
    expect(ready).toMatchObject({ process: jm().process });
    expect(ready?.sinceMs).toBeGreaterThanOrEqual(t0);
  });

  it('adopts nothing, and makes no attempt', async () => {
    const world = createWorld();
    const foreign = aFlinkJob('f'.repeat(32));
    jobManagerAt(world).jobs.set(foreign.jobId, foreign);
    await passes(world, 2, { cluster: { ...dry, jobs: [aJob({ flinkName: 'orders' }), aJob({ name: 'b' })] } });
    expect(world.store.memory('realtime').jobs).toEqual({});
  });
});
