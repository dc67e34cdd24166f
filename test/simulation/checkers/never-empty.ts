import type { Attempt } from '../../../lib/core/model.ts';
import { sinceOrder } from '../../../lib/core/state/ordered.ts';
import type { Start, World } from '../world/world.ts';
import { type Checker, eachOf, type Run } from './checker.ts';
import { manifestOf } from './sender.ts';
import { refusedOf, usable } from './usable.ts';

/** I2: the product never starts a job empty that had state, unless the manifest or a person lets it. */
export const neverEmpty: Checker = (run) => eachOf(run, run.world.truth.starts, beganEmpty);

const beganEmpty = (start: Start, { sim, world }: Run): string | undefined => {
  if (!start.forgetsState || start.mayBeEmpty || start.copy.by !== 'autopilot') return undefined;
  const { jobId, lineage, cluster } = start.copy;
  const attempts = attemptsOf(world, start);
  if (attempts === undefined || isOrdered(attempts, jobId)) return undefined;
  const post = world.truth.posts.findLast((each) => each.jobId === jobId);
  // It was allowed when it was submitted.
  const state = manifestOf(sim, post?.invocation, cluster, lineage)?.state;
  const refused = refusedOf(world, lineage);
  const isLeft = usable(post?.left ?? [], lineage, attempts).some(({ path }) => !refused.has(path));
  const wasAllowed = state === 'none' || (state === 'preferred' && !isLeft);
  return wasAllowed ? undefined : `${jobId} starts empty, and its lineage had state`;
};

/** A person ordered it, and it had no state since. */
const isOrdered = (attempts: readonly Attempt[], jobId: string): boolean => {
  const before = attempts.slice(
    0,
    attempts.findIndex((attempt) => attempt.jobId === jobId),
  );
  const { from, attempts: since } = sinceOrder(before);
  return from?.kind === 'empty' && !since.some(({ hadState }) => hadState);
};

/** Those of its job, where one of its copies is on record as this job: a person may have said that it is another one. */
const attemptsOf = ({ store, truth }: World, { copy: { cluster, lineage, jobId } }: Start) => {
  const { attempts = [] } =
    Object.values(store.memory(cluster).jobs).find((memory) =>
      memory.attempts.some((attempt) => attempt.jobId === jobId),
    ) ?? {};
  const ids = truth.starts.filter(({ copy }) => copy.lineage === lineage).map(({ copy }) => copy.jobId);
  return attempts.some((attempt) => attempt.jobId !== jobId && ids.includes(attempt.jobId)) ? attempts : undefined;
};
