import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Answer, JobStatus } from '../../../lib/operate/answers.ts';
import { awsEnvironment } from '../../../local/aws.ts';
import { PROJECT } from '../../../local/deploy/deploy.ts';
import { waitFor } from '../../../local/wait-for.ts';
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

/** What a job's status is, by the real function. */
export const statusOfJob = async (world: World, cluster: string, job: string): Promise<JobStatus | undefined> => {
  const { answer } = await autopilot(world, 'status', cluster);
  if (!answer.ok || answer.op !== 'status') throw new Error(`no status: ${JSON.stringify(answer)}`);
  return answer.clusters.flatMap(({ jobs }) => jobs).find((each) => each.job === job);
};

/** Gives an order of that kind and waits until a pass has taken it: while another pass is under way it stays open for a moment. */
export const giveOrder = async (world: World, ...words: readonly string[]): Promise<void> => {
  const { code, answer } = await autopilot(world, ...words);
  const isGiven = code === 0 && answer.ok && answer.op === 'order' && answer.came !== 'dropped';
  if (!isGiven) throw new Error(`${words.join(' ')} ended with ${code}: ${JSON.stringify(answer)}`);
  const { id } = answer.order;
  if (answer.came === 'open')
    await waitFor(`${words[0]} to be taken`, TAKEN_MAX_MS, async () => {
      const { answer: left } = await autopilot(world, 'orders');
      return left.ok && left.op === 'orders' && left.orders.every((order) => order.id !== id);
    });
};

/** A pass over the cluster now, and one more, in place of the schedule's: they leave nothing but lines of the audit trail. */
export const lookNow = async (world: World, cluster: string): Promise<void> => {
  for (const word of ['pause', 'resume']) await giveOrder(world, word, cluster, '--why', LOOK_NOW);
};

/** Why `lookNow` gives its orders. */
export const LOOK_NOW = 'to have it looked at now';

/** Two of the schedule's minutes. */
const TAKEN_MAX_MS = 130_000;

export type Said = { readonly code: number; readonly answer: Answer };

/** The function may take a minute. */
const ANSWER_MAX_MS = 90_000;
