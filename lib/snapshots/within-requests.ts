import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { SnapshotFiles } from '../ports.ts';

/** What a search asks the file store. */
export type Reads = Pick<SnapshotFiles, 'children' | 'metadata' | 'size'>;

/** A bucket may hold anything: a search that needs more requests than this has seen a part only. */
export const withinRequests = (files: Reads): Reads => {
  let left = defaults.snapshotRequestsMax;
  const count = (path: string): void => {
    left -= 1;
    if (left < 0)
      throw new Fault(
        'rejected',
        'SNAPSHOTS_TOO_MANY',
        `more than ${defaults.snapshotRequestsMax} requests would be needed to search ${path}`,
      );
  };
  return {
    children: async (directory, prefix, deadlineMs) => {
      count(directory);
      return files.children(directory, prefix, deadlineMs);
    },
    metadata: async (path, deadlineMs) => {
      count(path);
      return files.metadata(path, deadlineMs);
    },
    size: async (path, deadlineMs) => {
      count(path);
      return files.size(path, deadlineMs);
    },
  };
};
