import type { Cluster, Incident, Observation, Problem } from '../model.ts';
import type { ToldCode } from '../problems.ts';
import type { Readiness } from '../readiness.ts';
import { jobManagerCrashes } from './jobmanagers.ts';
import { missingText, ofTaskManagers } from './taskmanagers.ts';
import type { TasksVerdict } from './verdict.ts';

/** What is wrong with the tasks of a cluster's services. */
export type TasksHealth = {
  readonly problems: readonly Problem[];
  /** Whether an incident stays as it is although nothing is wrong now. */
  readonly stays: (incident: Pick<Incident, 'code' | 'state'>) => boolean;
};

export const tasksHealth = (
  cluster: Cluster,
  observation: Observation,
  readiness: Readiness,
  nowMs: number,
): TasksHealth => {
  const byCode: Partial<Record<ToldCode, TasksVerdict>> = {
    JOBMANAGER_CRASHES: jobManagerCrashes(cluster, observation, readiness, nowMs),
    ...ofTaskManagers(cluster, observation, readiness, nowMs),
  };
  const verdicts = new Map<string, TasksVerdict>(Object.entries(byCode));
  return {
    problems: [...verdicts.values()].flatMap((verdict) => (verdict.is === 'ill' ? [verdict.problem] : [])),
    stays: ({ code, state }) => {
      const verdict = verdicts.get(code);
      return verdict?.is === 'unseen' || (verdict?.is === 'unclear' && state === 'open');
    },
  };
};

/** A job that waits for slots is told with the TaskManagers that are missing. */
export const withTaskManagers = (problems: readonly Problem[], { taskManagers }: Observation): readonly Problem[] => {
  if (!problems.some(({ code }) => code === 'SLOTS_MISSING')) return problems;
  const missing = taskManagers?.known ? missingText(taskManagers.value) : undefined;
  if (missing === undefined) return problems;
  return problems.map((each) => (each.code === 'SLOTS_MISSING' ? { ...each, what: `${each.what}; ${missing}` } : each));
};
