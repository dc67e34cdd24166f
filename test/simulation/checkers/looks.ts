import { isTerminal } from '../../../lib/core/liveness.ts';
import type {
  Cluster,
  ClusterMemory,
  EcsView,
  FlinkJob,
  JobManagerIdentity,
  LeaderLook,
} from '../../../lib/core/model.ts';
import type { FlinkRest, LeaderPlace, Lease, RunRequest } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';

/** What an invocation was given in the look that a call of it rests on: since it last loaded the memory. */
export type LookBefore = {
  /** When it began. */
  readonly sinceMs: number;
  readonly memory: ClusterMemory | undefined;
  readonly ecs: EcsView | undefined;
  /** All it was given by the JobManager at this address. */
  at(address: string): At;
  /** What ZooKeeper said of it. */
  readonly leaders: readonly LeaderLook[];
  readonly jars: readonly unknown[];
  /** The last call of the store before it. */
  readonly store: Call | undefined;
};

export type At = {
  readonly processes: readonly string[];
  /** Where it says that its leader stands. */
  readonly zookeeper: JobManagerIdentity['zookeeper'];
  readonly jobs: readonly FlinkJob[] | undefined;
  readonly slotsKnown: boolean;
  /** By id: its state, or `absent`. */
  readonly states: ReadonlyMap<string, string>;
};

/** The list of clusters is nobody's memory of a job. */
const ofNames: ReadonlySet<string> = new Set(['store.clusters', 'store.addCluster', 'store.forgetCluster']);

/** The part of it that came before `call`, of the same cluster. */
export const lookBefore = (call: Call): LookBefore => {
  const { calls } = call.by;
  const cluster = clusterOf(call);
  const end = calls.indexOf(call);
  const begin = calls.findLastIndex((each, index) => index < end && each.name === 'store.load' && isOf(each, cluster));
  const since = calls.slice(Math.max(begin, 0), end).filter((each) => isOf(each, cluster));
  // What is asked after the commit is asked for one effect, and by each of several on its own.
  const commit = since.findLastIndex(({ name }) => name === 'store.commit');
  const look = commit < 0 ? since : since.slice(0, commit);
  const values = <T>(name: Call['name'], only: (call: Call) => boolean = () => true): readonly T[] =>
    look
      .filter((each) => each.name === name && only(each))
      .flatMap(({ given }) => (given !== undefined && 'value' in given ? [given.value as T] : []));
  return {
    sinceMs: look[0]?.atMs ?? call.atMs,
    memory: values<ClusterMemory>('store.load')[0],
    ecs: values<EcsView>('ecs.look').at(-1),
    leaders: values<LeaderLook>('leaders.look'),
    jars: values('jars.look'),
    store: since.findLast(({ name }) => name.startsWith('store.') && !ofNames.has(name)),
    at: (address) => {
      const here = ({ args: [at] }: Call): boolean => urlOf(at).includes(`//${address}:`);
      const identities = values<JobManagerIdentity>('flink.identity', here);
      return {
        processes: identities.map(({ process }) => process),
        zookeeper: identities.at(-1)?.zookeeper,
        jobs: values<readonly FlinkJob[]>('flink.jobs', here).at(-1),
        slotsKnown: values('flink.slots', here).length > 0,
        states: new Map(
          look
            .filter((each) => each.name === 'flink.jobState' && here(each))
            .flatMap(({ args, given }) =>
              given !== undefined && 'value' in given ? [[String(args[1]), String(given.value)] as const] : [],
            ),
        ),
      };
    },
  };
};

/** What a pass saw before its first commit, which holds what it makes of it; undefined where a call had no answer, so that it may have been blind. */
export const lookOf = (call: Call, cluster: string): Shown | undefined => {
  // Several ask about the same commit, in the same step.
  if (!shown.has(call)) shown.set(call, shownBefore(call, cluster));
  return shown.get(call);
};

type Shown = { readonly memory: ClusterMemory; readonly live: ReadonlySet<string> };

const shown = new WeakMap<Call, Shown | undefined>();

const shownBefore = (call: Call, cluster: string): Shown | undefined => {
  const { calls } = call.by;
  const end = calls.lastIndexOf(call);
  const begin = calls.findLastIndex(
    ({ name, args: [of] }, index) => index < end && name === 'store.load' && of === cluster,
  );
  const [load, ...look] = begin < 0 ? [] : calls.slice(begin, end);
  const memory = load === undefined ? undefined : answerOf<ClusterMemory>(load);
  const isWhole = look.every(
    (each) => each.name !== 'store.commit' && each.given !== undefined && 'value' in each.given,
  );
  if (memory === undefined || !isWhole) return undefined;
  const listed = look.flatMap((each) =>
    each.name === 'flink.jobs' ? (answerOf<readonly FlinkJob[]>(each) ?? []) : [],
  );
  return { memory, live: new Set(listed.filter(({ state }) => !isTerminal(state)).map(({ jobId }) => jobId)) };
};

const answerOf = <T>({ given }: Call): T | undefined =>
  given !== undefined && 'value' in given ? (given.value as T) : undefined;

/** The cluster whose job a POST or a cancel names; undefined = none of ours. */
export const clusterOf = (call: Call): string | undefined =>
  call.by.manifest.find(({ jobs }) => jobs.some(({ lineage }) => jobIdOf(call).startsWith(lineage)))?.name;

/** Calls that name a cluster name this one; the others are told apart by their addresses. */
const isOf = ({ name, args: [of] }: Call, cluster: string | undefined): boolean => {
  if (name === 'store.commit' || name === 'store.release') return (of as Lease).cluster === cluster;
  if (name.startsWith('store.')) return of === cluster;
  if (name === 'leaders.look') return (of as LeaderPlace).path.endsWith(`/${cluster}`);
  return !name.startsWith('ecs.') || (of as Cluster).name === cluster;
};

/** Where a call to Flink goes. */
export const urlOf = (at: unknown): string => (at as Parameters<FlinkRest['jobs']>[0]).url;

/** The same without scheme and port: a JobManager of the world has no other path. */
export const hostOf = (at: unknown): string => urlOf(at).replace(SCHEME, '').replace(PORT, '');

const SCHEME = /^https?:\/\//;
const PORT = /:\d+$/;

/** The job id of a POST or a cancel. */
export const jobIdOf = ({ name, args }: Call): string =>
  name === 'flink.run' ? (args[2] as RunRequest).jobId : String(args[1]);
