import type { ClusterSpec } from '../../../lib/core/model.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { usualPace } from '../pace.ts';
import type { Profile } from '../profiles.ts';
import type { Sim } from '../sim.ts';
import { createDeployed } from './deployed.ts';
import { createEventBridge } from './events.ts';
import { firstManifest, JARS } from './first-manifest.ts';
import { type Configuration, createCluster, type FlinkCluster } from './flink/cluster.ts';
import { createMains } from './flink/mains.ts';
import { createTaskManagers } from './flink/task-managers.ts';
import { healthyMains, healthySpec } from './healthy-day.ts';
import { createJarShelf } from './jar-shelf.ts';
import { createNotes } from './notes.ts';
import { createSnapshots } from './snapshots.ts';
import type { Stage } from './stage.ts';
import { ENOUGH_SLOTS } from './trouble/surroundings.ts';
import { sharesOf } from './usual.ts';
import { clusterIdOf, createZooKeeper, type ZooKeeper } from './zookeeper/zookeeper.ts';

/** What a seed begins with: a manifest, and a Flink cluster of some version for each of its clusters. `ring` hears of events. */
export const createStage = (sim: Sim, profile: Profile, ring: (cluster: string) => void): Stage => {
  const { random } = sim;
  const { pace = usualPace } = profile;
  const store = createFakeStore();
  const { isHealthy } = profile;
  const snapshots = createSnapshots(random, pace, isHealthy ? 1 : undefined);
  const notes = createNotes({
    snapshots: (lineage) => snapshots.list(lineage, sim.time.nowMs()),
    retention: snapshots.retentionOf,
  });
  const shares = sharesOf({ profile });
  const isLed = isOfLed(sim.seed, profile);
  const manifest = firstManifest(random, shares, pace);
  const drawnSpecs = isHealthy ? manifest.map(healthySpec) : manifest;
  const isRest = isLed && isOfRest(sim.seed, profile);
  const deployed = createDeployed(isLed ? drawnSpecs.map(isRest ? withoutZooKeeper : withLeader) : drawnSpecs);
  const clusters = deployed.first.map(({ name }, index) => {
    const flink: Configuration = {
      version: random.pick('1.20.5', '2.3.0'),
      ha: random.chance(profile.ha ?? 0.05) ? 'zookeeper' : 'none',
      submission: true,
    };
    const taskManagers = createTaskManagers(ENOUGH_SLOTS, random.chance(0.5));
    if (isLed) flink.ha = 'zookeeper';
    const drawnResidents = isLed
      ? random.pick(0, 0, 1)
      : flink.ha === 'none'
        ? random.pick(0, 0, 0, 1, 2)
        : random.between(1, 4);
    const residents = isHealthy ? 0 : drawnResidents;
    const cluster = { ...createCluster(name, index + 1, flink, taskManagers), residents };
    return isLed ? ledBy(cluster, createZooKeeper(random)) : cluster;
  });
  const changed = createEventBridge(sim, notes, ring);
  const drawnMains = createMains(sim, shares.killers);
  const mains = isHealthy ? healthyMains(drawnMains, random) : drawnMains;
  const jars = createJarShelf(JARS);
  return { sim, profile, store, notes, clusters, deployed, mains, snapshots, jars, changed };
};

/** Every fourth seed of a profile that does not say: the others stay as they are. */
const isOfLed = (seed: number, { led }: Profile): boolean => led ?? seed % 4 === 0;

const withLeader = (spec: ClusterSpec): ClusterSpec => ({
  ...spec,
  leader: { quorum: 'zookeeper:2181', clusterId: clusterIdOf(spec.name) },
});

/** Every third of those in turn, of a profile that does not say. */
const isOfRest = (seed: number, { rest }: Profile): boolean => rest ?? seed % 12 === 8;

const withoutZooKeeper = (spec: ClusterSpec): ClusterSpec => ({ ...spec, leader: 'rest' });

const ledBy = (cluster: FlinkCluster, zooKeeper: ZooKeeper): FlinkCluster => {
  const [service] = cluster.services;
  if (service !== undefined) service.desiredCount = 2;
  return { ...cluster, zooKeeper };
};
