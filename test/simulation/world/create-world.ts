import { createFakeStore } from '../../support/fake-store.ts';
import type { Profile } from '../profiles.ts';
import type { Sim } from '../sim.ts';
import { calmDown } from './calm.ts';
import { createDeployed } from './deployed.ts';
import { createEcs } from './ecs/port.ts';
import { settleAll } from './ecs/service.ts';
import { createEventBridge } from './events.ts';
import { firstManifest, JARS } from './first-manifest.ts';
import { createCluster } from './flink/cluster.ts';
import { createMains } from './flink/mains.ts';
import { createFlink } from './flink/port.ts';
import { createTaskManagers } from './flink/task-managers.ts';
import { createHappenings } from './happenings.ts';
import { createJarShelf } from './jar-shelf.ts';
import { createNotes, note } from './notes.ts';
import { withOutages } from './outages.ts';
import { createSnapshots } from './snapshots.ts';
import type { Stage } from './stage.ts';
import { ENOUGH_SLOTS } from './trouble/surroundings.ts';
import type { World } from './world.ts';

/** A world as a seed draws it: a manifest, its Flink clusters, and all that may happen to them. */
export const createWorld = (sim: Sim, profile: Profile): World => {
  let hear: (cluster: string) => void = () => {};
  const stage = createStage(sim, profile, (cluster) => hear(cluster));
  const { notes, store, jars, deployed } = stage;
  const happenings = createHappenings(stage);
  return {
    clusters: deployed.clusters,
    store: withOutages(stage, 'store', store, ['acquire', 'ring', 'holder', 'load', 'commit', 'release']),
    ecs: withOutages(stage, 'ecs', createEcs(stage), ['look']),
    flink: withOutages(stage, 'flink', createFlink(stage), FLINK_CALLS),
    jars: withOutages(stage, 'jars', jars, ['look']),
    secrets: { resolve: async (text) => text },
    alerts: withOutages(stage, 'alerts', alertsOf(stage), ['publish']),
    truth: notes.truth,
    version: () => notes.version + store.version(),
    start: () => {
      for (const cluster of stage.clusters) settleAll(stage, cluster);
      happenings.start();
    },
    strike: happenings.strike,
    calm: () => calmDown(stage),
    onChange: (ring) => {
      hear = ring;
    },
  };
};

const FLINK_CALLS = ['identity', 'jobs', 'jobState', 'slots', 'upload', 'deleteJar', 'cancel', 'run'] as const;

const createStage = (sim: Sim, profile: Profile, ring: (cluster: string) => void): Stage => {
  const { random } = sim;
  const store = createFakeStore();
  const snapshots = createSnapshots(random);
  const notes = createNotes((lineage) => snapshots.list(lineage, sim.time.nowMs()));
  const deployed = createDeployed(firstManifest(random));
  const clusters = deployed.first.map(({ name }, index) => {
    const flink = {
      version: random.pick('1.20.5', '2.3.0'),
      ha: random.chance(0.06) ? ('zookeeper' as const) : ('none' as const),
      submission: true,
    };
    return createCluster(name, index + 1, flink, createTaskManagers(ENOUGH_SLOTS, random.chance(0.5)));
  });
  const changed = createEventBridge(sim, notes, ring);
  const mains = createMains(sim);
  const jars = createJarShelf(JARS);
  return { sim, profile, store, notes, clusters, deployed, mains, snapshots, jars, changed };
};

const alertsOf = ({ notes, sim }: Stage): World['alerts'] => ({
  publish: async ({ incident, cluster, state }) =>
    note(notes, 'alerts', { key: incident.key, cluster, state, atMs: sim.time.nowMs() }),
});
