import { expect, it } from 'vitest';
import { parseManifest } from '../../../lib/config.ts';
import { defaults, withCluster, withJob } from './manifests.ts';

const KEYS = ['checkpointDir', 'savepointDir'] as const;

it.each(['s3://state', 's3a://state/', 's3p://my.state-1/a b/ä%20', 'file:/mnt/state', 'file:///mnt/state'])(
  'snapshots may be in %s',
  (directory) => {
    for (const key of KEYS) {
      expect(parseManifest(withCluster({ [key]: directory }), defaults).clusters[0]?.[key]).toBe(directory);
      expect(parseManifest(withJob({ [key]: directory }), defaults).clusters[0]?.jobs[0]?.[key]).toBe(directory);
    }
  },
);

it.each([
  '',
  'state',
  '/mnt/state',
  's3://',
  's3://Bucket/a',
  's3://state/*',
  's3://state/a?',
  's3://state/$a',
  'file:',
  'hdfs://nn/a',
])('"%s" is no place for snapshots', (directory) => {
  const right = 'expected s3://bucket/path, or file:/path that is mounted in the functions, too; without *, ? or $';
  for (const key of KEYS) {
    const text = `.${key}: found "${directory}"; ${right}`;
    expect(() => parseManifest(withCluster({ [key]: directory }), defaults)).toThrow(`clusters[0]${text}`);
    expect(() => parseManifest(withJob({ [key]: directory }), defaults)).toThrow(`clusters[0].jobs[0]${text}`);
  }
});
