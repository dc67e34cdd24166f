import type { Checker } from './checker.ts';
import { manifestOf } from './sender.ts';

/** I2: the product never starts a job empty that had state, unless the manifest lets it. */
export const neverEmpty: Checker = ({ sim, world }) => {
  let read = 0;
  return () => {
    const { starts } = world.truth;
    while (read < starts.length) {
      const start = starts[read++];
      if (start === undefined || !start.forgetsState || start.mayBeEmpty || start.copy.by !== 'autopilot') continue;
      const { jobId, lineage, cluster } = start.copy;
      const post = world.truth.posts.findLast((each) => each.jobId === jobId);
      // It was allowed when it was submitted.
      const wasAllowed = manifestOf(sim, post?.invocation, cluster, lineage)?.state === 'none';
      if (!wasAllowed) return `${jobId} starts empty, and its lineage had state`;
    }
    return undefined;
  };
};
