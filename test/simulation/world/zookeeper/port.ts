import { frozen } from '../../../../lib/adapters/frozen.ts';
import { Fault } from '../../../../lib/core/errors.ts';
import { leaderPath } from '../../../../lib/core/leadership.ts';
import type { Leaders } from '../../../../lib/ports.ts';
import type { Stage } from '../stage.ts';
import { clusterIdOf, rpcOf } from './zookeeper.ts';

/** ZooKeeper as its adapter tells it: who leads, or led until its session ends, and what is there to recover. */
export const createLeaders = ({ clusters, sim }: Pick<Stage, 'clusters' | 'sim'>): Leaders => ({
  look: async ({ path }) => {
    const cluster = clusters.find(({ name }) => leaderPath({ clusterId: clusterIdOf(name) }) === path);
    const { zooKeeper } = cluster ?? {};
    if (cluster === undefined || zooKeeper === undefined) return frozen({ jobs: [] });
    const nowMs = sim.time.nowMs();
    if (nowMs < zooKeeper.awayUntilMs || nowMs < zooKeeper.unreachableUntilMs)
      throw new Fault('transient', 'LEADER_UNREACHABLE', 'ZooKeeper does not answer');
    const { leader, memory } = zooKeeper;
    const jobs = [...cluster.recoverable.keys()].toSorted();
    if (leader === undefined) return frozen({ jobs });
    const { process, session } = leader;
    return frozen({ leader: { rpc: rpcOf(process.address), session, memory }, jobs });
  },
});
