import { describe, expect, it } from 'vitest';
import { cluster, linesOf, withCluster, withJob } from './manifests.ts';

const OUTPUT = { prefix: 's3://bucket/orders', within: '30m' };

describe('a wrong value of a job’s health or healing', () => {
  it.each<[string, unknown, string]>([
    ['health', 'on', 'found "on"; expected a mapping such as { restarts: 5, restartsWithin: 15m }'],
    ['health.restarts', 0, 'found 0; expected a whole number from 1 to 1000, such as 5'],
    ['health.restarts', '5', 'found "5"; expected a whole number from 1 to 1000, such as 5'],
    ['health.restartsWithin', '90m', 'found "90m"; expected a time from 2m to 1h, such as 15m'],
    ['health.restartsWithin', 15, 'found 15; expected a time from 2m to 1h, such as 15m'],
    ['health.checkpointFailures', 10, 'found 10; expected a whole number from 1 to 9, such as 3'],
    ['health.checkpointWithin', '20 min', 'found "20 min"; expected a time from 10s to 99d, such as 20m or 2h'],
    ['health.checkpointAge', '100d', 'found "100d"; expected a time from 10s to 99d, such as 1h'],
    ['health.tasksWithin', '9s', 'found "9s"; expected a time from 10s to 99d, such as 5m'],
    ['health.tasksWithin', 300, 'found 300; expected a time from 10s to 99d, such as 5m'],
    ['health.backPressure', 90, 'found 90; expected 50% to 100%, such as 90%, or off'],
    ['health.backPressure', '49%', 'found "49%"; expected 50% to 100%, such as 90%, or off'],
    ['health.backPressureWithin', '9m', 'found "9m"; expected a time from 10m to 6h, such as 30m'],
    ['health.output', 's3://bucket/orders', 'found "s3://bucket/orders"; expected a mapping such as { prefix: s3:'],
    ['health.output.prefix', 'orders', 'found "orders"; expected s3://bucket/path, or file:/path'],
    ['health.output.within', '9m', 'found "9m"; expected a time from 10m to 99d, such as 30m or 2h'],
    ['health.output.within', undefined, 'missing; expected a time from 10m to 99d, such as 30m or 2h'],
    ['health.exceptions', true, 'found true; expected tell'],
    ['healing', 3, 'found 3; expected a mapping such as { restarts: 2, distance: 10m }'],
    ['healing.restarts', 9, 'found 9; expected a whole number from 0 to 8, such as 2'],
    ['healing.distance', '2h', 'found "2h"; expected a time from 10s to 1h, such as 90s or 5m'],
    ['healing.distance', 300, 'found 300; expected a time from 10s to 1h, such as 90s or 5m'],
  ])('%s: %j is answered with what would be right', (path, value, text) => {
    const [line = '', ...more] = linesOf(withJob(at(path.split('.'), value)));
    expect(line.slice(0, `clusters[0].jobs[0].${path}: ${text}`.length)).toBe(`clusters[0].jobs[0].${path}: ${text}`);
    expect(more).toEqual([]);
  });
});

describe('a key that stands in the wrong place', () => {
  it.each<[string, unknown, string]>([
    [
      'health of a cluster',
      withCluster({ health: {} }),
      'clusters[0].health: unknown name here; it belongs in clusters[].jobs[]',
    ],
    [
      'healing of a cluster',
      withCluster({ healing: {} }),
      'clusters[0].healing: unknown name here; it belongs in clusters[].jobs[]',
    ],
    [
      'a limit beside health',
      withJob({ tasksWithin: '5m' }),
      'tasksWithin: unknown name here; it belongs in clusters[].jobs[].health',
    ],
    [
      'restarts of whom nobody knows',
      withJob({ restarts: 2 }),
      'restarts: unknown name here; it belongs in clusters[].jobs[].health or in clusters[].jobs[].healing',
    ],
    [
      'alerts of a cluster',
      withCluster({ alerts: {} }),
      'clusters[0].alerts: unknown name here; it belongs at the top of the file',
    ],
    ['webhooks at the top', { clusters: [cluster], webhooks: [] }, 'webhooks: unknown name here; it belongs in alerts'],
  ])('%s: says where it belongs', (_, input, text) => {
    expect(linesOf(input).join()).toContain(text);
  });
});

/** The value at the end of the path; what stands beside it is right. */
const at = ([key = '', ...rest]: readonly string[], value: unknown): object => {
  const inner = rest.length === 0 ? value : at(rest, value);
  return { [key]: key === 'output' && typeof inner === 'object' ? { ...OUTPUT, ...inner } : inner };
};
