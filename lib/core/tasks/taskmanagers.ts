import type { Cluster, Observation } from '../model.ts';
import { problem } from '../problems.ts';
import type { Readiness } from '../readiness.ts';
import type { TaskManagerService, TaskManagersView } from './ecs-view.ts';
import { crashesOf, textOf } from './loops.ts';
import { newestStop, wordsOf } from './stops.ts';
import { ill, type TasksVerdict, UNSEEN, WELL } from './verdict.ts';

/** By the codes that speak of TaskManager services. */
export type OfTaskManagers = Readonly<
  Record<'TASKMANAGER_CRASHES' | 'TASKMANAGERS_MISSING' | 'TASKMANAGERS_UNSEEN', TasksVerdict>
>;

/** Those that end by themselves again and again, those that are fewer than wanted, and those that nobody can see. */
export const ofTaskManagers = (
  cluster: Cluster,
  { ecs, taskManagers: seen }: Observation,
  state: Readiness,
  nowMs: number,
): OfTaskManagers => {
  const isAsleep = !state.ready && state.rung === 'asleep';
  if (cluster.url !== undefined || cluster.taskManagers.length === 0 || isAsleep) return all(WELL);
  // While ECS as a whole is not seen nobody knows either whether the cluster sleeps.
  if (!ecs.known || seen === undefined) return all(UNSEEN);
  if (!seen.known)
    return { ...all(UNSEEN), TASKMANAGERS_UNSEEN: ill(problem('TASKMANAGERS_UNSEEN', seen.because.text)) };
  const missing = missingText(seen.value);
  return {
    TASKMANAGER_CRASHES: crashes(seen.value, nowMs),
    TASKMANAGERS_MISSING: missing === undefined ? WELL : ill(problem('TASKMANAGERS_MISSING', missing)),
    TASKMANAGERS_UNSEEN: WELL,
  };
};

/** Each service of which fewer tasks run than are wanted, with the newest that ECS says of it; undefined: there is none. */
export const missingText = ({ services, stopped }: TaskManagersView): string | undefined => {
  const texts = services.filter(isShort).map(({ name, runningCount, desiredCount, event }) => {
    const stop = newestStop(stopped.filter(({ service }) => service === name));
    return [
      `${runningCount} of ${desiredCount} tasks of ${name} run`,
      ...(event === undefined ? [] : [`the newest event: ${event.text}`]),
      ...(stop === undefined ? [] : [`the last one that ended: ${wordsOf(stop)}`]),
    ].join('; ');
  });
  return texts.length === 0 ? undefined : texts.join('; ');
};

const isShort = ({ runningCount, desiredCount }: TaskManagerService): boolean => runningCount < desiredCount;

const crashes = ({ services, stopped }: TaskManagersView, nowMs: number): TasksVerdict => {
  const { looping, recent } = crashesOf(services, stopped, nowMs);
  if (looping.length > 0) return ill(problem('TASKMANAGER_CRASHES', textOf(looping)));
  const isSeen = services.every((service) => !isShort(service) && service.isPartial === undefined);
  return recent === undefined && isSeen ? WELL : { is: 'unclear' };
};

const all = (verdict: TasksVerdict): OfTaskManagers => ({
  TASKMANAGER_CRASHES: verdict,
  TASKMANAGERS_MISSING: verdict,
  TASKMANAGERS_UNSEEN: verdict,
});
