import { Fault } from '../core/errors.ts';
import type { SnapshotFiles } from '../ports.ts';
import { type SnapshotPlace, snapshotPlace } from './snapshot-place.ts';

/** Snapshots wherever Flink writes them: each call goes to the store that its directory names. */
export const createSnapshotFiles = (stores: SnapshotStores): SnapshotFiles => {
  const storeOf = (directory: string): SnapshotFiles => {
    const { store } = snapshotPlace(directory);
    const found = stores[store];
    if (found === undefined) throw new Fault('rejected', 'SNAPSHOTS_UNSUPPORTED', `not in reach: ${directory}`);
    return found;
  };
  return {
    children: async (directory, ...args) => storeOf(directory).children(directory, ...args),
    metadata: async (path, ...args) => storeOf(path).metadata(path, ...args),
    size: async (path, ...args) => storeOf(path).size(path, ...args),
    remove: async (path, ...args) => storeOf(path).remove(path, ...args),
  };
};

export type SnapshotStores = Partial<Readonly<Record<SnapshotPlace['store'], SnapshotFiles>>>;
