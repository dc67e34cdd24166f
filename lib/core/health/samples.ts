import { allRun } from '../after.ts';
import { defaults } from '../defaults.ts';
import { isTerminal } from '../liveness.ts';
import type { Checkpoints, Cluster, FlinkJob, JobMemory, Observation, Seen } from '../model.ts';
import type { Cause } from './exceptions.ts';
import type { CheckpointUnderWay, JobException } from './figures.ts';
import type { Flow } from './flow.ts';
import { limitsOf } from './limits.ts';
import type { Output } from './output.ts';
import { sampled } from './sampled.ts';
import type { Still } from './still.ts';

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
  readonly flow?: Flow;
  /** Absent: all tasks run. */
  readonly still?: Still;
  readonly output?: Output;
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
  const last = restartsOf(before) ?? 0;
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
    const kept = samplesOf(samples, job.name, attempt.jobId);
    const after = sampled(kept, job.name, attempt, observation, limitsOf(job), nowMs);
    return after === undefined ? [] : [[job.name, after] as const];
  });
  const before = samples ?? {};
  const isSame = next.length === Object.keys(before).length && next.every(([name, each]) => before[name] === each);
  return isSame ? samples : Object.fromEntries(next);
};

/** What is kept of this attempt's job. */
export const samplesOf = (samples: Samples | undefined, name: string, jobId: string): JobSamples | undefined => {
  const kept = samples !== undefined && Object.hasOwn(samples, name) ? samples[name] : undefined;
  return kept?.jobId === jobId ? kept : undefined;
};

export const newestOf = (kept: JobSamples | undefined): Sample | undefined => kept?.samples.at(-1);

/** Flink's newest count of its restarts; undefined: none was to be had. */
export const restartsOf = (kept: JobSamples | undefined): number | undefined =>
  kept?.samples.findLast(({ restarts }) => restarts !== undefined)?.restarts;
