import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import type { Processes } from '../processes.ts';

/** Runs a command to its end; throws with the last lines of its output when it fails. */
export const runCommand = async (
  processes: Processes,
  command: string,
  args: readonly string[],
  options: { logFile: string; env?: Record<string, string>; advice?: string },
): Promise<void> => {
  const env = { ...ownEnv(), ...options.env };
  const child = processes.spawn(command, args, { name: command, logFile: options.logFile, env });
  const [code] = await once(child, 'exit');
  const output = readFileSync(options.logFile, 'utf8');
  rmSync(options.logFile);
  if (code === 0) return;
  const tail = output.trim().split('\n').slice(-TAIL_LINES).join('\n');
  throw new Error(
    [`${command} ${args.slice(0, 3).join(' ')} failed:`, tail, options.advice].filter(Boolean).join('\n'),
  );
};

/** This process's environment without its undefined entries. */
export const ownEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

const TAIL_LINES = 12;
