import type { Attempt, JobMemory, Post } from './model.ts';

/**
 * Changes, part by part, that leave alone what is as it was: the very same memory, attempt and post come back, so that
 * whoever compares them with what is stored is done at once.
 */

/** The memory with these attempts. */
export const withAttempts = (memory: JobMemory, attempts: readonly Attempt[]): JobMemory =>
  isSame(attempts, memory.attempts) ? memory : { ...memory, attempts };

/** The attempt with these POSTs. */
export const withPosts = (attempt: Attempt, posts: readonly Post[]): Attempt =>
  isSame(posts, attempt.posts) ? attempt : { ...attempt, posts };

const isSame = (now: readonly unknown[], before: readonly unknown[]): boolean => {
  if (now.length !== before.length) return false;
  for (let index = 0; index < now.length; index += 1) if (now[index] !== before[index]) return false;
  return true;
};
