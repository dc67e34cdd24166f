import { lstat, open, opendir, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { Clock, SnapshotFiles, SnapshotMetadata } from '../ports.ts';
import { frozen } from './frozen.ts';
import { newestInFiles } from './output/newest-in-files.ts';
import { checkpointIdIn, HEAD_BYTES } from './snapshot-head.ts';
import { filePlace, mustBeDeep } from './snapshot-place.ts';

/** Snapshots on a file system that Flink and we have mounted at the same path, such as EFS. No link is followed below what is asked for. */
export const createFileSnapshots = ({ clock, limits = defaults }: FileSnapshotsOptions): SnapshotFiles => {
  const within = <T>(path: string, deadlineMs: number, work: () => Promise<T>) =>
    settled(path, deadlineMs - clock.nowMs(), work);
  const isTimeLeft = (deadlineMs: number) => () => clock.nowMs() < deadlineMs - MARGIN_MS;
  return {
    children: (directory, prefix, deadlineMs) =>
      within(directory, deadlineMs, () => directoriesIn(filePlace(directory), prefix, limits.childrenMax)),
    metadata: (path, deadlineMs) => within(path, deadlineMs, () => readHead(filePlace(path), path)),
    newest: (directory, sinceMs, deadlineMs) =>
      within(directory, deadlineMs, () => newestInFiles(filePlace(directory), sinceMs, mustBeMounted)),
    expiry: async () => undefined,
    size: (path, deadlineMs) =>
      within(path, deadlineMs, () => sizeOf(filePlace(path), limits.sizedFilesMax, isTimeLeft(deadlineMs))),
    remove: (path, deadlineMs) =>
      within(path, deadlineMs, async () => {
        mustBeDeep(path);
        return removeAll(filePlace(path), isTimeLeft(deadlineMs));
      }),
  };
};

export type FileSnapshotsOptions = {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly limits?: { readonly childrenMax: number; readonly sizedFilesMax: number };
};

/** One file's turn over the network takes a hundredth of this. */
const MARGIN_MS = 1_000;

const directoriesIn = async (directory: string, prefix: string, most: number): Promise<readonly string[]> => {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(directory)) {
      if (entry.isDirectory() && entry.name.startsWith(prefix)) names.push(entry.name);
      if (names.length > most) {
        throw new Fault('invalid', 'SNAPSHOTS_TOO_MANY', `${directory} holds over ${most} of "${prefix}…"`);
      }
    }
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    await mustBeMounted(directory);
    return frozen([]);
  }
  return frozen(names.sort());
};

const readHead = async (directory: string, path: string): Promise<SnapshotMetadata | undefined> => {
  try {
    const file = await open(join(directory, '_metadata'));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const { mtimeMs, size } = await file.stat();
      const id = checkpointIdIn(buffer.subarray(0, bytesRead), path);
      return frozen({ id, atMs: Math.round(mtimeMs), sizeBytes: size });
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    await mustBeMounted(directory);
    return undefined;
  }
};

/**
 * Nothing where there is nothing at all proves no absence: the file system may be mounted elsewhere only. Here it is mounted at a path of
 * two names, as Lambda has it (`/mnt/flink`); what is below it may be missing, since Flink makes it when it first writes there.
 */
const mustBeMounted = async (directory: string): Promise<void> => {
  const mount = directory.split('/').slice(0, 3).join('/');
  if ((await stat(mount).catch(ignoreMissing)) !== undefined) return;
  const advice = 'a file system that Flink writes to has to be mounted here at the same path';
  throw new Fault('rejected', 'SNAPSHOTS_UNREACHABLE', `${mount} is not there: ${advice}`);
};

const sizeOf = async (directory: string, most: number, isTimeLeft: () => boolean) => {
  let bytes = 0;
  let files = 0;
  for await (const { path, isDirectory } of everythingIn(directory)) {
    if (isDirectory) continue;
    if (files === most || !isTimeLeft()) return frozen({ bytes, files, more: true });
    files += 1;
    bytes += (await lstat(path).catch(ignoreMissing))?.size ?? 0;
  }
  return frozen({ bytes, files, more: false });
};

const removeAll = async (directory: string, isTimeLeft: () => boolean): Promise<boolean> => {
  const itself = await lstat(directory).catch(ignoreMissing);
  if (itself?.isSymbolicLink()) throw new Fault('invalid', 'SNAPSHOT_PATH', `a link to elsewhere: ${directory}`);
  for await (const { path, isDirectory } of everythingIn(directory)) {
    if (!isTimeLeft()) return false;
    await (isDirectory ? rmdir(path) : unlink(path)).catch(ignoreMissing);
  }
  await rmdir(directory).catch(ignoreMissing);
  return true;
};

/** What lies below a directory, each directory after its content; a link is a file. */
async function* everythingIn(
  directory: string,
): AsyncGenerator<{ readonly path: string; readonly isDirectory: boolean }> {
  const entries = await opendir(directory).catch(ignoreMissing);
  for await (const entry of entries ?? []) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* everythingIn(path);
    yield { path, isDirectory: entry.isDirectory() };
  }
}

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

const isMissing = (thrown: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown));

const ignoreMissing = (thrown: unknown): undefined => {
  if (!isMissing(thrown)) throw thrown;
};

/** A network's file system may hang: nobody waits for it beyond `leftMs`. */
const settled = async <T>(path: string, leftMs: number, work: () => Promise<T>): Promise<T> => {
  if (leftMs <= 0) throw new Fault('transient', 'SNAPSHOTS_UNAVAILABLE', `${path}: no time left to ask`);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const fault = new Fault('transient', 'SNAPSHOTS_UNAVAILABLE', `${path}: no answer in time`);
    timer = setTimeout(() => reject(fault), leftMs);
  });
  try {
    return await Promise.race([work(), silence]);
  } catch (thrown) {
    throw fileFault(path, thrown);
  } finally {
    clearTimeout(timer);
  }
};

const fileFault = (path: string, thrown: unknown): Fault => {
  if (thrown instanceof Fault) return thrown;
  const text = `${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  const isDenied = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(thrown));
  return isDenied
    ? new Fault('rejected', 'SNAPSHOTS_DENIED', text, { cause: thrown })
    : new Fault('transient', 'SNAPSHOTS_UNAVAILABLE', text, { cause: thrown });
};
