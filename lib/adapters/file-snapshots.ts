import { lstat, open, opendir, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { Clock, SnapshotFiles, SnapshotMetadata } from '../ports.ts';
import { frozen } from './frozen.ts';
import { checkpointIdIn, HEAD_BYTES } from './snapshot-head.ts';
import { filePlace, mustBeDeep } from './snapshot-place.ts';

/** Snapshots on a file system that Flink and we have mounted at the same path, such as EFS. No link is followed below what is asked for. */
export const createFileSnapshots = ({ clock }: { readonly clock: Pick<Clock, 'nowMs'> }): SnapshotFiles => {
  const within = <T>(path: string, deadlineMs: number, work: () => Promise<T>) =>
    settled(path, deadlineMs - clock.nowMs(), work);
  return {
    children: (directory, prefix, deadlineMs) =>
      within(directory, deadlineMs, () => directoriesIn(filePlace(directory), prefix)),
    metadata: (path, deadlineMs) => within(path, deadlineMs, () => readHead(filePlace(path), path)),
    expiry: async () => undefined,
    size: (path, deadlineMs) => within(path, deadlineMs, () => sizeOf(filePlace(path))),
    remove: (path, deadlineMs) =>
      within(path, deadlineMs, async () => {
        mustBeDeep(path);
        return removeAll(filePlace(path), () => clock.nowMs() < deadlineMs - REMOVE_MARGIN_MS);
      }),
  };
};

/** One file's removal over the network takes a hundredth of this. */
const REMOVE_MARGIN_MS = 1_000;

const directoriesIn = async (directory: string, prefix: string): Promise<readonly string[]> => {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(directory)) {
      if (entry.isDirectory() && entry.name.startsWith(prefix)) names.push(entry.name);
      if (names.length > defaults.childrenMax) {
        throw new Fault(
          'invalid',
          'SNAPSHOTS_TOO_MANY',
          `${directory} holds over ${defaults.childrenMax} of "${prefix}…"`,
        );
      }
    }
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    await mustBeMounted(dirname(directory));
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
    // The directory of a snapshot, and that of its job, go with it; where jobs have theirs stays.
    await mustBeMounted(dirname(dirname(directory)));
    return undefined;
  }
};

/** Nothing where there is nothing at all proves no absence: the file system may be mounted elsewhere only. */
const mustBeMounted = async (directory: string): Promise<void> => {
  const there = await stat(directory).catch((thrown) => {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  });
  if (there !== undefined) return;
  const advice = 'a file system that Flink writes to has to be mounted here at the same path';
  throw new Fault('rejected', 'SNAPSHOTS_UNREACHABLE', `${directory} is not there: ${advice}`);
};

const sizeOf = async (directory: string) => {
  let bytes = 0;
  let files = 0;
  for await (const { path, isDirectory } of everythingIn(directory)) {
    if (isDirectory) continue;
    if (files === defaults.sizedFilesMax) return frozen({ bytes, files, more: true });
    files += 1;
    bytes += (await lstat(path)).size;
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
