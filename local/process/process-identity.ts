import { readFileSync } from 'node:fs';

/**
 * What tells a process from any other that ever had its id: the boot and the start time. Undefined: no such process.
 * Linux only (/proc).
 */
export const processIdentity = (pid: number): string | undefined => {
  const stat = statOf(pid);
  // A zombie does nothing any more: only its parent has not looked yet.
  if (stat === undefined || stat.state === 'Z') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${stat.startTicks}`;
};

/** The process that started this one, or took it over. */
export const parentOf = (pid: number): number | undefined => statOf(pid)?.parent;

/** A process named so that it can be recognised later. */
export type ProcessRecord = { readonly pid: number; readonly identity: string };

/** True while exactly that process lives (not another one that got its id). */
export const isAlive = (record: ProcessRecord): boolean => processIdentity(record.pid) === record.identity;

/** This process, for lock files. */
export const thisProcess = (): ProcessRecord => ({ pid: process.pid, identity: processIdentity(process.pid) ?? '' });

/** Reads back what was written as JSON; undefined for anything else. */
export const parseProcessRecord = (text: string): ProcessRecord | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('identity' in value)) return undefined;
    const { pid, identity } = value;
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined;
  } catch {
    return undefined;
  }
};

type Stat = { readonly state: string; readonly parent: number; readonly startTicks: string };

const statOf = (pid: number): Stat | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets; the fields after its last ')' start with the state (field 3).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
};
