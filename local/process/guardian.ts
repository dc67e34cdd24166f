import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts a small process that outlives this one just long enough to kill the process groups it watches. It notices our
 * end by the end of its standard input, so a SIGKILL of ours is as good as an exit. If it dies itself, another is started.
 */
export const createGuardian = (): Guardian => {
  const groups = new Set<number>();
  let closing = false;
  let guard: ChildProcess;
  const tell = (line: string, done?: () => void) => guard.stdin?.write(`${line}\n`, () => done?.());
  const start = () => {
    guard = spawn('/bin/sh', [SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    guard.stdin?.on('error', () => {});
    guard.once('exit', () => {
      if (!closing) start();
    });
    for (const group of groups) tell(`+ ${group}`);
  };
  start();
  return {
    watch: (group, watched) => {
      groups.add(group);
      tell(`+ ${group}`, watched);
    },
    forget: (group) => {
      groups.delete(group);
      tell(`- ${group}`);
    },
    close: () => {
      closing = true;
      return new Promise((resolve) => {
        guard.once('exit', () => resolve());
        guard.stdin?.end();
      });
    },
  };
};

export type Guardian = {
  /** `watched` is called when the guardian has the group in its hands. */
  watch(group: number, watched: () => void): void;
  forget(group: number): void;
  /** Ends the guardian and every group still watched. */
  close(): Promise<void>;
};

const SCRIPT = fileURLToPath(new URL('guardian.sh', import.meta.url));
