import { createFakeStore } from '../../support/fake-store.ts';
import type { Profile } from '../profiles.ts';
import type { Sim } from '../sim.ts';
import { createDeployed } from './deployed.ts';
import { createEventBridge } from './events.ts';
import { firstManifest, JARS } from './first-manifest.ts';
import { createCluster } from './flink/cluster.ts';
import { createMains } from './flink/mains.ts';
import { createTaskManagers } from './flink/task-managers.ts';
import { createJarShelf } from './jar-shelf.ts';
import { createNotes } from './notes.ts';
import { createSnapshots } from './snapshots.ts';
import type { Stage } from './stage.ts';
import { ENOUGH_SLOTS } from './trouble/surroundings.ts';
import { sharesOf } from './usual.ts';

/** What a seed begins with: a manifest, and a Flink cluster of some version for each of its clusters. `ring` hears of events. */
export const createStage = (sim: Sim, profile: Profile, ring: (cluster: string) => void): Stage => {
  const { random } = sim;
  const store = createFakeStore();
  const snapshots = createSnapshots(random);
  const notes = createNotes({
    snapshots: (lineage) => snapshots.list(lineage, sim.time.nowMs()),
    retention: snapshots.retentionOf,
  });
  const shares = sharesOf({ profile });
  const deployed = createDeployed(firstManifest(random, shares));
  const clusters = deployed.first.map(({ name }, index) => {
    const flink = {
      version: random.pick('1.20.5', '2.3.0'),
      ha: random.chance(profile.ha ?? 0.05) ? ('zookeeper' as const) : ('none' as const),
      submission: true,
    };
    const taskManagers = createTaskManagers(ENOUGH_SLOTS, random.chance(0.5));
    const residents = flink.ha === 'none' ? random.pick(0, 0, 0, 1, 2) : random.between(1, 4);
    return { ...createCluster(name, index + 1, flink, taskManagers), residents };
  });
  const changed = createEventBridge(sim, notes, ring);
  const mains = createMains(sim, shares.killers);
  const jars = createJarShelf(JARS);
  return { sim, profile, store, notes, clusters, deployed, mains, snapshots, jars, changed };
};
