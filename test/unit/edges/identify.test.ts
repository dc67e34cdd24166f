import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Job, JobSpec } from '../../../lib/core/model.ts';
import { identify } from '../../../lib/identify.ts';
import { aCluster } from '../../support/builders.ts';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const spec: JobSpec = {
  name: 'orders',
  jar: 's3://jars/orders.jar',
  args: ['--a', '1'],
  flinkConfiguration: { 'x.y': '1', 'a.b': '2' },
  enabled: true,
};
const identified = (
  changes: Partial<JobSpec> = {},
  namespace = 'autopilot-dev',
  cluster = 'realtime',
): Job | undefined =>
  identify({ namespace, clusters: [{ ...aCluster(), name: cluster, jobs: [{ ...spec, ...changes }] }] }, sha256Hex)[0]
    ?.jobs[0];

describe('the lineage of a job', () => {
  it('is 8 bytes of namespace, cluster and name', () => {
    expect(identified()?.lineage).toBe(sha256Hex('autopilot-dev|realtime|orders').slice(0, 16));
  });

  it.each([
    ['namespace: two stages share none', identified({}, 'autopilot-prod')],
    ['cluster', identified({}, 'autopilot-dev', 'other')],
    ['name', identified({ name: 'orders-1' })],
  ])('is another with another %s', (_, other) => {
    expect(other?.lineage).toMatch(/^[0-9a-f]{16}$/);
    expect(other?.lineage).not.toBe(identified()?.lineage);
  });

  it('stays when the spec changes', () => {
    expect(identified({ args: [] })?.lineage).toBe(identified()?.lineage);
  });
});

describe('the revision of a job', () => {
  it.each<[string, Partial<JobSpec>]>([
    ['jar', { jar: 's3://jars/new.jar' }],
    ['main class', { mainClass: 'Main' }],
    ['arguments', { args: ['1', '--a'] }],
    ['parallelism', { parallelism: 2 }],
    ['slots', { slots: 2 }],
    ['Flink configuration', { flinkConfiguration: { 'x.y': '1', 'a.b': '3' } }],
    ['state', { state: 'none' }],
    ['end', { bounded: true }],
  ])('changes with its %s', (_, changes) => {
    expect(identified(changes)?.revision).not.toBe(identified()?.revision);
  });

  it.each<[string, Partial<JobSpec>]>([
    ['it is switched off', { enabled: false }],
    ['its name on Flink is given', { flinkName: 'Orders' }],
    ['it is only watched', { mode: 'watch' }],
    ['it goes first when slots are short', { priority: 10 }],
    ['it waits for another', { after: ['other'] }],
    ['its garbage is deleted', { garbage: 'delete' }],
    ['savepoints are taken of it', { savepoints: { every: '24h', keep: 7 } }],
    ['its health is told at other limits', { health: { backPressure: 'off' } }],
    ['it is healed less often', { healing: { restarts: 0 } }],
    ['the keys of its configuration are in another order', { flinkConfiguration: { 'a.b': '2', 'x.y': '1' } }],
  ])('stays when %s', (_, changes) => {
    expect(identified(changes)?.revision).toBe(identified()?.revision);
  });

  it('is the one that earlier versions computed: an upgrade of the autopilot is no drift', () => {
    expect(identified()?.revision).toBe('cfbfd534cbbd6dda');
    expect(identified({ mainClass: 'a.B', parallelism: 2, slots: 3, flinkName: 'O', state: 'none' })?.revision).toBe(
      'bd7e058e32de8a12',
    );
  });
});

describe('a cluster by url', () => {
  it('has lineages and revisions like any other', () => {
    const place = { ecsCluster: '', jobManagers: [], taskManagers: [], url: 'http://flink:8081' };
    const [cluster] = identify(
      { namespace: 'autopilot-dev', clusters: [{ ...aCluster(), ...place, name: 'realtime', jobs: [spec] }] },
      sha256Hex,
    );
    expect(cluster).toMatchObject(place);
    expect(cluster?.jobs[0]).toEqual(identified());
  });
});
