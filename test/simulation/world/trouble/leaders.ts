import { exit } from '../ecs/service.ts';
import { type FlinkCluster, processesOf } from '../flink/cluster.ts';
import { isOnRecord } from '../flink/lives.ts';
import { isLive } from '../flink/process.ts';
import { note } from '../notes.ts';
import type { Happening, Stage } from '../stage.ts';
import type { Upset } from '../truth.ts';
import { depose } from '../zookeeper/election.ts';
import type { ZooKeeper } from '../zookeeper/zookeeper.ts';

/** Of a cluster that has one. */
const withZooKeeper =
  (happens: (stage: Stage, cluster: FlinkCluster, zooKeeper: ZooKeeper) => string | undefined): Happening =>
  (stage, cluster) =>
    cluster.zooKeeper && happens(stage, cluster, cluster.zooKeeper);

const upset = ({ sim, notes }: Stage, { name }: FlinkCluster, what: Upset['what'], forMs = 0): void => {
  const atMs = sim.time.nowMs();
  note(notes, 'upsets', { cluster: name, what, atMs, untilMs: atMs + forMs });
};

/** The one that leads ends. */
export const killLeader = withZooKeeper((stage, cluster, { leader }) => {
  if (leader === undefined || leader.process.endedMs !== undefined) return undefined;
  exit(stage, cluster, leader.process, 'killed as it led');
  return `kills ${leader.process.id}, which leads`;
});

/** Its connection to ZooKeeper breaks for a moment: another one leads, or the same anew. */
export const loseLeadership = withZooKeeper((stage, cluster, zooKeeper) => {
  if (zooKeeper.leader === undefined) return undefined;
  upset(stage, cluster, 'session');
  depose(stage, cluster, zooKeeper);
  return 'has another leadership';
});

/** Nobody can ask it, so nobody leads; JobManagers may end of it when it lasts. */
export const loseZooKeeper = withZooKeeper((stage, cluster, zooKeeper) => {
  const { random, time } = stage.sim;
  const forMs = random.pick(5_000, 30_000, 90_000, 240_000);
  zooKeeper.awayUntilMs = time.nowMs() + forMs;
  upset(stage, cluster, 'away', forMs);
  depose(stage, cluster, zooKeeper);
  if (forMs >= 30_000 && random.chance(0.5))
    for (const process of processesOf(cluster)) exit(stage, cluster, process, 'ZooKeeper is away');
  return `has no ZooKeeper for ${forMs} ms`;
});

/** The autopilot alone cannot reach it. */
export const hideZooKeeper = withZooKeeper((stage, cluster, zooKeeper) => {
  const { sim } = stage;
  const forMs = sim.random.between(5_000, 400_000);
  upset(stage, cluster, 'unreachable', forMs);
  zooKeeper.unreachableUntilMs = sim.time.nowMs() + forMs;
  return `has a ZooKeeper that we cannot reach for ${forMs} ms`;
});

/**
 * All that it kept is gone, with the JobManagers or under them: nobody brings the jobs back. What its leader does not let go of at once no list shows,
 * and who does not know it (the table is lost) cannot wait for it, which is an honest limit.
 */
export const wipeZooKeeper = withZooKeeper((stage, cluster, zooKeeper) => {
  const { random } = stage.sim;
  const lives = [...(zooKeeper.leader?.process.jobs.values() ?? [])].filter(isLive);
  const isKnown = lives.every((life) => life.lineage === undefined || isOnRecord(stage, life));
  const isWithAll = random.chance(0.5);
  cluster.recoverable.clear();
  zooKeeper.memory = random.hex(16);
  const letsGoMs = random.pick(0, random.between(1_000, 9_000));
  depose(stage, cluster, zooKeeper, isKnown ? letsGoMs : 0);
  if (isWithAll) for (const process of processesOf(cluster)) exit(stage, cluster, process, 'killed with its ZooKeeper');
  return `has a new ZooKeeper${isWithAll ? ', and new JobManagers' : ''}`;
});

/** What one job left cannot be read for a while: each leader ends of it (F117). */
export const spoilGraph = withZooKeeper((stage, cluster, zooKeeper) => {
  const { random, time } = stage.sim;
  if (cluster.recoverable.size === 0) return undefined;
  zooKeeper.brokenUntilMs = time.nowMs() + random.between(60_000, 600_000);
  depose(stage, cluster, zooKeeper);
  return `has a job that cannot be recovered until ${zooKeeper.brokenUntilMs}`;
});

/** The network between the autopilot and the leader is cut; Flink itself is fine. */
export const cutOff = withZooKeeper((stage, cluster, { leader }) => {
  if (leader === undefined) return undefined;
  const { sim } = stage;
  const forMs = sim.random.between(5_000, 300_000);
  upset(stage, cluster, 'cut off', forMs);
  leader.process.cutUntilMs = sim.time.nowMs() + forMs;
  return `has a leader that we cannot reach for ${forMs} ms`;
});
