import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import { isRestoreRefused } from '../../../lib/core/state/restore.ts';
import type { ReachedPost, World } from '../world/world.ts';
import type { Checker } from './checker.ts';

/** F52: what Flink refused is not tried again, and only so many are stepped over; a person's word begins anew. */
export const restoresBounded: Checker = ({ world }) => {
  let read = 0;
  return () => {
    const { posts } = world.truth;
    while (read < posts.length) {
      const post = posts[read++];
      const how = post && tooOften(world, post);
      if (how !== undefined) return how;
    }
    return undefined;
  };
};

const tooOften = ({ store }: World, { cluster, jobId, restore }: ReachedPost): string | undefined => {
  const { attempts = [] } =
    Object.values(store.memory(cluster).jobs).find((job) => job.attempts.some((each) => each.jobId === jobId)) ?? {};
  const at = attempts.findIndex((each) => each.jobId === jobId);
  const { state, restoreDepth: depth = defaults.restoreDepth } = attempts[at]?.spec ?? {};
  // By a manifest that was deployed since it keeps none: it is not restored.
  if (state === 'none' && restore === undefined) return undefined;
  const before = attempts.slice(0, Math.max(at, 0));
  const row = before.slice(before.findLastIndex((each) => !isRefused(each)) + 1);
  const again = row.find(({ source }) => source?.path === restore);
  if (again !== undefined) return `${jobId} is to begin from ${restore}, which ${again.jobId} was refused`;
  return row.length > depth ? `${jobId} is submitted although ${row.length} restores in a row were refused` : undefined;
};

const isRefused = ({ posts, acknowledged, nextFrom }: Attempt): boolean =>
  posts.some(isRestoreRefused) && !acknowledged && nextFrom === undefined;
