import { defaults } from './defaults.ts';
import type { Cluster, FlinkView, JobManagerIdentity, JobManagerTask, LeaderLook, Observation } from './model.ts';

/** The node of a cluster in ZooKeeper, as Flink makes it of its root and its id. */
export const leaderPath = ({ root, clusterId }: Place): string =>
  `/${`${root ?? '/flink'}/${clusterId ?? '/default'}`
    .split('/')
    .filter((name) => name !== '')
    .join('/')}`;

type Place = { readonly root?: string | undefined; readonly clusterId?: string | undefined };

/** The JobManager that leads, where ZooKeeper names one that answers. */
export const leadingView = ({ flink }: Pick<Observation, 'flink'>): FlinkView | undefined => {
  for (const view of Object.values(flink)) if (view.known && view.value.recovers !== undefined) return view.value;
  return undefined;
};

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

/** The views where nobody can say which one leads, each with the processes that have high availability and answered in the same look. */
export const withPeers = (flink: Observation['flink']): Observation['flink'] => {
  const peers = viewsIn(flink)
    .filter(({ identity }) => identity.ha !== 'none')
    .map(({ incarnation }) => incarnation.process)
    .toSorted();
  return Object.fromEntries(
    Object.entries(flink).map(([arn, view]) => {
      if (!view.known || view.value.identity.ha === 'none') return [arn, view];
      return [arn, { known: true, value: { ...view.value, incarnation: { ...view.value.incarnation, peers } } }];
    }),
  );
};

/** The JobManagers that call themselves as ZooKeeper calls the leader. */
const namedIn = (flink: Observation['flink'], { leader }: LeaderLook): readonly FlinkView[] =>
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

/** Where in which ZooKeeper a JobManager's cluster is. */
export const placeIn = ({ zookeeper }: JobManagerIdentity): string => `${zookeeper?.path} at ${zookeeper?.quorum}`;

/** Why none is ready. A leader that cannot recover a job ends at its start, so what there is to recover may be why there is none. */
export const noLeader = (cluster: Cluster, seen: LeaderLook, flink: Observation['flink']): string => {
  const { leader, jobs } = seen;
  const namesakes = namedIn(flink, seen).length;
  if (leader !== undefined && namesakes > 1)
    return `${namesakes} JobManagers call themselves ${leader.rpc}: each needs a jobmanager.rpc.address of its own`;
  const nameOf = (jobId: string): string | undefined =>
    cluster.jobs.find(({ lineage }) => jobId.startsWith(lineage))?.name;
  const named = jobs
    .slice(0, defaults.recoveredNamedMax)
    .map((jobId) => [nameOf(jobId) ?? 'a job of others', `(${jobId})`].join(' '))
    .join(', ');
  const more = jobs.length > defaults.recoveredNamedMax ? ` and ${jobs.length - defaults.recoveredNamedMax} more` : '';
  const silent = Object.entries(flink).flatMap(([arn, view]) => (view.known ? [] : [`${arn}: ${view.because.text}`]));
  const what =
    leader === undefined
      ? ['no JobManager leads now']
      : [`the leader ${leader.rpc} is none of those that are wanted and answer`, ...silent];
  return [...what, ...(named === '' ? [] : [`there is to recover: ${named}${more}`])].join('; ');
};

const viewsIn = (flink: Observation['flink']): readonly FlinkView[] =>
  Object.values(flink).flatMap((view) => (view.known ? [view.value] : []));
