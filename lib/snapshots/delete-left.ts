import { defaults } from '../core/defaults.ts';
import { asFault } from '../core/errors.ts';
import type { Attempt, Cluster, Effect } from '../core/model.ts';
import type { Ports, SnapshotFiles } from '../ports.ts';

/**
 * Deletes what an earlier attempt left, as far as a few seconds let it; the next check finds the rest. First a complete checkpoint of the newest attempt is
 * seen once more: without one the old directory might be needed after all.
 */
export const deleteLeft = async (
  { snapshots, clock, log }: Ports,
  cluster: Cluster,
  { job, attempt, path }: Extract<Effect, { kind: 'delete-left' }>,
): Promise<void> => {
  const fields = { cluster: cluster.name, job, attempt: attempt.n, jobId: attempt.jobId, path };
  const deadlineMs = clock.nowMs() + defaults.lookMs;
  try {
    const isSafe = await hasCheckpoint(snapshots, attempt, deadlineMs);
    if (!isSafe)
      return log.info('left files kept', { ...fields, because: 'no checkpoint of the newest attempt is there' });
    const isGone = await snapshots.remove(path, deadlineMs);
    log.info(isGone ? 'left files deleted' : 'left files deleted in part', fields);
  } catch (thrown) {
    log.info('left files not deleted', { ...fields, because: asFault(thrown).message });
  }
};

/** Of the newest few names: older ones are deleted by Flink while we look. */
const NAMES_MAX = 3;

const hasCheckpoint = async (
  files: SnapshotFiles,
  { jobId, snapshots = [] }: Attempt,
  deadlineMs: number,
): Promise<boolean> => {
  const [, home] =
    snapshots.map(({ path }) => new RegExp(`^(.+/${jobId})/chk-`).exec(path) ?? []).find(([one]) => one) ?? [];
  if (home === undefined) return false;
  const names = (await files.children(home, 'chk-', deadlineMs)).toSorted((a, b) => idOf(b) - idOf(a));
  for (const name of names.slice(0, NAMES_MAX))
    if ((await files.metadata(`${home}/${name}`, deadlineMs)) !== undefined) return true;
  return false;
};

const idOf = (name: string): number => Number(name.slice('chk-'.length));
