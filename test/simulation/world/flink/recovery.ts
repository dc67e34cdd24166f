import { later, type Stage } from '../stage.ts';
import { elect } from '../zookeeper/election.ts';
import { type FlinkCluster, processesOf } from './cluster.ts';
import { startJob } from './lives.ts';
import { isLive, type Process } from './process.ts';

/** Who leads with high availability: all others speak for it. */
export const leaderOf = (cluster: FlinkCluster): Process | undefined => {
  const { zooKeeper } = cluster;
  if (zooKeeper === undefined) return oldestOf(cluster);
  const process = zooKeeper.leader?.process;
  return process?.endedMs === undefined ? process : undefined;
};

/** Where the manifest knows of no ZooKeeper nobody is asked who leads. */
const oldestOf = (cluster: FlinkCluster): Process | undefined =>
  processesOf(cluster)
    .filter(({ identity, endedMs }) => identity.ha !== 'none' && endedMs === undefined)
    .sort((a, b) => a.bornMs - b.bornMs)[0];

/** High availability brings the jobs back under their ids, a moment after the new leader has shown an empty list (F100). */
export const recover = (stage: Stage, cluster: FlinkCluster): void => {
  if (cluster.zooKeeper !== undefined) {
    elect(stage, cluster, cluster.zooKeeper);
    return;
  }
  const leader = leaderOf(cluster);
  // What was kept is nobody's once it is switched off: whoever switches it on again begins with nothing.
  const others = processesOf(cluster).some(({ identity, endedMs }) => identity.ha === 'none' && endedMs === undefined);
  if (leader === undefined && (others || cluster.flink.ha === 'none')) cluster.recoverable.clear();
  if (leader === undefined || cluster.recoverable.size === 0) return;
  later(stage, 300, 1_500, () => {
    if (leader.endedMs !== undefined || leaderOf(cluster) !== leader) return;
    for (const life of cluster.recoverable.values()) {
      const known = leader.jobs.get(life.jobId);
      if (known !== undefined && isLive(known)) continue;
      const { jobId, name, lineage, tasks } = life;
      startJob(stage, cluster, leader, { jobId, name, lineage, tasks, by: 'flink' });
    }
  });
};
