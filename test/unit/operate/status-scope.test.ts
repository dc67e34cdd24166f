import { describe, expect, it } from 'vitest';
import { aCluster, aJob, jm } from '../../support/builders.ts';
import { createWorld } from '../pass/fake-ports.ts';
import { answered } from './ask.ts';

describe('status', () => {
  it('is of one cluster or one job, where these are named', async () => {
    const world = createWorld();
    const clusters = [aCluster([aJob(), aJob({ name: 'audit' })]), aCluster([], { name: 'batch' })];
    const named = async (where: object) =>
      (await answered('status', world, where, { clusters })).clusters.map(({ cluster, jobs }) => [
        cluster,
        ...jobs.map(({ job }) => job),
      ]);
    expect(await named({})).toEqual([['realtime', 'orders', 'audit'], ['batch']]);
    expect(await named({ cluster: 'realtime' })).toEqual([['realtime', 'orders', 'audit']]);
    expect(await named({ cluster: 'realtime', job: 'audit' })).toEqual([['realtime', 'audit']]);
  });

  it('leaves out the jobs that do not fit into one answer, and counts them', async () => {
    const world = createWorld();
    const args = ['x'.repeat(7_000)];
    const jobs = Array.from({ length: 1_000 }, (_, n) => aJob({ name: `job-${n}`, args, revision: 'new' }));
    const attempt = (name: string) => ({ ...spec, jobId: name.padEnd(32, '0'), spec: { ...aJob(), name, args } });
    const memories = Object.fromEntries(
      jobs.map(({ name }) => [name, { schema: 1 as const, attempts: [attempt(name)] }]),
    );
    const load = async () => ({ jobs: memories, incidents: [], orders: [] });
    const given = { clusters: [aCluster(jobs)], broken: { store: { load } } };
    const answer = await answered('status', world, {}, given);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(6_000_000);
    const shown = answer.clusters[0]?.jobs.length ?? 0;
    expect(shown).toBeGreaterThan(100);
    expect(answer.cut).toBe(1_000 - shown);
  });
});

const spec = {
  n: 1,
  revision: 'old',
  jarVersion: 'v1',
  jarSizeBytes: 1,
  taskDefinitionArn: '',
  flinkVersion: '1.20.5',
  posts: [],
  sightedOn: jm(),
};
