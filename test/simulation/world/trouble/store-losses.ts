import { defaults } from '../../../../lib/core/defaults.ts';
import { isUnsettled } from '../../../../lib/core/liveness.ts';
import type { Attempt } from '../../../../lib/core/model.ts';
import { type FlinkCluster, processesOf } from '../flink/cluster.ts';
import { isKnownToRun } from '../flink/lives.ts';
import { note } from '../notes.ts';
import { anyOf, type Happening, later, type Stage } from '../stage.ts';
import type { Loss } from '../truth.ts';

/** The table is emptied. */
export const loseTable: Happening = (stage, cluster) => {
  if (!isSettled(stage, cluster)) return undefined;
  stage.store.empty(cluster.name);
  lost(stage, cluster, 'table');
  return 'the table is lost';
};

/** A job's item is deleted by hand. */
export const loseItem: Happening = (stage, cluster) => {
  const job = anyOf(stage, Object.keys(stage.store.memory(cluster.name).jobs));
  if (job === undefined || !isSettled(stage, cluster)) return undefined;
  stage.store.deleteJob(cluster.name, job);
  lost(stage, cluster, 'item');
  return `the item of ${job} is deleted`;
};

/** What is there now comes back some time later, and all that was written in between is lost. */
export const restoreBackup: Happening = (stage, cluster) => {
  const restore = stage.store.backUp(cluster.name);
  later(stage, 60_000, 1_800_000, () => {
    if (stage.sim.phase === 'calm' || !isSettled(stage, cluster)) return;
    restore();
    stage.sim.trace?.('store', `${cluster.name} is restored from a backup`);
    lost(stage, cluster, 'backup');
  });
  return 'a backup is made';
};

/**
 * Which submissions and savepoints were open, and which jobs a list may lack for a moment, is lost with the table: what comes of that is
 * an honest limit (docs/guarantees.md). So it is lost only while there is nothing of the kind, nor anybody under way.
 */
export const isSettled = ({ store, sim, notes }: Stage, cluster: FlinkCluster): boolean => {
  const nowMs = sim.time.nowMs();
  const { jobs } = store.memory(cluster.name);
  const isOpen = Object.values(jobs).some(({ attempts }) =>
    attempts.some((attempt) => isUnsettled(attempt, nowMs) || mayBeAsked(attempt, nowMs)),
  );
  const isSaving = processesOf(cluster).some(({ endedMs, triggers }) =>
    [...triggers.values()].some(({ overMs }) => endedMs === undefined && overMs === undefined),
  );
  const isRunning = notes.truth.posts.some((post) => post.cluster === cluster.name && post.endedMs === undefined);
  const isHidden = processesOf(cluster).some(({ jobs: lives }) =>
    [...lives.values()].some(({ hiddenUntilMs }) => nowMs < hiddenUntilMs),
  );
  return store.leaseOf(cluster.name) === undefined && !isOpen && !isRunning && !isHidden && !isSaving;
};

/** A call for a savepoint of it may still be on its way. */
const mayBeAsked = ({ stop, savepoint }: Attempt, nowMs: number): boolean =>
  [stop, savepoint].some((asked) => nowMs < (asked?.sentMs ?? 0) + defaults.savepointLateMs);

const lost = (stage: Stage, cluster: FlinkCluster, what: Loss['what']): void => {
  const { notes, sim, snapshots, clusters } = stage;
  note(notes, 'losses', { atMs: sim.time.nowMs(), what, cluster: cluster.name });
  snapshots.forgetEnded((jobId, bornMs) =>
    clusters.some(({ name }) => isKnownToRun(stage, { cluster: name, jobId, bornMs })),
  );
};
