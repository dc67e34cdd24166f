import { describe, expect, it } from 'vitest';
import type { ClusterSpec } from '../../lib/core/model.ts';
import { anAttempt, aPost, memoryOf } from '../support/builders.ts';
import { exit } from './world/ecs/service.ts';
import { deployManifest } from './world/people/manifests.ts';
import { MINUTE, quietWorld } from './world/quiet-world.ts';
import { restoreBackup } from './world/trouble/store-losses.ts';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

/** Each deployment of some runs: what was deployed before it and after it. */
const deployments = SEEDS.flatMap((seed) => {
  const { stage } = quietWorld(seed);
  return Array.from({ length: 30 }, () => {
    const [of = 0, before] = [stage.sim.random.between(0, stage.clusters.length), stage.deployed.specs()];
    const cluster = stage.clusters[of];
    const what = cluster && deployManifest(stage, cluster);
    return { what, name: cluster?.name, before, after: stage.deployed.specs(), deployed: stage.deployed };
  });
});
const without = (specs: readonly ClusterSpec[], cluster: string | undefined) =>
  specs.filter(({ name }) => name !== cluster);

describe('a person who deploys a manifest', () => {
  it('leaves the other clusters as they were', () => {
    expect(deployments.some(({ what }) => what?.endsWith('again'))).toBe(true);
    for (const { name, before, after } of deployments) expect(without(after, name)).toEqual(without(before, name));
  });

  it('says of a job that is there again the name that its main() gives it', () => {
    for (const { after, deployed } of deployments)
      for (const { name: cluster, jobs } of after)
        for (const { name, flinkName } of jobs)
          expect([undefined, deployed.known(cluster, name)?.name]).toContain(flinkName);
  });
});

describe('a record that is restored from a backup', () => {
  const denied = { answer: 'not-sent', refusal: { code: 'SECRET_DENIED', text: 'denied' } } as const;

  it.each([
    ['is not asked for a state that it knows nothing of', denied, false],
    ['is asked for the state of what may have run by then', { answer: 'none' } as const, true],
  ])('%s', async (_, post, hasState) => {
    const { stage, cluster, sim, passes, answer, submit, process } = quietWorld();
    await passes(2 * MINUTE);
    const [job] = stage.deployed.clusters()[0]?.jobs ?? [];
    const jobId = `${job?.lineage}00000001d1ced1ce`;
    const lease = await stage.store.acquire(cluster.name, { owner: 'me', nowMs: 0, untilMs: 1 }, 1);
    if (job === undefined || lease === undefined) throw new Error('no job or no lease');
    const settledByMs = sim.time.nowMs();
    const attempt = anAttempt(1, { jobId, posts: [aPost({ ...post, settledByMs })] });
    const jobs = { [job.name]: memoryOf(attempt) };
    await stage.store.release(await stage.store.commit(lease, { jobs, incidents: [], log: [] }, 1, 0, 1), 1);
    restoreBackup(stage, cluster);
    await answer(submit(jobId));
    await passes(2 * MINUTE);
    exit(stage, cluster, process(), 'killed');
    await passes(40 * MINUTE);
    expect(stage.notes.truth.losses).toHaveLength(1);
    expect(stage.snapshots.hasState(job.lineage, sim.time.nowMs(), () => true)).toBe(hasState);
  });
});
