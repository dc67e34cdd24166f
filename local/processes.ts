import { type ChildProcess, spawn as spawnChild } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createGuardian, type Guardian } from './process/guardian.ts';
import { processIdentity } from './process/process-identity.ts';
import { claimJournal } from './process/process-journal.ts';

/** How long a process may take to end after its signal before it is killed. */
const GRACE_MS = 5_000;

/**
 * Child processes that cannot outlive this one: each runs in a process group of its own, known to a guardian that kills
 * all groups when this process dies by any means. `dir` keeps a journal, by which the next run sweeps what even a
 * guardian could not end; one run at a time.
 */
export const createProcesses = async (dir: string): Promise<Processes> => {
  mkdirSync(dir, { recursive: true });
  const journal = join(dir, 'processes.jsonl');
  claimJournal(journal);
  const guardian = createGuardian();
  const alive = new Set<ChildProcess>();
  const end: Processes['end'] = (child, options) => endGroup(child, options);
  return {
    spawn: (command, args, options) => {
      const child = spawnWaiting(command, args, options);
      alive.add(child);
      child.once('exit', () => {
        alive.delete(child);
        // What the process left behind in its group (workers of a server) ends with it.
        if (child.pid !== undefined) forgetGroup(child.pid, guardian);
      });
      release(child, options.name, journal, guardian);
      return child;
    },
    end,
    close: async () => {
      await Promise.all([...alive].map((child) => end(child)));
      await guardian.close();
    },
  };
};

export type Processes = {
  /** Output of both kinds is appended to `logFile`. A command that does not exist ends with code 127 and says so there. */
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Sends SIGTERM (or `signal`) to the process's group, SIGKILL after `graceMs`; resolves when the process has ended. */
  end(child: ChildProcess, options?: EndOptions): Promise<void>;
  /** Ends all, then the guardian. */
  close(): Promise<void>;
};

export type SpawnOptions = { name: string; logFile: string; env: Record<string, string>; cwd?: string };

export type EndOptions = { signal?: NodeJS.Signals; graceMs?: number };

// The child waits for one line before it becomes the command: if we die before the guardian knows the group, the line
// never comes and the child ends by itself. `exec` keeps the process id.
const WAIT_THEN_EXEC = 'read -r go || exit 125; exec "$@" </dev/null';

const spawnWaiting = (command: string, args: readonly string[], options: SpawnOptions): ChildProcess => {
  const log = openSync(options.logFile, 'a');
  try {
    return spawnChild('/bin/sh', ['-c', WAIT_THEN_EXEC, options.name, command, ...args], {
      detached: true,
      env: options.env,
      stdio: ['pipe', log, log],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
  } finally {
    closeSync(log);
  }
};

const release = (child: ChildProcess, name: string, journal: string, guardian: Guardian): void => {
  const { pid, stdin } = child;
  if (pid === undefined || stdin === null) {
    child.once('error', () => {});
    throw new Error(`${name} could not be started`);
  }
  // A child that was killed meanwhile has closed its end: its exit is reported by itself.
  stdin.on('error', () => {});
  appendFileSync(journal, `${JSON.stringify({ pid, identity: processIdentity(pid) ?? '', name })}\n`);
  guardian.watch(pid, () => stdin.end('go\n'));
};

const forgetGroup = (group: number, guardian: Guardian): void => {
  signalGroup(group, 'SIGKILL');
  guardian.forget(group);
};

const endGroup = (child: ChildProcess, { signal = 'SIGTERM', graceMs = GRACE_MS }: EndOptions = {}): Promise<void> =>
  new Promise((resolve) => {
    const { pid } = child;
    if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
    const kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    child.once('exit', () => {
      clearTimeout(kill);
      resolve();
    });
    signalGroup(pid, signal);
  });

const signalGroup = (group: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: the group is gone already, which is what was wanted.
  }
};
