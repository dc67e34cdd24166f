import type { Start } from '../world/truth.ts';
import type { World } from '../world/world.ts';
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
      if (!isKnown(world, start)) continue;
      const post = world.truth.posts.findLast((each) => each.jobId === jobId);
      // It was allowed when it was submitted.
      const wasAllowed = manifestOf(sim, post?.invocation, cluster, lineage)?.state === 'none';
      if (!wasAllowed) return `${jobId} starts empty, and its lineage had state`;
    }
    return undefined;
  };
};

/** One of its copies is on record as this job: a person may have said that it is another one. */
const isKnown = ({ store, truth }: World, { copy: { cluster, lineage, jobId } }: Start): boolean => {
  const memory = Object.values(store.memory(cluster).jobs).find(({ attempts }) =>
    attempts.some((attempt) => attempt.jobId === jobId),
  );
  const ids = truth.starts.filter(({ copy }) => copy.lineage === lineage).map(({ copy }) => copy.jobId);
  return memory?.attempts.some((attempt) => attempt.jobId !== jobId && ids.includes(attempt.jobId)) === true;
};
