import { posix } from 'node:path';
import { Fault } from '../core/errors.ts';

/**
 * Where a directory is that Flink names. As its `Path` has it, a name is taken as it is (`%20` is three letters of it), several slashes
 * are one, and one at the end is none. `key` has no slash at either end and is empty for the bucket itself.
 */
export type SnapshotPlace =
  | { readonly store: 's3'; readonly bucket: string; readonly key: string }
  | { readonly store: 'file'; readonly file: string };

/** `rejected` SNAPSHOTS_UNSUPPORTED: another scheme, or none. */
export const snapshotPlace = (directory: string): SnapshotPlace => {
  const [, bucket, path = ''] = /^s3[ap]?:\/\/([^/]+)(\/.*)?$/s.exec(directory) ?? [];
  if (bucket !== undefined) return { store: 's3', bucket, key: normal(path).slice(1) };
  // A host between the slashes would be another machine's.
  const [, file] = /^file:(?:\/\/(?=\/)|(?!\/\/))(\/.*)$/s.exec(directory) ?? [];
  if (file !== undefined) return { store: 'file', file: normal(file) || '/' };
  const why = `neither s3: nor file: ${directory}`;
  throw new Fault('rejected', 'SNAPSHOTS_UNSUPPORTED', why, { context: { directory } });
};

/** The bucket and the key of a directory; `rejected` SNAPSHOTS_UNSUPPORTED where it is none in S3. */
export const s3Place = (directory: string): Extract<SnapshotPlace, { readonly store: 's3' }> => {
  const place = snapshotPlace(directory);
  if (place.store === 's3') return place;
  throw new Fault('rejected', 'SNAPSHOTS_UNSUPPORTED', `not in S3: ${directory}`);
};

/** The path of a directory of files; `rejected` SNAPSHOTS_UNSUPPORTED where it is none. */
export const filePlace = (directory: string): string => {
  const place = snapshotPlace(directory);
  if (place.store === 'file') return place.file;
  throw new Fault('rejected', 'SNAPSHOTS_UNSUPPORTED', `no file: ${directory}`);
};

/** `invalid` SNAPSHOT_PATH for what is too much to be one snapshot: a bucket, the root, or what lies right below the root. */
export const mustBeDeep = (directory: string): void => {
  const place = snapshotPlace(directory);
  const names = place.store === 's3' ? `${place.bucket}/${place.key}` : place.file;
  if (names.split('/').filter((name) => name !== '').length > 1) return;
  throw new Fault('invalid', 'SNAPSHOT_PATH', `too much to be one snapshot: ${directory}`);
};

const normal = (path: string): string => posix.normalize(`/${path}`).replace(/\/$/, '');
