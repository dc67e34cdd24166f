import { readFileSync } from 'node:fs';
import { isAlive, type ProcessRecord, parentOf, processIdentity } from './process-identity.ts';

/**
 * Calls `gone` when the npm that runs this process has ended, or the shell between them. A signal sent to npm alone does
 * not reach us: the shell dies of SIGTERM without passing it on, and nobody can pass on a SIGKILL.
 */
export const watchNpm = (gone: () => void): void => {
  const above = processesUpToNpm();
  const timer = setInterval(() => {
    if (above.every(isAlive)) return;
    clearInterval(timer);
    gone();
  }, EVERY_MS);
  timer.unref();
};

const EVERY_MS = 100;

// npm, a shell, us; some shells replace themselves by us.
const LEVELS_MAX = 3;

/** Our ancestors up to npm; none when it was not npm that started us. */
export const processesUpToNpm = (): ProcessRecord[] => {
  const above: ProcessRecord[] = [];
  let pid: number | undefined = process.ppid;
  for (let level = 0; level < LEVELS_MAX && pid !== undefined; level++) {
    const identity = processIdentity(pid);
    if (identity === undefined) return [];
    above.push({ pid, identity });
    if (isNpm(pid)) return above;
    pid = parentOf(pid);
  }
  return [];
};

// npm names itself 'npm start'; before it has done so it is still 'node …/bin/npm-cli.js'.
const isNpm = (pid: number): boolean => {
  try {
    return /^npm |\/npm(-cli\.js)?( |$)/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
  } catch {
    return false;
  }
};
