import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../lib/config.ts';
import type { ClusterSpec, JobSpec } from '../../../lib/core/model.ts';
import { cluster, defaults, job, urlCluster, withCluster, withJob } from './manifests.ts';

const clusterOf = (input: unknown): ClusterSpec | undefined => parseManifest(input, defaults).clusters[0];
const jobOf = (fields: object): JobSpec | undefined => clusterOf(withJob(fields))?.jobs[0];

const password = '\x24{secret:flink/rest#password}';

describe('a cluster', () => {
  it('by url has no ECS services', () => {
    expect(clusterOf({ clusters: [urlCluster] })).toEqual({
      ...urlCluster,
      ecsCluster: '',
      jobManagers: [],
      taskManagers: [],
      restPort: 8081,
      jobs: [{ ...job, args: [], flinkConfiguration: {}, enabled: true }],
    });
  });

  it.each(['http://flink', 'https://flink.example.com', 'http://10.0.1.23:8081', 'https://[::1]:65535'])(
    'may be at %s',
    (url) => {
      expect(clusterOf({ clusters: [{ ...urlCluster, url }] })?.url).toBe(url);
    },
  );

  it.each<[string, object, Partial<ClusterSpec>]>([
    ['TLS alone', { tls: true }, { tls: {} }],
    ['a name in the certificate', { tls: { serverName: 'flink.internal' } }, { tls: { serverName: 'flink.internal' } }],
    ['its own authority', { tls: { ca: '\x24{ssm:/flink/ca}' } }, { tls: { ca: '\x24{ssm:/flink/ca}' } }],
    [
      'a password',
      { auth: { kind: 'basic', username: 'u', password } },
      { auth: { kind: 'basic', username: 'u', password } },
    ],
    ['a token', { auth: { kind: 'bearer', token: password } }, { auth: { kind: 'bearer', token: password } }],
    [
      'a client certificate',
      { tls: true, auth: { kind: 'mutual', certificate: 'PEM', key: '\x24{secret:flink-key}' } },
      { auth: { kind: 'mutual', certificate: 'PEM', key: '\x24{secret:flink-key}' } },
    ],
    ['a mode', { mode: 'watch', modeBecause: 'AUTO_SUBMIT_JOB=false' }, { mode: 'watch' }],
    ['a pause of none', { submitAfterSeconds: 0 }, { submitAfterSeconds: 0 }],
    ['a pause of an hour', { submitAfterSeconds: 3_600 }, { submitAfterSeconds: 3_600 }],
    ['several JobManager services', { jobManagers: ['jm-a', 'jm-b'] }, { jobManagers: ['jm-a', 'jm-b'] }],
  ])('may have %s', (_, fields, expected) => {
    expect(clusterOf(withCluster(fields))).toMatchObject(expected);
  });

  it('leaves out what holds anyway', () => {
    expect(clusterOf(withCluster({ mode: 'run', modeBecause: 'for now', auth: { kind: 'none' } }))).toEqual(
      clusterOf({ clusters: [cluster] }),
    );
  });
});

describe('a job', () => {
  it.each<[string, object, Partial<JobSpec>]>([
    ['a baked jar', { jar: 'image:orders-1.2.jar' }, { jar: 'image:orders-1.2.jar' }],
    ['an end', { bounded: true }, { bounded: true }],
    ['the least priority', { priority: -1_000 }, { priority: -1_000 }],
    ['garbage that is deleted', { garbage: 'delete' }, { garbage: 'delete' }],
    ['garbage that is kept', { garbage: 'keep' }, {}],
    ['savepoints', { savepoints: { every: '24h' } }, { savepoints: { every: '24h' } }],
    [
      'savepoints of which some are kept',
      { savepoints: { every: '10m', keep: 30 } },
      { savepoints: { every: '10m', keep: 30 } },
    ],
    ['the highest priority', { priority: 1_000 }, { priority: 1_000 }],
    ['a mode', { mode: 'dry-run' }, { mode: 'dry-run' }],
    ['a secret among its arguments', { args: [`--password=${password}`] }, { args: [`--password=${password}`] }],
    [
      'a secret in its configuration',
      { flinkConfiguration: { 's3.secret-key': '\x24{ssm:/flink/s3-key}' } },
      { flinkConfiguration: { 's3.secret-key': '\x24{ssm:/flink/s3-key}' } },
    ],
    ['a literal that looks like a reference', { args: ['\x24\x24{now}'] }, { args: ['\x24\x24{now}'] }],
  ])('may have %s', (_, fields, expected) => {
    expect(jobOf(fields)).toMatchObject(expected);
  });

  it('leaves out what holds anyway', () => {
    expect(jobOf({ mode: 'run', bounded: false })).toEqual(jobOf({}));
  });

  it('may wait for others of its cluster, also for one that is switched off', () => {
    const jobs = [
      { ...job, after: ['b', 'c'] },
      { ...job, name: 'b', after: ['c'] },
      { ...job, name: 'c', enabled: false },
    ];
    expect(clusterOf(withCluster({ jobs }))?.jobs.map(({ after }) => after)).toEqual([['b', 'c'], ['c'], undefined]);
  });
});
