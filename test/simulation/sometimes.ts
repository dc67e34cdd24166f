import { defaults } from '../../lib/core/defaults.ts';
import type { Run } from './checkers/checker.ts';

/** Is the run in this state now? Judged by what is so, never by what was drawn. Asked after each change until it was seen. */
export type State = (run: Run) => boolean;

/** States that any set of runs has to reach, or it proves nothing. */
export const states: Readonly<Record<string, State>> = {
  'main() slower than the call': ({ world }) => world.truth.posts.some((post) => runsMs(post) > defaults.submitCallMs),
  'same id once more': ({ world }) => {
    const { posts } = world.truth;
    return posts.some(({ jobId }, index) => posts.findIndex((post) => post.jobId === jobId) < index);
  },
  'a cancel reached a process': ({ world }) => world.truth.cancels.length > 0,
};

const runsMs = ({ atMs, endedMs }: { readonly atMs: number; readonly endedMs?: number }): number =>
  (endedMs ?? atMs) - atMs;
