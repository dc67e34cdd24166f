import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createGuardian } from './guardian.ts';

/**
 * Runs a command to its end, with our output; gives its exit code, or null where a signal ended it. It and all that is in
 * its process group end with us, whatever ends us. Rejects when it cannot be started.
 */
export const runGuarded = async (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<number | null> => {
  const guardian = createGuardian();
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  if (child.pid !== undefined) guardian.watch(child.pid, () => {});
  try {
    const [code] = await once(child, 'exit');
    return code;
  } finally {
    await guardian.close();
  }
};
