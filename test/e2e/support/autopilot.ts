import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Answer } from '../../../lib/operate/answers.ts';
import { awsEnvironment } from '../../../local/aws.ts';
import { PROJECT } from '../../../local/deploy/deploy.ts';
import type { World } from '../../../local/world.ts';

/** What a person types after `npx flink-autopilot`, against the deployed function: the exit code and the answer. */
export const autopilot = async (world: World, ...words: readonly string[]): Promise<Said> => {
  const { code, out, err } = await typed(world, [...words, '--json']);
  if (out === '') throw new Error(`flink-autopilot ${words.join(' ')} ended with ${code} and said: ${err}`);
  return { code, answer: JSON.parse(out) as Answer };
};

/** The same as a person sees it: all that is printed. */
export const autopilotPrints = async (world: World, ...words: readonly string[]): Promise<string> => {
  const { out, err } = await typed(world, words);
  return `${out}${err}`;
};

const typed = async ({ client }: World, words: readonly string[]) => {
  const child = spawn(process.execPath, [join(PROJECT, 'bin/flink-autopilot.js'), ...words], {
    env: { ...process.env, ...awsEnvironment(client) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: ANSWER_MAX_MS,
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: Number(code), out, err };
};

export type Said = { readonly code: number; readonly answer: Answer };

/** The function may take a minute. */
const ANSWER_MAX_MS = 90_000;
