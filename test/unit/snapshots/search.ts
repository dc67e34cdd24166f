import type { SnapshotFiles } from '../../../lib/ports.ts';
import { findSnapshots } from '../../../lib/snapshots/find-snapshots.ts';
import { idOf, t0 } from '../../support/builders.ts';
import { createFakeSnapshots, type FakeSnapshots } from '../../support/fake-snapshots.ts';
import { places } from './places.ts';

/** Where they are by the cluster's configuration. */
export const CHECKPOINTS = 's3://state/checkpoints';
export const chk = (id: number, n = 1): string => `${CHECKPOINTS}/${idOf(n)}/chk-${id}`;

/** A store that holds these complete snapshots, by path. */
export const storeWith = (...snapshots: readonly (readonly [string, number])[]): FakeSnapshots => {
  const files = createFakeSnapshots(() => t0);
  for (const [path, id] of snapshots) files.snapshot(path, id);
  return files;
};

/** What is found, each as attempt and checkpoint id, and how many requests that took. */
export const search = async (files: SnapshotFiles, given: Parameters<typeof places>[0] = {}) => {
  let requests = 0;
  const counted: SnapshotFiles = {
    ...files,
    children: async (...args) => {
      requests += 1;
      return files.children(...args);
    },
    metadata: async (...args) => {
      requests += 1;
      return files.metadata(...args);
    },
  };
  const { found, directories, partial } = await findSnapshots(counted, places(given), t0 + 1_000);
  const ids = found.map(({ attempt, id }) => [attempt, id]);
  return { found: ids, first: found[0], directories, requests, partial: partial?.code };
};
