import { allRun } from '../after.ts';
import { defaults } from '../defaults.ts';
import { jobsOf, viewsOf } from '../liveness.ts';
import type { Attempt, Checkpoints, FlinkView, Observation, Seen } from '../model.ts';
import { withCause } from './exceptions.ts';
import { withFlow } from './flow.ts';
import type { HealthLimits } from './limits.ts';
import { withOutput } from './output.ts';
import type { JobSamples, Sample } from './samples.ts';
import { stillOf } from './still.ts';

/** What is kept of one job after this look: the very same where nothing was asked, or nothing could be seen. */
export const sampled = (
  before: JobSamples | undefined,
  name: string,
  { jobId }: Pick<Attempt, 'jobId'>,
  observation: Observation,
  limits: HealthLimits,
  nowMs: number,
): JobSamples | undefined => {
  const view = viewsOf(observation).find(({ restarts = {} }) => Object.hasOwn(restarts, jobId));
  if (view === undefined) return before;
  const job = jobsOf(view).find((each) => each.jobId === jobId);
  if (job === undefined) return before;
  const { restarts: asked = {}, flows = {} } = view;
  const restarts = known(asked[jobId]);
  const checkpoints = known(view.checkpoints[jobId]);
  if (restarts === undefined && checkpoints === undefined) return before;
  const sample: Sample = {
    atMs: nowMs,
    allRun: allRun(job),
    ...(restarts === undefined ? {} : { restarts }),
    ...(checkpoints === undefined ? {} : { completed: checkpoints.completed, failed: checkpoints.failing?.inRow ?? 0 }),
  };
  const windowMs = limits.restarts.withinMs + defaults.health.sampleEveryMs;
  const kept = before?.samples.filter(({ atMs }) => nowMs - atMs <= windowMs) ?? [];
  const progress = progressOf(before, sample);
  const underWay = checkpoints === undefined ? before?.underWay : checkpoints.underWay;
  const failure = checkpoints === undefined ? before?.failure : checkpoints.failing?.because;
  const exception = exceptionOf(before, view, jobId, nowMs);
  const causes = causesOf(before, exception, limits, nowMs);
  const still = stillOf(before, job, sample);
  const newestMs = newestSnapshotMs(before, checkpoints);
  const told = known(flows[jobId]);
  const flow = withFlow(before, told, sample, limits);
  const looked = observation.outputs?.[name];
  const output =
    looked === undefined || limits.output === undefined
      ? before?.output
      : withOutput(before?.output, told?.records, looked, nowMs);
  return {
    jobId,
    samples: [...kept, sample].slice(-defaults.health.samplesMax),
    ...(progress === undefined ? {} : { progress }),
    ...(underWay === undefined ? {} : { underWay }),
    ...(failure === undefined ? {} : { failure }),
    ...(exception === undefined ? {} : { exception }),
    ...(causes === undefined ? {} : { causes }),
    ...(newestMs === undefined ? {} : { newestMs }),
    ...(still === undefined ? {} : { still }),
    ...(flow === undefined ? {} : { flow }),
    ...(output === undefined ? {} : { output }),
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
  const times = [before?.newestMs, ...(checkpoints?.snapshots.map(({ atMs }) => atMs) ?? [])];
  const known = times.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};
