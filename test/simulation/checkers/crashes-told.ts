import { defaults } from '../../../lib/core/defaults.ts';
import type { Cluster, EcsView, Incident, StoppedTask, TaskManagersView } from '../../../lib/core/model.ts';
import type { Changes, Lease } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import { type Checker, eachCall, type Run } from './checker.ts';
import { lookOf } from './looks.ts';

/** What one commit makes of the tasks that its look was shown. */
type Commit = {
  readonly call: Call;
  readonly cluster: string;
  readonly run: Run;
  /** As they were read. */
  readonly before: ReadonlyMap<string, Incident>;
  readonly after: ReadonlyMap<string, Incident>;
};

/**
 * I4: what ECS shows as a crash loop is told, what no task crashed for is not, and what it explains does not open beside it. Asked of
 * each first commit of a look that saw everything.
 */
export const crashesTold: Checker = eachCall(['store.commit'], (call, run) => {
  const [{ cluster }, { incidents }] = call.args as readonly [Lease, Changes];
  const look = lookOf(call, cluster);
  if (look === undefined) return undefined;
  const before = new Map<string, Incident>();
  for (const each of look.memory.incidents) before.set(each.key, each);
  const after = new Map(before);
  for (const each of incidents) after.set(each.key, each);
  const commit = { call, cluster, run, before, after };
  return notTold(commit) ?? notTrue(commit) ?? notAlone(commit);
});

/** The clocks of Lambda and of ECS differ by seconds. */
const MARGIN_MS = 60_000;

/** Who is shown that so many tasks of a wanted service ended by themselves has an incident of that. */
const notTold = ({ call, cluster, after }: Commit): string | undefined => {
  const spec = call.by.manifest.find(({ name }) => name === cluster);
  const ecs = shownTo<EcsView>(call, 'ecs.look', cluster);
  // Where it is not known who leads that is told instead; who sleeps crashes no more.
  if (spec === undefined || ecs?.services.every(({ desiredCount }) => desiredCount === 0) !== false) return undefined;
  const ofTasks = ecs.tasks.flatMap(({ service, stop }) => (stop === undefined ? [] : [{ service, stop }]));
  const wanted = ecs.services.filter(({ desiredCount }) => desiredCount > 0).map(({ name }) => name);
  const own = ofTasks.filter(({ service }) => wanted.includes(service));
  const stopped = shownTo<TaskManagersView>(call, 'ecs.taskManagers', cluster)?.stopped ?? [];
  if (spec.leader === undefined && isLooping(own, call.atMs) && !isKnown(after.get('JOBMANAGER_CRASHES')))
    return `${call.by.name} sees the JobManagers of ${cluster} crash, and says nothing`;
  if (isLooping(stopped, call.atMs) && !isKnown(after.get('TASKMANAGER_CRASHES')))
    return `${call.by.name} sees the TaskManagers of ${cluster} crash, and says nothing`;
  return undefined;
};

const isLooping = (stopped: readonly StoppedTask[], nowMs: number): boolean => {
  if (stopped.length < defaults.tasks.crashesMax) return false;
  const crashes = stopped.filter(
    ({ stop: { code, atMs = 0 } }) =>
      code === 'EssentialContainerExited' && nowMs - atMs < defaults.tasks.crashesWithinMs - MARGIN_MS,
  );
  const byService = Map.groupBy(crashes, ({ service }) => service).values();
  return [...byService].some(
    (own) => countApart(own.map(({ stop: { atMs = 0 } }) => atMs)) >= defaults.tasks.crashesMax,
  );
};

/** Those that end together are once. */
const countApart = (times: readonly number[]): number => {
  let [count, lastMs] = [0, Number.NEGATIVE_INFINITY];
  for (const atMs of times.toSorted((one, other) => one - other)) {
    if (atMs - lastMs < defaults.tasks.apartMs) continue;
    [count, lastMs] = [count + 1, atMs];
  }
  return count;
};

/** One whose end is still to be told opens anew after that. */
const isKnown = (incident: Incident | undefined): boolean =>
  incident !== undefined && (incident.state !== 'closed' || incident.closeToldMs === undefined);

/** An opening is borne out by what ended by itself: deployments, Spot and people are no crashes. */
const notTrue = ({ call, cluster, run, before, after }: Commit): string | undefined => {
  for (const [code, least] of [
    ['JOBMANAGER_CRASHES', 1],
    ['TASKMANAGER_CRASHES', defaults.tasks.crashesMax],
  ] as const) {
    if (after.get(code)?.state !== 'open' || before.get(code)?.state === 'open') continue;
    const sinceMs = call.atMs - defaults.tasks.crashesWithinMs - MARGIN_MS;
    const prefix = code === 'JOBMANAGER_CRASHES' ? 'jobmanager' : 'taskmanager';
    const crashes = run.world.truth.crashes.filter(
      (each) => each.cluster === cluster && each.service.startsWith(prefix) && each.atMs >= sinceMs,
    );
    if (crashes.length < least) return `${call.by.name} tells ${code} of ${cluster}, where ${crashes.length} crashed`;
  }
  return undefined;
};

/** What a bigger cause explains does not open beside it. */
const notAlone = ({ call, cluster, before, after }: Commit): string | undefined => {
  const stays = (cause: string): boolean => before.get(cause)?.state === 'open' && after.get(cause)?.state === 'open';
  for (const [cause, codes] of Object.entries(EXPLAINED)) {
    if (!stays(cause)) continue;
    const beside = [...after.values()].find(
      ({ key, code, state }) => state === 'open' && codes.has(code) && before.get(key)?.state !== 'open',
    );
    if (beside !== undefined) return `${call.by.name} opens ${beside.key} of ${cluster} beside ${cause}`;
  }
  return undefined;
};

const EXPLAINED: Readonly<Record<string, ReadonlySet<string>>> = {
  JOBMANAGER_CRASHES: new Set(['CLUSTER_NOT_READY', 'JOB_LOST_REPEATEDLY', 'TASKMANAGER_CRASHES']),
  TASKMANAGER_CRASHES: new Set(['SLOTS_MISSING', 'TASKMANAGERS_MISSING']),
};

/** The last answer of this kind that it was given before, in this look or an earlier one. */
const shownTo = <T>(call: Call, name: string, of: string): T | undefined => {
  const { calls } = call.by;
  for (const each of calls.slice(0, calls.lastIndexOf(call)).reverse())
    if (each.name === name && (each.args[0] as Cluster).name === of)
      return each.given !== undefined && 'value' in each.given ? (each.given.value as T) : undefined;
  return undefined;
};
