import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewestFile } from '../../core/health/figures.ts';
import { newestBelow, type Page } from './newest-below.ts';

/** `SnapshotFiles.newest` on a file system; a link is followed by nobody. `missing` may throw for a directory that is not there. */
export const newestInFiles = async (
  directory: string,
  sinceMs: number,
  missing: (directory: string) => Promise<void>,
): Promise<NewestFile | undefined> => {
  const found = await newestBelow((path) => levelOf(path, missing), directory, sinceMs);
  return found && Object.freeze({ ...found, path: `file:${found.path}` });
};

/** As S3 counts them. */
const PAGE = 1_000;

async function* levelOf(directory: string, missing: (directory: string) => Promise<void>): AsyncGenerator<Page> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(async (thrown: unknown) => {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
    await missing(directory);
    return [];
  });
  const directories = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  yield { files: [], directories };
  for (let from = 0; from < files.length; from += PAGE) {
    const page = files.slice(from, from + PAGE).map(async (name) => {
      const { mtimeMs } = await lstat(join(directory, name));
      return { name, atMs: Math.round(mtimeMs) };
    });
    yield { files: await Promise.all(page), directories: [] };
  }
}
