import type { SnapshotFiles } from '../ports.ts';
import { type SnapshotPlace, snapshotPlace } from './snapshot-place.ts';

/** Snapshots wherever Flink writes them: each call goes to the store that its directory names, which is made when it is first needed. */
export const createSnapshotFiles = (stores: SnapshotStores): SnapshotFiles => {
  const storeOf = (directory: string): Promise<SnapshotFiles> => stores[snapshotPlace(directory).store]();
  return {
    children: async (directory, ...args) => (await storeOf(directory)).children(directory, ...args),
    metadata: async (path, ...args) => (await storeOf(path)).metadata(path, ...args),
    newest: async (directory, ...args) => (await storeOf(directory)).newest(directory, ...args),
    expiry: async (directory, ...args) => (await storeOf(directory)).expiry(directory, ...args),
    size: async (path, ...args) => (await storeOf(path)).size(path, ...args),
    remove: async (path, ...args) => (await storeOf(path)).remove(path, ...args),
  };
};

export type SnapshotStores = Readonly<Record<SnapshotPlace['store'], () => Promise<SnapshotFiles>>>;
