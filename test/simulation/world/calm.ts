import { settleAll } from './ecs/service.ts';
import { type Configuration, type FlinkCluster, processesOf } from './flink/cluster.ts';
import { runsOn } from './flink/job.ts';
import { isLive, touch } from './flink/process.ts';
import type { Stage } from './stage.ts';
import { roll, TOO_OLD } from './trouble/deployments.ts';
import { wakeUp, wantedAtOnce } from './trouble/jobmanagers.ts';
import { ENOUGH_SLOTS } from './trouble/surroundings.ts';
import { elect } from './zookeeper/election.ts';
import type { ZooKeeper } from './zookeeper/zookeeper.ts';

/**
 * Trouble stops: all that heals without the autopilot does. What only a person ends stays (a job that failed or was
 * cancelled, high availability, a main() that always ends its process): there the product has to hold, and to say so.
 */
export const calmDown = (stage: Stage): void => {
  stage.mains.calm();
  // What it takes to be mended, in which it is told.
  stage.snapshots.mend(stage.sim.time.nowMs() + stage.sim.random.between(0, 480_000));
  for (const uri of stage.jars.uris) if (!stage.jars.isGood(uri)) stage.jars.put(uri, 'good');
  for (const cluster of stage.clusters) calmCluster(stage, cluster);
};

const calmCluster = (stage: Stage, cluster: FlinkCluster): void => {
  const nowMs = stage.sim.time.nowMs();
  cluster.crashesUntilMs = 0;
  cluster.savepointsRefusedUntilMs = 0;
  const { taskManagers, services } = cluster;
  taskManagers.slots = ENOUGH_SLOTS;
  taskManagers.crashesUntilMs = 0;
  taskManagers.away = { ...taskManagers.away, untilMs: Math.min(taskManagers.away.untilMs, nowMs + mendedIn(stage)) };
  for (const process of processesOf(cluster)) {
    process.frozenUntilMs = Math.min(process.frozenUntilMs, nowMs);
    process.cutUntilMs = 0;
    for (const life of process.jobs.values()) if (isLive(life)) runsOn(life, nowMs);
    touch(process);
  }
  const [first, ...others] = services.filter(({ desiredCount }) => desiredCount > 0);
  for (const service of others) service.desiredCount = 0;
  if (first !== undefined) first.desiredCount = wantedAtOnce(cluster);
  if (cluster.zooKeeper !== undefined) calmZooKeeper(stage, cluster, cluster.zooKeeper);
  wakeUp(stage, cluster);
  settleAll(stage, cluster);
  if (!isFit(cluster) && stage.sim.random.chance(0.7)) correct(stage, cluster);
};

/** Who is away for long is mended by a person. */
const mendedIn = ({ sim: { random } }: Stage): number => (random.chance(0.5) ? 0 : random.between(720_000, 960_000));

/** Mostly a person deploys a configuration again under which the product may work; the other times it has to say why not. */
const correct = (stage: Stage, cluster: FlinkCluster): void => {
  Object.assign(cluster.flink, FIT, { ha: fitHa(cluster) });
  roll(stage, cluster);
};

const FIT = { submission: true, version: '2.3.0' } as const;

/** As the manifest has it. */
const fitHa = ({ zooKeeper }: FlinkCluster): Configuration['ha'] => (zooKeeper === undefined ? 'none' : 'zookeeper');

const calmZooKeeper = (stage: Stage, cluster: FlinkCluster, zooKeeper: ZooKeeper): void => {
  const nowMs = stage.sim.time.nowMs();
  Object.assign(zooKeeper, { brokenUntilMs: 0, unreachableUntilMs: 0 });
  zooKeeper.awayUntilMs = Math.min(zooKeeper.awayUntilMs, nowMs);
  elect(stage, cluster, zooKeeper);
};

const isFit = (cluster: FlinkCluster): boolean => {
  const { ha, submission, version } = cluster.flink;
  return ha === fitHa(cluster) && submission && version !== TOO_OLD;
};
