import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How many bytes the files of a folder hold, at every depth: what has arrived of a download. 0 where there is none. */
export const bytesBelow = (folder: string): number =>
  entriesOf(folder).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesBelow(path) : sizeOf(path));
  }, 0);

// Who downloads moves and removes files while we look.
const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
};

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
