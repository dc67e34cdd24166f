import type { ClusterMemory, Post } from '../../lib/core/model.ts';
import type { Store } from '../../lib/ports.ts';

/** How the product would be without one of its guards, done outside of it. */
export const without = {
  /** What is committed before a POST lacks the intent: the POST, and an attempt that it is the first of. */
  intent: (store: Store): Store => ({
    ...store,
    commit: (lease, { jobs, ...rest }, ...args) =>
      store.commit(lease, { ...rest, jobs: each(jobs, (post) => (post.answer === 'none' ? [] : [post])) }, ...args),
  }),
  /** A POST that nobody heard of counts as settled, as if its process had ended. */
  unsettled: (store: Store): Store => ({
    ...store,
    load: async (...args) => {
      const memory = await store.load(...args);
      return { ...memory, jobs: each(memory.jobs, (post) => [{ ...post, processEnded: true }]) };
    },
  }),
};

export type Guard = keyof typeof without;

const each = (jobs: ClusterMemory['jobs'], change: (post: Post) => readonly Post[]): ClusterMemory['jobs'] => {
  const changed = Object.entries(jobs).map(([name, { attempts, ...rest }]) => {
    const others = attempts.map((attempt) => ({ ...attempt, posts: attempt.posts.flatMap(change) }));
    return [name, { ...rest, attempts: others.filter((attempt) => attempt.posts.length > 0 || attempt.sightedOn) }];
  });
  return Object.fromEntries(changed);
};
