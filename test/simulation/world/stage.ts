import type { FakeStore } from '../../support/fake-store.ts';
import type { Profile } from '../profiles.ts';
import type { Sim } from '../sim.ts';
import type { Deployed } from './deployed.ts';
import type { FlinkCluster } from './flink/cluster.ts';
import type { Mains } from './flink/mains.ts';
import type { JarShelf } from './jar-shelf.ts';
import type { Notes } from './notes.ts';
import type { Snapshots } from './snapshots.ts';

/** What everything that happens in the world works on. */
export type Stage = {
  readonly sim: Sim;
  readonly profile: Profile;
  readonly store: FakeStore;
  readonly notes: Notes;
  readonly clusters: readonly FlinkCluster[];
  readonly deployed: Deployed;
  readonly mains: Mains;
  readonly snapshots: Snapshots;
  readonly jars: JarShelf;
  /** ECS has news of a JobManager task of this cluster. */
  readonly changed: (cluster: string) => void;
};

/** Something that may happen to a cluster; says what it did, or undefined where it was not possible. */
export type Happening = (stage: Stage, cluster: FlinkCluster) => string | undefined;

/** In a moment between `lowMs` and `highMs` from now. */
export const later = ({ sim }: Stage, lowMs: number, highMs: number, run: () => void): void => {
  sim.time.at(sim.time.nowMs() + sim.random.between(lowMs, highMs), run);
};

/** One of a list, or undefined of an empty one. */
export const anyOf = <T>({ sim }: Stage, list: readonly T[]): T | undefined => list[sim.random.between(0, list.length)];
