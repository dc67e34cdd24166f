import { expect, test } from 'vitest';
import { snapshotPlace } from '../../../lib/adapters/snapshot-place.ts';

test.each([
  ['s3://b/c/d', { store: 's3', bucket: 'b', key: 'c/d' }],
  ['s3a://b/c/d/', { store: 's3', bucket: 'b', key: 'c/d' }],
  ['s3p://b//c///d//', { store: 's3', bucket: 'b', key: 'c/d' }],
  ['s3://b', { store: 's3', bucket: 'b', key: '' }],
  ['s3://b/', { store: 's3', bucket: 'b', key: '' }],
  ['s3://b/c/../../../d', { store: 's3', bucket: 'b', key: 'd' }],
  ['s3://b/a b/ä%20+', { store: 's3', bucket: 'b', key: 'a b/ä%20+' }],
  ['file:/mnt/c', { store: 'file', file: '/mnt/c' }],
  ['file:///mnt/c/', { store: 'file', file: '/mnt/c' }],
  ['file:/', { store: 'file', file: '/' }],
  ['file:////mnt//c', { store: 'file', file: '/mnt/c' }],
])('%s is %j', (directory, place) => {
  expect(snapshotPlace(directory)).toEqual(place);
});

test.each(['', 's3://', 's3:///c', 'hdfs://n/c', 'gs://b/c', '/mnt/c', 'c/d', 'file:c', 'file://host/c', 'S3://b/c'])(
  '"%s" is in no store of ours',
  (directory) => {
    expect(() => snapshotPlace(directory)).toThrow(expect.objectContaining({ code: 'SNAPSHOTS_UNSUPPORTED' }));
  },
);
