import { createZooKeeperLeaders } from '../../lib/adapters/zookeeper-leader.ts';
import { privateDnsName } from '../agent/task/render.ts';
import { REGION } from '../aws.ts';
import { CLUSTER } from '../deploy/deployments.ts';
import type { World } from '../world.ts';

type Task = ReturnType<World['agent']['tasks']>[number];

/** The JobManager task that leads, where several are one cluster; undefined: there is no ZooKeeper, or nobody leads. */
export const leaderOf = async ({ zookeeper, agent }: Pick<World, 'zookeeper' | 'agent'>): Promise<Task | undefined> => {
  if (zookeeper === undefined) return undefined;
  const leaders = createZooKeeperLeaders({ clock: { nowMs: Date.now }, secrets: { resolve: async (text) => text } });
  const place = { quorum: zookeeper.quorum, path: `/flink/${CLUSTER}` };
  const { leader } = await leaders.look(place, Date.now() + ANSWER_MAX_MS);
  const host = leader?.rpc.split(':')[0];
  return agent.tasks().find(({ address, alive }) => alive && privateDnsName({ address, region: REGION }) === host);
};

const ANSWER_MAX_MS = 2_000;
