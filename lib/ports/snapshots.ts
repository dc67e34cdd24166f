import type { NewestFile } from '../core/health/figures.ts';

/**
 * The file store that Flink writes snapshots to: `s3://` (`s3a://`, `s3p://`) and `file:`. Directories are as Flink names them, with or
 * without a slash at the end; nothing in a name is percent-encoded. Faults: `rejected` SNAPSHOTS_DENIED, SNAPSHOTS_UNSUPPORTED (another
 * scheme), SNAPSHOTS_UNREACHABLE (no such bucket, a file system that is not mounted here); `transient`; `invalid` SNAPSHOTS_UNREADABLE, SNAPSHOTS_TOO_MANY (more
 * names than `childrenMax`: a part of them proves nothing).
 */
export type SnapshotFiles = {
  /** Names of the directories right below `directory` that begin with `prefix`, all of them or a Fault; none where it is not there. */
  children(directory: string, prefix: string, deadlineMs: number): Promise<readonly string[]>;
  /** Reads the head of `<path>/_metadata`; undefined: there is none. `invalid` SNAPSHOT_CORRUPT: it is empty, cut short or no metadata of Flink's. */
  metadata(path: string, deadlineMs: number): Promise<SnapshotMetadata | undefined>;
  /**
   * The newest finished file below `directory`, at any depth; one of `sinceMs` or later does, whether or not there are newer ones. Names that begin
   * with a dot or an underscore, or hold `.inprogress`, are not finished. `invalid` SNAPSHOTS_TOO_MANY: `outputPagesMax` pages did not hold all.
   */
  newest(directory: string, sinceMs: number, deadlineMs: number): Promise<NewestFile | undefined>;
  /**
   * What of the store deletes files below `directory`, or puts them out of reach, by itself after a while, in a sentence; undefined: nothing does.
   * SNAPSHOTS_DENIED says nothing of that.
   */
  expiry(directory: string, deadlineMs: number): Promise<string | undefined>;
  /** All bytes and files below `path`; `more`: there are more than are counted (`sizedFilesMax`, or as the deadline lets it). */
  size(
    path: string,
    deadlineMs: number,
  ): Promise<{ readonly bytes: number; readonly files: number; readonly more: boolean }>;
  /** Deletes everything below `path`, as far as the deadline lets it; true: nothing is left. `invalid` SNAPSHOT_PATH: too near to the root. */
  remove(path: string, deadlineMs: number): Promise<boolean>;
};

/** `atMs`: when the file was written; `id`: the checkpoint id in its head. */
export type SnapshotMetadata = { readonly id: number; readonly atMs: number; readonly sizeBytes: number };
