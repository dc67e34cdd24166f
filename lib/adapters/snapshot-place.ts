import { posix } from 'node:path';
import { Fault } from '../core/errors.ts';

/**
 * A directory as Flink names it (its `Path`): the name is taken as it is, `%20` is three letters of it; several slashes are one, and one at the end is none.
 * `key` has no slash at either end; the root's is empty.
 */
export type SnapshotPlace =
  | { readonly store: 's3'; readonly bucket: string; readonly key: string }
  | { readonly store: 'file'; readonly file: string };

/** Where a directory is. `rejected` SNAPSHOTS_UNSUPPORTED: another scheme, or none. */
export const snapshotPlace = (directory: string): SnapshotPlace => {
  const [, bucket, path = ''] = /^s3[ap]?:\/\/([^/]+)(\/.*)?$/s.exec(directory) ?? [];
  if (bucket !== undefined) return { store: 's3', bucket, key: normal(path).slice(1) };
  const [, file] = /^file:(?:\/\/)?(\/.*)$/s.exec(directory) ?? [];
  if (file !== undefined) return { store: 'file', file: normal(file) || '/' };
  throw new Fault('rejected', 'SNAPSHOTS_UNSUPPORTED', `neither s3: nor file: ${directory}`, {
    context: { directory },
  });
};

const normal = (path: string): string => posix.normalize(`/${path}`).replace(/\/$/, '');
