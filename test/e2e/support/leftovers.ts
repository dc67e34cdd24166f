import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that belongs to a folder: its command line, its environment or its own folder names it. */
export type Leftover = { readonly pid: number; readonly command: string };

/** Every living process, but this one, that belongs to the folder. */
export const processesOf = (folder: string): readonly Leftover[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .flatMap((pid) => {
      const command = read(pid, 'cmdline').replaceAll('\0', ' ').trim();
      const traces = [command, read(pid, 'environ'), folderOf(pid)];
      // A zombie has no command line any more: it is dead.
      return command !== '' && traces.some((trace) => trace.includes(folder)) ? [{ pid, command }] : [];
    });

/** Ends what is left of a test that failed. */
export const killProcessesOf = (folder: string): void => {
  for (const { pid } of processesOf(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended between the look and the kill.
    }
  }
};

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile, or belongs to another user
  }
};

const folderOf = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};
