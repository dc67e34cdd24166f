import { note } from '../notes.ts';
import { breakDown, snapshotKinds } from '../outages.ts';
import type { Loss } from '../snapshots.ts';
import { anyOf, type Happening, type Stage } from '../stage.ts';
import type { TrueSnapshot } from '../truth.ts';

/** The newest of a job is deleted in part, or cut: its directory is there, and nothing can be read from it. */
export const loseMetadata: Happening = (stage, cluster) => {
  const newest = anyLeft(stage, cluster.name).findLast(({ complete }) => complete);
  if (newest === undefined) return undefined;
  const how = stage.sim.random.pick('metadata', 'cut');
  lose(stage, newest, how);
  return `${how} of ${newest.path} is lost`;
};

/** All that is there of a job is deleted. */
export const loseSnapshots: Happening = (stage, cluster) => {
  const left = anyLeft(stage, cluster.name);
  if (left.length === 0) return undefined;
  for (const each of left) lose(stage, each, 'whole');
  return `all snapshots of ${left[0]?.lineage} are lost`;
};

/** The buckets of snapshots refuse, or do not answer, for a while. */
export const denySnapshots: Happening = (stage) => {
  const kind = anyOf(stage, snapshotKinds);
  return kind === undefined ? undefined : breakDown(stage, kind, stage.sim.random.between(5_000, 400_000));
};

const anyLeft = (stage: Stage, cluster: string): readonly TrueSnapshot[] => {
  const { deployed, snapshots, sim } = stage;
  const jobs = deployed.clusters().find(({ name }) => name === cluster)?.jobs ?? [];
  const all = jobs.map(({ lineage }) => snapshots.list(lineage, sim.time.nowMs()));
  return (
    anyOf(
      stage,
      all.filter(({ length }) => length > 0),
    ) ?? []
  );
};

const lose = ({ snapshots, notes, sim }: Stage, { path }: TrueSnapshot, how: Loss): void => {
  snapshots.lose(path, how);
  note(notes, 'lostSnapshots', { path, how, atMs: sim.time.nowMs() });
};
