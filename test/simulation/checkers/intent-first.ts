import type { Attempt } from '../../../lib/core/model.ts';
import type { Changes } from '../../../lib/ports.ts';
import type { World } from '../world/world.ts';
import { type Checker, eachOf, type Run } from './checker.ts';
import { senderOf } from './sender.ts';

/** I3: what reaches a process was intended for it, in the store, and each intent reaches it once at most. */
export const intentFirst: Checker = (run) => {
  const { posts, cancels, triggers, losses } = run.world.truth;
  const sent = new Map<string, number>();
  let lost = 0;
  const eachPost = eachOf(run, posts, (post) => {
    // A store that lost something, or is as it was before, has forgotten how often.
    if (losses.length > lost) sent.clear();
    lost = losses.length;
    return notIntended(run, post, sent);
  });
  const eachCancel = eachOf(run, cancels, (cancel) => {
    if (isForgotten(run, cancel)) return undefined;
    const { cluster, jobId } = cancel;
    const isIntended = attemptOf(run.world, cluster, jobId)?.stop?.sentMs !== undefined;
    return isIntended ? undefined : `${jobId} is cancelled without an intent`;
  });
  const eachTrigger = eachOf(run, triggers, (trigger) =>
    isForgotten(run, trigger) || isTriggerIntended(run, trigger)
      ? undefined
      : `a savepoint of ${trigger.jobId} is asked for without an intent`,
  );
  return [...eachPost, ...eachCancel, ...eachTrigger];
};

type Reached = World['truth']['cancels'][number];

const notIntended = (run: Run, post: Reached, sent: Map<string, number>): string | undefined => {
  if (isForgotten(run, post)) return undefined;
  const { cluster, jobId, process } = post;
  const intended = attemptOf(run.world, cluster, jobId)?.posts ?? [];
  const count = (sent.get(jobId) ?? 0) + 1;
  sent.set(jobId, count);
  return count > (intended.at(-1)?.id ?? 0) || !intended.some(({ to }) => to.process === process)
    ? `POST ${count} of ${jobId} to ${process}; intended: ${intended.map(({ to }) => to.process)}`
    : undefined;
};

/** It may be over and forgotten by all when the call comes: its sender had written it. */
const isTriggerIntended = ({ sim, world }: Run, trigger: World['truth']['triggers'][number]): boolean => {
  const isIts = ({ stop, savepoint }: Attempt): boolean =>
    stop?.triggerId === trigger.triggerId || savepoint?.triggerId === trigger.triggerId;
  const now = attemptOf(world, trigger.cluster, trigger.jobId);
  if (now !== undefined && isIts(now)) return true;
  const commits = senderOf(sim, trigger.invocation)?.calls.filter(
    ({ name, executedMs }) => name === 'store.commit' && executedMs !== undefined,
  );
  return commits?.some(({ args: [, changes] }) => attemptsIn(changes as Changes).some(isIts)) === true;
};

const attemptsIn = ({ jobs }: Changes): readonly Attempt[] => Object.values(jobs).flatMap(({ attempts }) => attempts);

/** The store lost something between the start of its sender and its arrival: maybe its intent. */
const isForgotten = ({ sim, world }: Run, { cluster, invocation, atMs }: Reached): boolean => {
  const sinceMs = sim.invocations.find(({ name }) => name === invocation)?.sinceMs ?? 0;
  return world.truth.losses.some((loss) => loss.cluster === cluster && sinceMs <= loss.atMs && loss.atMs <= atMs);
};

const attemptOf = ({ store }: World, cluster: string, jobId: string) =>
  Object.values(store.memory(cluster).jobs)
    .flatMap(({ attempts }) => attempts)
    .find((attempt) => attempt.jobId === jobId);
