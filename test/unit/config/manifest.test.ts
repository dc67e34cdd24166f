import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseManifest } from '../../../lib/config.ts';
import { cluster, defaults, job, withCluster, withJob } from './manifests.ts';

describe('a manifest that is right', () => {
  it('gets the defaults of all that it leaves out', () => {
    expect(parseManifest({ clusters: [cluster] }, defaults)).toEqual({
      namespace: 'flink-autopilot-test',
      clusters: [
        {
          ...cluster,
          taskManagers: [],
          restPort: 8081,
          jobs: [{ ...job, args: [], flinkConfiguration: {}, enabled: true }],
        },
      ],
    });
  });

  it('is the one that the product is delivered with', () => {
    const manifest = parseManifest(parse(readFileSync('flink-jobs.yml', 'utf8')), defaults);
    const [job] = manifest.clusters[0]?.jobs ?? [];
    expect(job).toMatchObject({ parallelism: 2, enabled: true });
    expect(job).not.toHaveProperty('state'); // its totals are not to begin anew after a loss
  });

  it('is unchanged by being parsed again, as at a cold start', () => {
    const once = parseManifest(
      withJob({ slots: 3, mainClass: 'a.B$C', flinkConfiguration: { 'a.b': 1 }, enabled: false }),
      defaults,
    );
    expect(parseManifest(JSON.parse(JSON.stringify(once)), { ...defaults, namespace: 'other' })).toEqual(once);
  });

  it('may name its own namespace', () => {
    expect(parseManifest({ namespace: 'mine', clusters: [cluster] }, defaults).namespace).toBe('mine');
  });

  it('may say numbers and booleans as values of Flink’s configuration', () => {
    const { clusters } = parseManifest(
      withJob({ flinkConfiguration: { a: 10, b: true, c: '10 s', d: 0.5 } }),
      defaults,
    );
    expect(clusters[0]?.jobs[0]?.flinkConfiguration).toEqual({ a: '10', b: 'true', c: '10 s', d: '0.5' });
  });

  it.each([
    ['parallelism 1', withJob({ parallelism: 1 })],
    ['parallelism 32768', withJob({ parallelism: 32_768 })],
    ['port 65535', withCluster({ restPort: 65_535 })],
    ['a name of 64 characters', withJob({ name: 'n'.repeat(64) })],
    ['a jar in a folder with spaces', withJob({ jar: 's3://my.bucket-1/a b/c.jar' })],
    ['a cluster without jobs', withCluster({ jobs: [] })],
    ['one job name in two clusters', { clusters: [cluster, { ...cluster, name: 'd', jobManagers: ['jm2'] }] }],
    ['one service name in two ECS clusters', { clusters: [cluster, { ...cluster, name: 'd', ecsCluster: 'ecs2' }] }],
  ])('may have %s', (_, input) => {
    expect(() => parseManifest(input, defaults)).not.toThrow();
  });
});
