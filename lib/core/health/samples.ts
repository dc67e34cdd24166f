import { allRun } from '../after.ts';
import { defaults } from '../defaults.ts';
import { isTerminal, jobsOf, viewsOf } from '../liveness.ts';
import type { Attempt, Checkpoints, Cluster, FlinkJob, FlinkView, JobMemory, Observation, Seen } from '../model.ts';
import { type Cause, withCause } from './exceptions.ts';
import type { CheckpointUnderWay, JobException } from './figures.ts';
import { type HealthLimits, limitsOf } from './limits.ts';

/** One look at a live job, by our own clock. Absent: that figure was not to be had. */
export type Sample = {
  readonly atMs: number;
  readonly allRun: boolean;
  readonly restarts?: number;
  /** Completed checkpoints. */
  readonly completed?: number;
  /** Checkpoints that failed since the last complete one. */
  readonly failed?: number;
};

/** What is kept of one job's health: of one Flink job id, so that each attempt begins anew. */
export type JobSamples = {
  readonly jobId: string;
  /** In order of time, bounded by the longest window of the job. */
  readonly samples: readonly Sample[];
  /** No checkpoint completed since, while all tasks ran: the window may be longer than the samples go back. */
  readonly progress?: { readonly completed: number; readonly sinceMs: number };
  readonly underWay?: CheckpointUnderWay;
  /** Why the newest checkpoint failed. */
  readonly failure?: string;
  /** `seenMs`: when it was first seen, by our own clock. */
  readonly exception?: JobException & { readonly seenMs: number };
  /** Root causes of the last while, in the order in which they came; kept where the manifest has them told. */
  readonly causes?: readonly Cause[];
  /** Of which time the newest snapshot is that Flink still named, by Flink's clock. */
  readonly newestMs?: number;
};

/** By job name. */
export type Samples = Readonly<Record<string, JobSamples>>;

type Memories = Readonly<Record<string, JobMemory>>;

/** Job ids whose figures are asked for in this look: the ones looked at longest ago first, and a bounded number at once. */
export const dueForSample = (
  { jobs }: Cluster,
  memories: Memories,
  samples: Samples | undefined,
  listed: readonly FlinkJob[],
  nowMs: number,
): readonly string[] => {
  const live = new Set(listed.filter(({ state }) => !isTerminal(state)).map(({ jobId }) => jobId));
  const due = jobs.flatMap(({ name, enabled }) => {
    const attempt = Object.hasOwn(memories, name) ? memories[name]?.attempts.at(-1) : undefined;
    if (!enabled || attempt === undefined || !live.has(attempt.jobId)) return [];
    const atMs = newestOf(samplesOf(samples, name, attempt.jobId))?.atMs ?? 0;
    return nowMs - atMs >= defaults.health.sampleEveryMs ? [{ jobId: attempt.jobId, atMs }] : [];
  });
  const oldestFirst = due.toSorted((a, b) => a.atMs - b.atMs);
  return oldestFirst.slice(0, defaults.health.samplesAtOnceMax).map(({ jobId }) => jobId);
};

/** Whether something is wrong with a job that Flink's exceptions may explain. */
export const isExplained = (
  before: JobSamples | undefined,
  job: FlinkJob | undefined,
  restarts: Seen<number | undefined> | undefined,
  checkpoints: Seen<Checkpoints> | undefined,
): boolean => {
  const last = before?.samples.findLast((sample) => sample.restarts !== undefined)?.restarts ?? 0;
  const isRestarted = restarts?.known === true && (restarts.value ?? 0) > last;
  const isFailing = checkpoints?.known === true && checkpoints.value.failing !== undefined;
  return isRestarted || isFailing || (job !== undefined && !allRun(job));
};

/** The samples with what was seen now. The same object where nothing was. A job that has ended, or left, takes its own with it. */
export const withSamples = (
  samples: Samples | undefined,
  { jobs }: Cluster,
  memories: Memories,
  observation: Observation,
  nowMs: number,
): Samples | undefined => {
  const next = jobs.flatMap((job) => {
    const attempt = memories[job.name]?.attempts.at(-1);
    if (!job.enabled || attempt === undefined || attempt.end !== undefined) return [];
    const before = samplesOf(samples, job.name, attempt.jobId);
    const after = sampled(before, attempt, observation, limitsOf(job), nowMs);
    return after === undefined ? [] : [[job.name, after] as const];
  });
  const names = Object.keys(samples ?? {});
  const isSame = next.length === names.length && next.every(([name, each]) => samples?.[name] === each);
  return isSame ? samples : Object.fromEntries(next);
};

/** What is kept of this attempt's job. */
export const samplesOf = (samples: Samples | undefined, name: string, jobId: string): JobSamples | undefined => {
  const kept = samples !== undefined && Object.hasOwn(samples, name) ? samples[name] : undefined;
  return kept?.jobId === jobId ? kept : undefined;
};

export const newestOf = (kept: JobSamples | undefined): Sample | undefined => kept?.samples.at(-1);

const sampled = (
  before: JobSamples | undefined,
  { jobId }: Attempt,
  observation: Observation,
  limits: HealthLimits,
  nowMs: number,
): JobSamples | undefined => {
  const view = viewsOf(observation).find(({ restarts = {} }) => Object.hasOwn(restarts, jobId));
  const job = view && jobsOf(view).find((each) => each.jobId === jobId);
  if (view === undefined || job === undefined) return before;
  const restarts = known(view.restarts?.[jobId]);
  const checkpoints = known(view.checkpoints[jobId]);
  if (restarts === undefined && checkpoints === undefined) return before;
  const sample: Sample = {
    atMs: nowMs,
    allRun: allRun(job),
    ...(restarts === undefined ? {} : { restarts }),
    ...(checkpoints === undefined ? {} : { completed: checkpoints.completed, failed: checkpoints.failing?.inRow ?? 0 }),
  };
  const windowMs = limits.restarts.withinMs + defaults.health.sampleEveryMs;
  const kept = (before?.samples ?? []).filter(({ atMs }) => nowMs - atMs <= windowMs);
  const progress = progressOf(before, sample);
  const underWay = checkpoints === undefined ? before?.underWay : checkpoints.underWay;
  const failure = checkpoints === undefined ? before?.failure : checkpoints.failing?.because;
  const exception = exceptionOf(before, view, jobId, nowMs);
  const causes = causesOf(before, exception, limits, nowMs);
  const newestMs = newestSnapshotMs(before, checkpoints);
  return {
    jobId,
    samples: [...kept, sample].slice(-defaults.health.samplesMax),
    ...(progress === undefined ? {} : { progress }),
    ...(underWay === undefined ? {} : { underWay }),
    ...(failure === undefined ? {} : { failure }),
    ...(exception === undefined ? {} : { exception }),
    ...(causes === undefined ? {} : { causes }),
    ...(newestMs === undefined ? {} : { newestMs }),
  };
};

const known = <T>(seen: Seen<T> | undefined): T | undefined => (seen?.known === true ? seen.value : undefined);

/** A count that changed, also one that goes backwards, is a new baseline; so is each moment in which not all tasks run. */
const progressOf = (
  before: JobSamples | undefined,
  { atMs, allRun: runs, completed }: Sample,
): JobSamples['progress'] => {
  const was = before?.progress;
  if (completed === undefined) return was;
  return was === undefined || was.completed !== completed || !runs ? { completed, sinceMs: atMs } : was;
};

const exceptionOf = (
  before: JobSamples | undefined,
  { exceptions = {} }: FlinkView,
  jobId: string,
  nowMs: number,
): JobSamples['exception'] => {
  const seen = exceptions[jobId];
  const was = before?.exception;
  if (seen?.known !== true || seen.value === undefined) return was;
  return was?.atMs === seen.value.atMs ? was : { ...seen.value, seenMs: nowMs };
};

/** Flink's own failure by too many failed checkpoints is told as theirs. */
const causesOf = (
  before: JobSamples | undefined,
  exception: JobSamples['exception'],
  { exceptions }: HealthLimits,
  nowMs: number,
): JobSamples['causes'] => {
  if (exceptions === undefined) return undefined;
  if (exception === undefined || exception === before?.exception || exception.byCheckpoints) return before?.causes;
  // What it threw long before the first look is no news.
  const isNew = nowMs - exception.atMs < exceptions.withinMs;
  return isNew ? withCause(before?.causes, exception, exceptions, nowMs) : before?.causes;
};

const newestSnapshotMs = (before: JobSamples | undefined, checkpoints: Checkpoints | undefined): number | undefined => {
  const times = [before?.newestMs, ...(checkpoints?.snapshots ?? []).map(({ atMs }) => atMs)];
  const known = times.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};
