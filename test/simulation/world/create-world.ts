import type { Profile } from '../profiles.ts';
import type { Sim } from '../sim.ts';
import { calmDown } from './calm.ts';
import { createStage } from './create-stage.ts';
import { createEcs } from './ecs/port.ts';
import { settleAll } from './ecs/service.ts';
import { createFlink } from './flink/port.ts';
import { createHappenings } from './happenings.ts';
import { note } from './notes.ts';
import { withOutages } from './outages.ts';
import { createSnapshotFiles } from './snapshot-files.ts';
import type { Stage } from './stage.ts';
import type { World } from './world.ts';
import { createLeaders } from './zookeeper/port.ts';

/** A world as a seed draws it, with all that may happen to it. */
export const createWorld = (sim: Sim, profile: Profile): World => {
  let hear: (cluster: string) => void = () => {};
  const stage = createStage(sim, profile, (cluster) => hear(cluster));
  const { notes, store, jars, deployed } = stage;
  const happenings = createHappenings(stage);
  return {
    clusters: deployed.clusters,
    store: withOutages(stage, 'store', store, ['acquire', 'ring', 'holder', 'load', 'commit', 'release']),
    ecs: withOutages(stage, 'ecs', createEcs(stage), ['look', 'taskManagers']),
    flink: withOutages(stage, 'flink', createFlink(stage), FLINK_CALLS),
    leaders: createLeaders(stage),
    jars: withOutages(stage, 'jars', jars, ['look']),
    snapshots: withOutages(stage, 'snapshots', createSnapshotFiles(stage), [
      'children',
      'metadata',
      'size',
      'remove',
      'expiry',
    ]),
    secrets: { resolve: async (text) => text },
    alerts: withOutages(stage, 'alerts', alertsOf(stage, 'alerts'), ['publish']),
    webhook: alertsOf(stage, 'heard'),
    truth: notes.truth,
    isHealthy: profile.isHealthy === true,
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

const FLINK_CALLS = [
  'identity',
  'jobs',
  'jobState',
  'slots',
  'checkpoints',
  'checkpointConfig',
  'restarts',
  'lastException',
  'flow',
  'savepoint',
  'savepointStatus',
  'upload',
  'deleteJar',
  'dispose',
  'cancel',
  'run',
] as const;

const alertsOf = ({ notes, sim }: Stage, list: 'alerts' | 'heard'): World['alerts'] => ({
  publish: async ({ incident, cluster, state }) =>
    note(notes, list, { key: incident.key, cluster, state, atMs: sim.time.nowMs() }),
});
