import { defaults } from '../../core/defaults.ts';
import { Fault } from '../../core/errors.ts';
import type { NewestFile } from '../../core/health/figures.ts';

/** A page of what lies right below a directory; names without it, and without a slash. */
export type Page = {
  readonly files: readonly { readonly name: string; readonly atMs: number }[];
  readonly directories: readonly string[];
};

/**
 * `SnapshotFiles.newest`, whatever holds the files. Sinks put them into directories whose names grow with time (`2026-11-29--15`, `dt=2026-11-29`): of
 * each level the last one by name is looked at first, so that what a job writes now is found in its first few pages. Where the limit of pages is reached
 * between two directories, what the last ones hold counts: older ones have nothing that is newer.
 */
export const newestBelow = async (
  pagesOf: (directory: string) => AsyncIterable<Page>,
  directory: string,
  sinceMs: number,
): Promise<NewestFile | undefined> => {
  const waiting = [directory.replace(/\/+$/, '')];
  let newest: NewestFile | undefined;
  let pages = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages >= defaults.health.outputPagesMax && newest !== undefined) return Object.freeze(newest);
    const below: string[] = [];
    for await (const { files, directories } of pagesOf(path)) {
      pages += 1;
      for (const { name, atMs } of files)
        if (isFinished(name) && atMs > (newest?.atMs ?? Number.NEGATIVE_INFINITY))
          newest = { path: `${path}/${name}`, atMs };
      if (newest !== undefined && newest.atMs >= sinceMs) return Object.freeze(newest);
      if (pages > defaults.health.outputPagesMax) throw tooMany(directory);
      below.push(...directories.filter(isFinished));
    }
    waiting.push(...below.sort().map((name) => `${path}/${name}`));
  }
  return newest && Object.freeze(newest);
};

/** A marker of a directory has no name. */
const isFinished = (name: string): boolean => !/^(?:[._]|$)/.test(name) && !name.includes('.inprogress');

const tooMany = (directory: string): Fault =>
  new Fault(
    'invalid',
    'SNAPSHOTS_TOO_MANY',
    `${directory} holds more files than ${defaults.health.outputPagesMax} pages list, and none of them is new`,
  );
