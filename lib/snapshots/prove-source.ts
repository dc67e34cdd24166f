import { asFault, Fault } from '../core/errors.ts';
import { mayHaveStarted } from '../core/liveness.ts';
import type { Attempt, Found } from '../core/model.ts';
import { isRefused } from '../core/state/restore.ts';
import type { SnapshotFiles } from '../ports.ts';

/**
 * Right before the call that names it, a snapshot is proven once more: a wrong path burns the id, and on Flink 2 with high availability it
 * bricks the cluster. A newer one that was completed since it was chosen (by an end that took its time) is not lost either.
 * Nothing was sent: `transient` SNAPSHOT_GONE, SNAPSHOT_NEWER, and the faults of the files.
 */
export const proveSource = async (
  files: SnapshotFiles,
  { source, posts, flinkVersion }: Attempt,
  attempts: readonly Attempt[],
  deadlineMs: number,
): Promise<void> => {
  if (source === undefined) return;
  if ((await completeId(files, source.path, deadlineMs)) !== source.id)
    throw new Fault('transient', 'SNAPSHOT_GONE', `the snapshot that it was to start from is gone: ${source.path}`);
  // What an earlier POST of it may have begun from stays.
  if (posts.slice(0, -1).some(mayHaveStarted)) return;
  // So does what a person named, or what another Flink wrote, of which the newest may not fit.
  const writer = attempts.find(({ n }) => n === source.attempt);
  if (source.attempt === 0 || (writer !== undefined && writer.flinkVersion !== flinkVersion)) return;
  const newer = await newerBeside(files, source, attempts, deadlineMs);
  if (newer !== undefined) throw new Fault('transient', 'SNAPSHOT_NEWER', `a newer snapshot appeared: ${newer}`);
};

const newerBeside = async (
  files: SnapshotFiles,
  { path, id }: Found,
  attempts: readonly Attempt[],
  deadlineMs: number,
): Promise<string | undefined> => {
  const [, home] = /^(.+)\/chk-\d+$/.exec(path) ?? [];
  if (home === undefined) return undefined;
  const ids = (await files.children(home, 'chk-', deadlineMs)).map((name) => Number(name.slice('chk-'.length)));
  for (const each of ids.filter((other) => other > id).sort((a, b) => b - a)) {
    const other = `${home}/chk-${each}`;
    if (!isRefused(other, attempts) && (await completeId(files, other, deadlineMs)) === each) return other;
  }
  return undefined;
};

const completeId = async (files: SnapshotFiles, path: string, deadlineMs: number): Promise<number | undefined> => {
  try {
    return (await files.metadata(path, deadlineMs))?.id;
  } catch (thrown) {
    if (asFault(thrown).code === 'SNAPSHOT_CORRUPT') return undefined;
    throw thrown;
  }
};
