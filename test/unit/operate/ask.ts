import { frozen } from '../../../lib/adapters/frozen.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import type { Answer } from '../../../lib/operate/answers.ts';
import { operate } from '../../../lib/operate.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster } from '../../support/builders.ts';
import { type Broken, type FakeWorld, portsOf } from '../pass/fake-ports.ts';

type Given = { readonly clusters?: readonly Cluster[]; readonly broken?: Broken; readonly forMs?: number };

/** An operation's longest time. */
const MINUTE = 60_000;

/** What a person is answered. */
export const ask = (
  world: FakeWorld,
  input: unknown,
  { clusters = [aCluster()], broken, forMs = MINUTE }: Given = {},
): Promise<Answer> => operate(portsOf(world, broken), clusters, frozen(input), { untilMs: world.nowMs + forMs });

/** The answer of that operation; anything else fails the test. */
export const answered = async <Op extends 'status' | 'plan' | 'history' | 'orders' | 'order'>(
  op: Op,
  world: FakeWorld,
  more: object = {},
  given: Given = {},
): Promise<Extract<Answer, { op: Op }>> => {
  const answer = await ask(world, { op, ...more }, given);
  if (!isOf(op, answer)) throw new Error(JSON.stringify(answer));
  return answer;
};

const isOf = <Op extends string>(op: Op, answer: Answer): answer is Extract<Answer, { op: Op }> =>
  answer.ok && answer.op === op;

/** What is wrong, as the person is told. */
export const refused = async (world: FakeWorld, input: unknown, given: Given = {}): Promise<Answer> => {
  const answer = await ask(world, input, given);
  if (answer.ok) throw new Error(`not refused: ${JSON.stringify(answer)}`);
  return answer;
};

/** A scheduled look at the cluster. */
export const lookedAt = async (world: FakeWorld, cluster = aCluster(), broken: Broken = {}): Promise<void> => {
  await reconcile(portsOf(world, broken), cluster, { untilMs: world.nowMs + MINUTE, wait: false });
};
