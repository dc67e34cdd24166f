import { defaults } from '../defaults.ts';
import { isAccessRefused } from '../errors.ts';
import type { Cluster, Observation, Problem } from '../model.ts';
import { problem } from '../problems.ts';
import type { Readiness } from '../readiness.ts';
import type { EcsView } from './ecs-view.ts';
import { crashesOf, textOf } from './loops.ts';
import type { Crash } from './stops.ts';
import { ill, type TasksVerdict, UNSEEN, WELL } from './verdict.ts';

/**
 * A JobManager that ends by itself again and again; or that did so once, and its cluster is not ready since. Where nobody
 * leads that is told instead, with the jobs that a leader could not bring back.
 */
export const jobManagerCrashes = (
  { url }: Cluster,
  { ecs }: Observation,
  state: Readiness,
  nowMs: number,
): TasksVerdict => {
  if (url !== undefined) return WELL;
  if (!ecs.known || (!state.ready && state.rung === 'leader')) return UNSEEN;
  const { looping, recent } = crashesOf(ecs.value.services, ecs.value.tasks, nowMs);
  if (looping.length > 0) return ill(problem('JOBMANAGER_CRASHES', textOf(looping)));
  if (recent !== undefined && isHeldBack(state)) return ill(notBack(recent, state));
  return recent === undefined && allRun(ecs.value) ? WELL : { is: 'unclear' };
};

/** Its JobManager has not come so far that it could take jobs, and nothing else is known to be in its way. */
const isHeldBack = (state: Readiness): state is Extract<Readiness, { readonly ready: false }> =>
  !state.ready &&
  !isAccessRefused(state.code) &&
  (state.rung === 'task' || state.rung === 'address' || state.rung === 'rest' || state.rung === 'jobs');

const notBack = (newest: Crash, state: Extract<Readiness, { readonly ready: false }>): Problem => {
  const text = `${textOf([newest])}; ${state.rung}: ${state.text}`;
  return { ...problem('JOBMANAGER_CRASHES', text), graceMs: defaults.readyWithinMs };
};

const allRun = ({ services, tasks }: EcsView): boolean =>
  services.every(({ name, desiredCount }) => {
    const running = tasks.filter(
      (task) => task.service === name && task.desiredStatus === 'RUNNING' && task.lastStatus === 'RUNNING',
    );
    return running.length >= desiredCount;
  });
