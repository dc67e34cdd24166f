import type { Effect, JobMemory } from './model.ts';
import { withoutLeft } from './state/check.ts';

/** The memory that is committed before an effect: afterwards nothing can happen that it does not know of. */
export const withIntent = (memory: JobMemory, effect: Effect): JobMemory => {
  if (effect.kind === 'delete-jar') return withoutJar(memory, effect.jarId);
  if (effect.kind === 'delete-left') return withoutLeft(memory, effect.path);
  const others = memory.attempts.filter(({ jobId }) => jobId !== effect.attempt.jobId);
  return { ...memory, attempts: [...others, effect.attempt].sort((a, b) => a.n - b.n) };
};

const withoutJar = (memory: JobMemory, gone: string): JobMemory => ({
  ...memory,
  attempts: memory.attempts.map((attempt) => ({
    ...attempt,
    posts: attempt.posts.map(({ jarId, ...post }) =>
      jarId === undefined || jarId === gone ? post : { ...post, jarId },
    ),
  })),
});
