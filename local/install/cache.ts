import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProcesses, type Processes } from '../processes.ts';
import { reserveWaiting } from '../reserve.ts';
import { diskProblem } from './problems.ts';

/** Says what is going on and, where it is known, how much of it is done (0 to 1). */
export type Progress = (what: string, fraction?: number) => void;

/**
 * Returns the folder of something installed once for each user, and makes it if it is not there. `make` fills an empty
 * folder that gets its name only when it is complete, so a kill at any moment leaves nothing half done. Of two processes
 * at once, one makes it and the other waits.
 */
export const installOnce = async (name: string, report: Progress, make: Make): Promise<string> => {
  const made = cacheFolders(process.env)
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(folder));
  if (made !== undefined) return made;
  const cache = cacheFolder();
  const target = join(cache, name);
  const waiting = `waiting for another process that installs ${name}`;
  const lock = await reserveWaiting(`install ${userInfo().uid} ${target}`, (over) =>
    report(waiting, over ? 1 : undefined),
  );
  try {
    if (existsSync(target)) return target;
    sweepPartial(cache, name); // of one that was killed
    const partial = `${target}.partial-${process.pid}`;
    await withProcesses(join(partial, 'work'), (processes) => make(join(partial, 'out'), processes, partial));
    renameSync(join(partial, 'out'), target);
    rmSync(partial, { recursive: true, force: true });
    return target;
  } catch (error) {
    const problem = diskProblem(name, cache, String(error));
    sweepPartial(cache, name); // also to free what fills a disk
    throw problem === undefined ? error : new Error(problem, { cause: error });
  } finally {
    await lock.release();
  }
};

/** Fills `out`, which it makes itself; `scratch` is an existing folder for files that are not to be kept. */
export type Make = (out: string, processes: Processes, scratch: string) => Promise<void>;

const withProcesses = async (dir: string, work: (processes: Processes) => Promise<void>): Promise<void> => {
  const processes = await createProcesses(dir);
  try {
    await work(processes);
  } finally {
    await processes.close();
  }
};

const sweepPartial = (cache: string, name: string): void => {
  for (const entry of readdirSync(cache)) {
    if (entry.startsWith(`${name}.partial-`)) rmSync(join(cache, entry), { recursive: true, force: true });
  }
};

/** $XDG_CACHE_HOME or ~/.cache; where neither can be written, the project's own ignored folder. */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  const folder = cacheFolders(env).find(canWrite);
  if (folder === undefined) throw new Error(`Nothing can be installed: ${OWN} cannot be written.`);
  return folder;
};

/** A line for a person where what is downloaded cannot be shared with other checkouts of this user. */
export const cacheNote = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  cacheFolder(env) === OWN
    ? `no folder for caches can be written (XDG_CACHE_HOME, HOME): downloads go to ${OWN}`
    : undefined;

/** Where something may have been installed, the best place first. */
const cacheFolders = (env: NodeJS.ProcessEnv): readonly string[] => [
  ...[env.XDG_CACHE_HOME, env.HOME === undefined ? undefined : join(env.HOME, '.cache')]
    // A home that does not exist is not made; where it lies under /proc, Node's recursive mkdir would never come back.
    .filter((base) => base?.startsWith('/') === true && existsSync(dirname(base)))
    .map((base) => join(base ?? '', 'flink-autopilot')),
  OWN,
];

const OWN = fileURLToPath(new URL('../../.local/cache', import.meta.url));

const canWrite = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
