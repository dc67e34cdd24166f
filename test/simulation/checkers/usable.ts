import { attemptOf } from '../../../lib/core/identity.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import { sinceOrder } from '../../../lib/core/state/ordered.ts';
import type { ReachedPost, TrueSnapshot } from '../world/truth.ts';
import type { World } from '../world/world.ts';
import { lineageOf } from './sender.ts';

/** Flink did not take the snapshot that it was to begin from. */
export const isRestoreRefused = ({ ended }: Pick<ReachedPost, 'ended'>): boolean =>
  ended === 'SNAPSHOT_UNREADABLE' || ended === 'STATE_INCOMPATIBLE';

/** Paths of a lineage that Flink refused once. */
export const refusedOf = ({ truth }: World, lineage: string): ReadonlySet<string | undefined> =>
  new Set(
    truth.posts
      .filter((post) => lineageOf(post.jobId) === lineage && isRestoreRefused(post))
      .map(({ restore }) => restore),
  );

/**
 * Of the complete snapshots of a lineage those that the product can find, and may use: they lie below an id of the lineage, or
 * are on record; a person's order draws a line, and what it names comes after it. What a person's `flink stop` left beside
 * all others, and nobody heard of, is whose it is by nothing. What is given up is as good as gone.
 */
export const usable = (
  left: readonly TrueSnapshot[],
  lineage: string,
  attempts: readonly Attempt[],
): readonly TrueSnapshot[] => {
  const { n: line, from } = sinceOrder(attempts);
  const numberOf = ({ jobId, path }: TrueSnapshot): number => {
    const writer = attempts.find((attempt) => attempt.jobId === jobId);
    const isFound = path.includes(`/${jobId}/`) || writer?.snapshots?.some((known) => known.path === path) === true;
    return isFound ? (writer?.n ?? attemptOf(lineage, jobId) ?? -1) : -1;
  };
  const givenUp = new Set(
    attempts.flatMap(({ snapshots = [] }) =>
      snapshots.filter(({ disposedMs }) => disposedMs !== undefined).map(({ path }) => path),
    ),
  );
  return left
    .filter(({ path }) => !givenUp.has(path))
    .filter((each) => numberOf(each) > line || (from?.kind === 'snapshot' && from.path === each.path));
};
