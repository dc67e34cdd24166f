import type { FlinkView, JobManagerTask, LeaderLook, Observation } from './model.ts';

/** The node of a cluster in ZooKeeper, as Flink makes it of its root and its id. */
export const leaderPath = ({ root, clusterId }: Place): string =>
  `/${[root ?? '/flink', clusterId ?? '/default'].flatMap((part) => part.split('/').filter((name) => name !== '')).join('/')}`;

type Place = { readonly root?: string | undefined; readonly clusterId?: string | undefined };

/** The JobManager that leads, where ZooKeeper names one that answers. */
export const leadingView = ({ flink }: Pick<Observation, 'flink'>): FlinkView | undefined =>
  viewsIn(flink).find(({ recovers }) => recovers !== undefined);

/**
 * The views, of which the one that ZooKeeper names is marked as leading, with the jobs that it recovers. JobManagers that share a name
 * cannot be told apart: none is.
 */
export const withLeader = (flink: Observation['flink'], seen: Observation['leader']): Observation['flink'] => {
  if (!seen?.known || seen.value.leader === undefined) return flink;
  const { jobs, leader } = seen.value;
  const { session, memory } = leader;
  const [view, ...namesakes] = namedIn(flink, seen.value);
  if (view === undefined || namesakes.length > 0) return flink;
  const incarnation = { ...view.incarnation, led: { session, memory } };
  return { ...flink, [incarnation.taskArn]: { known: true, value: { ...view, incarnation, recovers: jobs } } };
};

/** The JobManagers that call themselves as ZooKeeper calls the leader. */
export const namedIn = (flink: Observation['flink'], { leader }: LeaderLook): readonly FlinkView[] =>
  viewsIn(flink).filter(({ identity }) => leader !== undefined && identity.zookeeper?.rpc === leader.rpc);

/** The JobManagers that are wanted and run beside the leader. */
export const standbysOf = (observation: Observation): readonly JobManagerTask[] => {
  const leading = leadingView(observation)?.incarnation.taskArn;
  if (leading === undefined || !observation.ecs.known) return [];
  return observation.ecs.value.tasks.filter(
    ({ taskArn, desiredStatus, lastStatus }) =>
      taskArn !== leading && desiredStatus === 'RUNNING' && lastStatus === 'RUNNING',
  );
};

const viewsIn = (flink: Observation['flink']): readonly FlinkView[] =>
  Object.values(flink).flatMap((view) => (view.known ? [view.value] : []));
