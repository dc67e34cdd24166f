import type { Attempt } from '../../../lib/core/model.ts';
import type { Changes } from '../../../lib/ports.ts';
import type { World } from '../world/world.ts';
import type { Checker, Run } from './checker.ts';
import { senderOf } from './sender.ts';

/** I3: what reaches a process was intended for it, in the store, and each intent reaches it once at most. */
export const intentFirst: Checker = (run) => {
  const { truth } = run.world;
  const sent = new Map<string, number>();
  let posts = 0;
  let cancels = 0;
  let triggers = 0;
  let losses = 0;
  return () => {
    // A store that lost something, or is as it was before, has forgotten how often.
    if (truth.losses.length > losses) sent.clear();
    losses = truth.losses.length;
    for (; posts < truth.posts.length; posts += 1) {
      const how = notIntended(run, truth.posts[posts], sent);
      if (how !== undefined) return how;
    }
    for (; cancels < truth.cancels.length; cancels += 1) {
      const cancel = truth.cancels[cancels];
      if (cancel === undefined || isForgotten(run, cancel)) continue;
      const { cluster, jobId } = cancel;
      if (attemptOf(run.world, cluster, jobId)?.stop?.sentMs === undefined)
        return `${jobId} is cancelled without an intent`;
    }
    for (const trigger of truth.triggers.slice(triggers)) {
      if (!isForgotten(run, trigger) && !isTriggerIntended(run, trigger))
        return `a savepoint of ${trigger.jobId} is asked for without an intent`;
    }
    triggers = truth.triggers.length;
    return undefined;
  };
};

type Reached = World['truth']['cancels'][number];

const notIntended = (run: Run, post: Reached | undefined, sent: Map<string, number>): string | undefined => {
  if (post === undefined || isForgotten(run, post)) return undefined;
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
