import type { World } from '../world/world.ts';
import type { Checker } from './checker.ts';

/** I3: what reaches a process was intended for it, in the store, and each intent reaches it once at most. */
export const intentFirst: Checker = ({ world }) => {
  const sent = new Map<string, number>();
  let posts = 0;
  let cancels = 0;
  return () => {
    for (; posts < world.truth.posts.length; posts += 1) {
      const { cluster, jobId, process } = world.truth.posts[posts] ?? none;
      const intended = attemptOf(world, cluster, jobId)?.posts ?? [];
      const count = (sent.get(jobId) ?? 0) + 1;
      sent.set(jobId, count);
      if (count > (intended.at(-1)?.id ?? 0) || !intended.some(({ to }) => to.process === process))
        return `POST ${count} of ${jobId} to ${process}; intended: ${intended.map(({ to }) => to.process)}`;
    }
    for (; cancels < world.truth.cancels.length; cancels += 1) {
      const { cluster, jobId } = world.truth.cancels[cancels] ?? none;
      if (attemptOf(world, cluster, jobId)?.stop?.sentMs === undefined)
        return `${jobId} is cancelled without an intent`;
    }
    return undefined;
  };
};

const none = { cluster: '', jobId: '', process: '' };

const attemptOf = ({ store }: World, cluster: string, jobId: string) =>
  Object.values(store.memory(cluster).jobs)
    .flatMap(({ attempts }) => attempts)
    .find((attempt) => attempt.jobId === jobId);
