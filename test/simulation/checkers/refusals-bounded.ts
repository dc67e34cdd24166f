import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import { isRestoreRefused } from '../../../lib/core/state/restore.ts';
import type { ReachedPost } from '../world/world.ts';
import { type Checker, eachOf, type Run } from './checker.ts';

/** F52: what Flink refused is not tried again, and only so many are stepped over; a person's word begins anew. */
export const restoresBounded: Checker = (run) => eachOf(run, run.world.truth.posts, tooOften);

const tooOften = ({ cluster, jobId, restore }: ReachedPost, { world: { store } }: Run): string | undefined => {
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
