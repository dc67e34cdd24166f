import { attemptOf } from '../../../lib/core/identity.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import type { Start, World } from '../world/world.ts';
import { type Checker, eachOf, type Run } from './checker.ts';
import { manifestOf } from './sender.ts';

/** I2: with its table lost, the product starts no job empty of which files lie there, unless the manifest or a person lets it. */
export const leftoversHeld: Checker = (run) => eachOf(run, run.world.truth.starts, leftFiles);

const leftFiles = (start: Start, { sim, world }: Run): string | undefined => {
  if (start.restored !== undefined || start.mayBeEmpty) return undefined;
  const { jobId, lineage, cluster, by } = start.copy;
  const before = by === 'autopilot' ? attemptsBefore(world, start) : undefined;
  const post = world.truth.posts.findLast((each) => each.jobId === jobId);
  if (before === undefined || post === undefined || hasLostMeanwhile(world, start)) return undefined;
  const isAllowed = manifestOf(sim, post.invocation, cluster, lineage)?.state !== undefined;
  const left = isAllowed ? undefined : forgottenOf(world, lineage, before, jobId);
  return left && `${jobId} starts empty, and ${left} of its lineage, on no record, left files`;
};

/** undefined: it is on no record itself. */
const attemptsBefore = ({ store }: World, { copy: { cluster, jobId } }: Start): readonly Attempt[] | undefined => {
  const all = Object.values(store.memory(cluster).jobs).map(({ attempts }) => attempts);
  const attempts = all.find((each) => each.some((attempt) => attempt.jobId === jobId));
  return attempts?.slice(
    0,
    attempts.findIndex((attempt) => attempt.jobId === jobId),
  );
};

/** It was decided on before that. */
const hasLostMeanwhile = ({ truth }: World, { atMs, copy: { cluster } }: Start): boolean =>
  truth.losses.some((loss) => loss.cluster === cluster && loss.atMs <= atMs && loss.atMs > atMs - DECIDED_MS);

/** The slowest main(), and a call that comes late. */
const DECIDED_MS = 600_000;

/** Of what no later start of the record, and no order, had to judge. */
const forgottenOf = (world: World, lineage: string, before: readonly Attempt[], own: string): string | undefined =>
  world.truth
    .snapshots(lineage)
    .map(({ jobId }) => jobId)
    .find((jobId) => {
      const n = attemptOf(lineage, jobId);
      const isJudged = (each: Attempt): boolean =>
        each.jobId === jobId ||
        (each.n > (n ?? 0) && (each.posts.length > 0 || each.leftIn !== undefined)) ||
        (each.n >= (n ?? 0) && each.nextFrom !== undefined);
      return n !== undefined && jobId !== own && n < (attemptOf(lineage, own) ?? 0) && !before.some(isJudged);
    });
