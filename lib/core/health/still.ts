import { defaults } from '../defaults.ts';
import type { FlinkJob } from '../model.ts';
import type { JobSamples, Sample } from './samples.ts';

/** What a job of which not all tasks run is seen as, and since when nothing about that changed: neither its state, nor how many run, nor how often Flink restarted it. */
export type Still = { readonly as: string; readonly sinceMs: number };

/** Only looks that follow each other say so. */
export const stillOf = (
  before: JobSamples | undefined,
  { state, tasksRunning, tasksTotal }: FlinkJob,
  { allRun, atMs, restarts }: Sample,
): Still | undefined => {
  if (allRun) return undefined;
  const as = `${state} ${tasksRunning}/${tasksTotal}, restarted ${restarts ?? '?'} times`;
  const lastMs = before?.samples.at(-1)?.atMs ?? 0;
  const goesOn = before?.still?.as === as && atMs - lastMs <= defaults.health.freshMs;
  return goesOn ? before.still : { as, sinceMs: atMs };
};
