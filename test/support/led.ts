import { withLeader, withPeers } from '../../lib/core/leadership.ts';
import type {
  Cluster,
  FlinkView,
  Incarnation,
  JobManagerTask,
  LeaderLook,
  Observation,
  Seen,
} from '../../lib/core/model.ts';
import { aTask, aView, jm, known, observed } from './builders.ts';

const [QUORUM, PATH] = ['zk:2181', '/flink/led'];

/** The manifest's part of a cluster with high availability. */
export const led: Pick<Cluster, 'leader' | 'jobManagers'> = {
  jobManagers: ['jobmanager'],
  leader: { quorum: QUORUM, clusterId: '/led' },
};

/** By its number, as ZooKeeper names it. */
const rpcOf = (number: number): string => `ip-10-0-0-${number}:6123`;

/** A JobManager with high availability. */
export const ledView = (number: number, options: Parameters<typeof aView>[1] = {}): FlinkView =>
  aView(jm(number), {
    ...options,
    identity: { ha: 'zookeeper', zookeeper: { quorum: QUORUM, path: PATH, rpc: rpcOf(number) }, ...options.identity },
  });

/** The incarnation of a JobManager as it led. */
export const leading = (number: number, session = 'session-1', memory = 'memory-1'): Incarnation => ({
  ...jm(number),
  led: { session, memory },
});

type LedOptions = {
  /** The number of the one that ZooKeeper names. */
  readonly leader?: number;
  readonly session?: string;
  readonly memory?: string;
  /** What the leader recovers. */
  readonly recovers?: readonly string[];
  readonly zookeeper?: Seen<LeaderLook>;
  readonly views?: readonly FlinkView[];
  readonly unseen?: readonly Incarnation[];
  readonly tasks?: readonly JobManagerTask[];
};

/** One look at a cluster with high availability: by default two JobManagers that answer, of which the first leads. */
export const observedLed = (options: LedOptions = {}): Observation => {
  const { leader = 1, session = 'session-1', memory = 'memory-1', recovers = [] } = options;
  const { views = [ledView(1), ledView(2)], unseen = [], tasks = [aTask(jm(1)), aTask(jm(2))] } = options;
  const zookeeper = options.zookeeper ?? known({ leader: { rpc: rpcOf(leader), session, memory }, jobs: recovers });
  const seen = observed({ tasks, views, unseen });
  return { ...seen, leader: zookeeper, flink: withLeader(seen.flink, zookeeper) };
};

/** The manifest's part of one whose ZooKeeper cannot be asked. */
export const overRest: Pick<Cluster, 'leader' | 'jobManagers'> = { jobManagers: ['jobmanager'], leader: 'rest' };

/** A JobManager as it answered beside these others, by their numbers. */
export const beside = (number: number, ...numbers: readonly number[]): Incarnation => ({
  ...jm(number),
  peers: [number, ...numbers].map((each) => jm(each).process).toSorted(),
});

/** One look at a cluster with high availability, none of whose JobManagers is known to lead: by default two that answer. */
export const observedOverRest = (options: Pick<LedOptions, 'views' | 'unseen' | 'tasks'> = {}): Observation => {
  const { views = [ledView(1), ledView(2)], unseen = [], tasks = [aTask(jm(1)), aTask(jm(2))] } = options;
  const seen = observed({ tasks, views, unseen });
  return { ...seen, flink: withPeers(seen.flink) };
};
