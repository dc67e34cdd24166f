import { afterAll, describe, test } from 'vitest';
import { createFakeSnapshots } from '../support/fake-snapshots.ts';
import { bind } from './suites/case.ts';
import { snapshotsCases } from './suites/snapshots.ts';
import { fileSnapshotsCases, fileSnapshotsTarget } from './suites/snapshots-live.ts';

describe('snapshots in a plain memory keep the contract that S3 keeps', () => {
  const snapshots = createFakeSnapshots(Date.now);
  const target = {
    snapshots,
    root: 's3://bucket/flink',
    put: async (path: string, bytes: Uint8Array) => snapshots.put(path, bytes),
  };
  for (const { name, run } of bind(snapshotsCases, target)) test(name, run);
});

describe('snapshots in files keep the contract that S3 keeps', () => {
  const target = fileSnapshotsTarget();
  afterAll(() => target.close());
  for (const { name, run } of bind(fileSnapshotsCases, target)) test(name, run);
});
