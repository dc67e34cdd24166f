import type { ClusterMemory, EcsView, Incident } from '../../../lib/core/model.ts';
import type { Changes, Lease } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import { type Checker, eachCall } from './checker.ts';
import { urlOf } from './looks.ts';

/**
 * I4: a closing says that a condition is over, so it rests on a look that could see it: what a job suffers from ends by
 * a list of jobs, what a JobManager is by its word, and what ECS says by ECS. What ends for another reason says so.
 */
export const closesJudged: Checker = eachCall(['store.commit'], (call) => {
  const [{ cluster }, { incidents }] = call.args as readonly [Lease, Changes];
  const closed = incidents.filter(({ state, closedBecause }) => state === 'closed' && closedBecause === undefined);
  if (closed.length === 0) return undefined;
  const { by } = call;
  const before = by.calls.slice(0, by.calls.indexOf(call));
  const begin = before.findLastIndex(({ name, args: [of] }) => name === 'store.load' && of === cluster);
  const look = before.slice(begin);
  const [load] = look;
  if (load === undefined) return undefined;
  const known = answerOf<ClusterMemory>(load)?.incidents ?? [];
  const wasOpen = ({ key }: Incident): boolean => known.some((each) => each.key === key && each.state === 'open');
  // They are looked at once an invocation.
  const taskManagersSeen = before.some(
    (each) =>
      each.name === 'ecs.taskManagers' &&
      (each.args[0] as { name: string }).name === cluster &&
      answerOf(each) !== undefined,
  );
  const blind = closed.find((each) => wasOpen(each) && !seesEndOf(each, cluster, look, taskManagersSeen));
  return blind && `${by.name} closes ${blind.key} of ${cluster} without a look at it`;
});

const seesEndOf = (
  { code, job }: Incident,
  cluster: string,
  look: readonly Call[],
  taskManagersSeen: boolean,
): boolean => {
  // By what became of messages, which is in the memory.
  if (code === 'WEBHOOK_FAILING') return true;
  const view = look.findLast(
    ({ name, args: [of] }) => name === 'ecs.look' && (of as { name: string }).name === cluster,
  );
  const ecs = view === undefined ? undefined : answerOf<EcsView>(view);
  if (ecs === undefined) return false;
  if (ofTaskManagers.has(code)) return taskManagersSeen || isAsleep(ecs);
  if (job === undefined && ofEcs.has(code)) return true;
  const isOfCluster = (at: unknown): boolean =>
    ecs.tasks.some(({ address }) => address !== undefined && urlOf(at).includes(`//${address}:`));
  const wanted = job === undefined ? 'flink.identity' : 'flink.jobs';
  return look.some((each) => each.name === wanted && isOfCluster(each.args[0]) && answerOf(each) !== undefined);
};

/** What ECS alone says. */
const ofEcs: ReadonlySet<string> = new Set(['ECS_UNSEEN', 'TWO_JOBMANAGERS', 'JOBMANAGER_CRASHES']);

const ofTaskManagers: ReadonlySet<string> = new Set([
  'TASKMANAGER_CRASHES',
  'TASKMANAGERS_MISSING',
  'TASKMANAGERS_UNSEEN',
]);

const isAsleep = ({ services }: EcsView): boolean => services.every(({ desiredCount }) => desiredCount === 0);

const answerOf = <T>({ given }: Call): T | undefined =>
  given !== undefined && 'value' in given ? (given.value as T) : undefined;
