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
  // Several ask about the same call, in the same step.
  const known = looked.get(call);
  if (known !== undefined) return known;
  const look = lookTo(call);
  looked.set(call, look);
  return look;
};

const looked = new WeakMap<Call, LookBefore>();

const lookTo = (call: Call): LookBefore => {
  const since = sinceLoad(call, clusterOf(call));
  // What is asked after the commit is asked for one effect, and by each of several on its own.
  const commit = since.findLastIndex(({ name }) => name === 'store.commit');
  const look = commit < 0 ? since : since.slice(0, commit);
  const answered = answeredIn(look);
  const values = <T>(name: Call['name']): readonly T[] => (answered.get(name) ?? []).map(({ value }) => value as T);
  return {
    sinceMs: look[0]?.atMs ?? call.atMs,
    memory: values<ClusterMemory>('store.load')[0],
    ecs: values<EcsView>('ecs.look').at(-1),
    leaders: values<LeaderLook>('leaders.look'),
    jars: values('jars.look'),
    store: since.findLast(({ name }) => name.startsWith('store.') && !ofNames.has(name)),
    at: (address) => {
      const here = (name: Call['name']): readonly Answered[] =>
        (answered.get(name) ?? []).filter(({ args: [at] }) => urlOf(at).includes(`//${address}:`));
      const identities = here('flink.identity').map(({ value }) => value as JobManagerIdentity);
      return {
        processes: identities.map(({ process }) => process),
        zookeeper: identities.at(-1)?.zookeeper,
        jobs: here('flink.jobs').at(-1)?.value as readonly FlinkJob[] | undefined,
        slotsKnown: here('flink.slots').length > 0,
        states: new Map(here('flink.jobState').map(({ args, value }) => [String(args[1]), String(value)])),
      };
    },
  };
};

/** What came before it of the same cluster, since the memory was loaded. */
const sinceLoad = (call: Call, cluster: string | undefined): readonly Call[] => {
  const { calls } = call.by;
  const since: Call[] = [];
  for (const each of calls.slice(0, calls.indexOf(call)).reverse()) {
    if (!isOf(each, cluster)) continue;
    since.push(each);
    if (each.name === 'store.load') break;
  }
  return since.reverse();
};

type Answered = { readonly args: Call['args']; readonly value: unknown };

/** By name. */
const answeredIn = (look: readonly Call[]): ReadonlyMap<string, readonly Answered[]> => {
  const answered = new Map<string, Answered[]>();
  for (const { name, args, given } of look) {
    if (given === undefined || !('value' in given)) continue;
    const same = answered.get(name);
    if (same === undefined) answered.set(name, [{ args, value: given.value }]);
    else same.push({ args, value: given.value });
  }
  return answered;
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
  const live = new Set<string>();
  for (const { name, args, given } of calls.slice(0, calls.lastIndexOf(call)).reverse()) {
    if (name === 'store.commit' || given === undefined || !('value' in given)) return undefined;
    if (name === 'store.load' && args[0] === cluster) return { memory: given.value as ClusterMemory, live };
    if (name !== 'flink.jobs') continue;
    for (const { jobId, state } of given.value as readonly FlinkJob[]) if (!isTerminal(state)) live.add(jobId);
  }
  return undefined;
};

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
