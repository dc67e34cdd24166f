import type { Job } from '../../../../lib/core/model.ts';
import { asked, crashed, interrupted } from '../ecs/stops.ts';
import { endTaskManagers } from '../ecs/task-managers.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import { breakDown, otherKinds } from '../outages.ts';
import { anyOf, type Happening, later, type Stage } from '../stage.ts';

/** A deployment or Spot takes the TaskManagers for a while, or they come back as smaller ones. */
export const loseTaskManagers: Happening = (stage, cluster) => {
  const { sim } = stage;
  const { taskManagers } = cluster;
  const fromMs = sim.time.nowMs();
  const untilMs = fromMs + sim.random.between(5_000, sim.random.chance(0.4) ? 10_800_000 : 400_000);
  if (sim.random.chance(0.3)) taskManagers.slots = sim.random.between(1, ENOUGH_SLOTS);
  endTaskManagers(stage, cluster, untilMs, sim.random.pick(asked, interrupted)(fromMs));
  return `loses its TaskManagers until ${taskManagers.away.untilMs}, then ${taskManagers.slots} slots`;
};

/** Whatever TaskManager starts ends by itself soon, for a while. */
export const crashTaskManagers: Happening = (stage, cluster) => {
  const { sim } = stage;
  const { taskManagers } = cluster;
  const isLooping = sim.time.nowMs() < taskManagers.crashesUntilMs;
  taskManagers.crashesUntilMs = sim.time.nowMs() + sim.random.between(120_000, 5_400_000);
  if (!isLooping) crashOnce(stage, cluster);
  return `its TaskManagers crash until ${taskManagers.crashesUntilMs}`;
};

const crashOnce = (stage: Stage, cluster: FlinkCluster): void => {
  const { sim } = stage;
  const nowMs = sim.time.nowMs();
  if (nowMs >= cluster.taskManagers.crashesUntilMs) return;
  endTaskManagers(stage, cluster, nowMs + sim.random.between(5_000, 60_000), crashed(nowMs, 'killed'));
  later(stage, 60_000, 240_000, () => crashOnce(stage, cluster));
};

/** For every job that may be there. */
export const ENOUGH_SLOTS = 24;

/** A job that belongs on the cluster, as the manifest is deployed now. */
const anyWanted = (stage: Stage, cluster: FlinkCluster): Job | undefined =>
  anyOf(stage, stage.deployed.clusters().find(({ name }) => name === cluster.name)?.jobs ?? []);

/** The database of a job's main() is away, and comes back. */
export const loseDatabase: Happening = (stage, cluster) => {
  const { sim, mains } = stage;
  const job = anyWanted(stage, cluster);
  if (job === undefined) return undefined;
  mains.throwUntil(job.lineage, sim.time.nowMs() + sim.random.between(60_000, 1_800_000));
  return `the main() of ${job.name} throws for a while`;
};

/** It takes connections and says nothing: who asks it waits. */
export const hangDatabase: Happening = (stage, cluster) => {
  const { sim, mains } = stage;
  const job = anyWanted(stage, cluster);
  if (job === undefined) return undefined;
  mains.hangUntil(job.lineage, sim.time.nowMs() + sim.random.between(600_000, 10_800_000));
  return `the main() of ${job.name} hangs for a while`;
};

/** A jar is taken away for a while, replaced by another version, or by what is none. */
export const spoilJar: Happening = (stage) => {
  const { jars, sim } = stage;
  const uri = anyOf(stage, jars.uris);
  if (uri === undefined) return undefined;
  const what = sim.random.pick('removed', 'good', 'NOT_A_JAR', 'CLASS_MISSING', 'NO_JOB');
  if (what === 'removed') jars.remove(uri);
  else jars.put(uri, what);
  if (what !== 'good') later(stage, 30_000, 900_000, () => jars.put(uri, 'good'));
  return `${uri}: ${what}`;
};

/** One of the services that the product stands on refuses, or does not answer. */
export const outage: Happening = (stage) => {
  const kind = anyOf(stage, otherKinds);
  return kind === undefined ? undefined : breakDown(stage, kind, stage.sim.random.between(5_000, 400_000));
};
