import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/**
 * Runs a Node program of its own and gives the JSON that it prints. Throws with what it said on stderr when it fails;
 * killed when the signal comes.
 */
export const runProgram = async (args: readonly string[], options: ProgramOptions): Promise<unknown> =>
  JSON.parse(await runForText(args, options));

/** The same, giving what it prints. */
export const runForText = async (args: readonly string[], { env, signal }: ProgramOptions): Promise<string> => {
  const child = spawn(process.execPath, args, {
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [code, out, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${errors.trim()}`);
  return out;
};

export type ProgramOptions = { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal };
