import { type Context, type Decision, waiting } from './decision.ts';
import type { Copy } from './liveness.ts';
import { type Attempt, type Cluster, emptyJobMemory, type FlinkJob, type Job, type JobMemory } from './model.ts';
import { isEndedByOrder, stoppedByPerson } from './recorded.ts';

/** What each job has come to: nothing where it runs with all its tasks or has finished, otherwise what is missing. */
export type Progress = Readonly<Record<string, string | undefined>>;

/** Of every job that another one names in `after`. */
export const progressOf = (
  { jobs }: Cluster,
  memories: Readonly<Record<string, JobMemory>>,
  live: readonly Copy[],
): Progress => {
  const named = new Set<string>();
  for (const { after = [] } of jobs) for (const name of after) named.add(name);
  if (named.size === 0) return {};
  const wanted = jobs.filter(({ name }) => named.has(name));
  return Object.fromEntries(wanted.map((job) => [job.name, lacking(job, memories[job.name] ?? emptyJobMemory, live)]));
};

/** All of its tasks run, which is more than its state says. */
export const allRun = ({ state, tasksRunning, tasksTotal }: FlinkJob): boolean =>
  state === 'RUNNING' && tasksTotal > 0 && tasksRunning === tasksTotal;

/** FINISHED by itself; a job that ends by itself also when it ended unseen. */
export const isDone = ({ bounded }: Job, attempt: Attempt): boolean =>
  (attempt.end?.state === 'FINISHED' && !isEndedByOrder(attempt) && stoppedByPerson(attempt) === undefined) ||
  (bounded === true && attempt.end?.state === 'GONE');

/** A job waits until those it names run or have finished. */
export const waitsForOthers = (job: Job, { progress }: Context): Decision | undefined => {
  const missing = (job.after ?? []).flatMap((name) => {
    const text = Object.hasOwn(progress, name) ? progress[name] : 'is not a job of this cluster';
    return text === undefined ? [] : [`${name} ${text}`];
  });
  if (missing.length === 0) return undefined;
  return waiting(job, `after: ${missing.join(', ')}`, 'AFTER_NOT_RUNNING', { waitFor: { kind: 'ecs' } });
};

const lacking = (job: Job, { attempts }: JobMemory, live: readonly Copy[]): string | undefined => {
  const copy = live.find((each) => attempts.some(({ jobId }) => jobId === each.job.jobId));
  if (copy !== undefined)
    return allRun(copy.job)
      ? undefined
      : `is ${copy.job.state}, ${copy.job.tasksRunning} of ${copy.job.tasksTotal} tasks run`;
  const last = attempts.at(-1);
  if (last !== undefined && isDone(job, last) && !last.acknowledged) return undefined;
  return job.enabled ? 'is not live' : 'is switched off';
};
