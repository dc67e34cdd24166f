import { cut } from '../cut.ts';
import { defaults } from '../defaults.ts';
import type { ClusterMemory } from '../model.ts';
import type { Cluster } from '../spec.ts';
import type { JobFlow } from './figures.ts';
import { type HealthLimits, limitsOf } from './limits.ts';
import { type JobSamples, newestOf, type Sample, samplesOf } from './samples.ts';

/** How records get through a job. `atMs`: when it was asked, by our own clock. */
export type Flow = {
  readonly atMs: number;
  /** What each of its vertices had waited in all, in their order, at `flinkMs` by Flink's clock. Empty: a new baseline. */
  readonly flinkMs: number;
  readonly pressuredMs: readonly number[];
  /** What they had worked; kept while one of them waits. */
  readonly busyMs?: readonly number[];
  /** In order of time, bounded by the window. */
  readonly shares: readonly Share[];
  /** Who waits most and who works most, in words. */
  readonly words?: string;
};

/** The part of this time, in percent, for which the vertex that waits most could not go on, because those after it did not take more. */
export type Share = { readonly fromMs: number; readonly atMs: number; readonly percent: number };

/** Jobs whose flow is asked for in this look, by Flink job id: those whose other figures are due, too, the ones asked longest ago first, and few at once. */
export const dueForFlow = (
  { jobs }: Cluster,
  { jobs: memories, samples }: Pick<ClusterMemory, 'jobs' | 'samples'>,
  nowMs: number,
): readonly string[] => {
  const due = jobs.flatMap((job) => {
    const attempt = Object.hasOwn(memories, job.name) ? memories[job.name]?.attempts.at(-1) : undefined;
    if (!job.enabled || attempt === undefined || attempt.end !== undefined) return [];
    const kept = samplesOf(samples, job.name, attempt.jobId);
    const [seenMs, atMs] = [newestOf(kept)?.atMs ?? nowMs, kept?.flow?.atMs ?? 0];
    const isDue = nowMs - seenMs >= defaults.health.sampleEveryMs && nowMs - atMs >= defaults.health.flowEveryMs;
    return isDue && isWanted(limitsOf(job)) ? [{ jobId: attempt.jobId, atMs }] : [];
  });
  const oldestFirst = due.toSorted((a, b) => a.atMs - b.atMs);
  return oldestFirst.slice(0, defaults.health.flowsAtOnceMax).map(({ jobId }) => jobId);
};

const isWanted = ({ backPressure, output }: HealthLimits): boolean =>
  backPressure !== undefined || output !== undefined;

/** The flow with what Flink said now. What went backwards, or jumped, is a new baseline, and so is each moment in which not all tasks run. */
export const withFlow = (
  before: JobSamples | undefined,
  flow: JobFlow | undefined,
  { allRun, atMs }: Sample,
  { backPressure }: HealthLimits,
): Flow | undefined => {
  const was = before?.flow;
  if (!allRun) return was && { ...was, pressuredMs: [] };
  if (flow === undefined) return was;
  const vertices = flow.vertices.slice(0, defaults.health.verticesMax);
  const now = {
    atMs,
    flinkMs: flow.atMs,
    pressuredMs: vertices.map(({ pressuredMs }) => pressuredMs),
  };
  const keepMs = (backPressure?.withinMs ?? 0) + 2 * defaults.health.flowEveryMs;
  const shares = was?.shares.filter((share) => atMs - share.atMs < keepMs) ?? [];
  const parts = was && partsOf(was, now, vertices);
  if (parts === undefined) return { ...now, shares };
  const share = { fromMs: parts.fromMs, atMs, percent: Math.min(100, parts.most.pressured) };
  const waits = share.percent >= defaults.health.pressureWordsPercent;
  return {
    ...now,
    shares: [...shares, share].slice(-defaults.health.sharesMax),
    ...(waits ? { words: wordsOf(parts), busyMs: vertices.map(({ busyMs = 0 }) => busyMs) } : {}),
  };
};

type Part = { readonly name: string; readonly pressured: number; readonly busy: number };
type Parts = { readonly fromMs: number; readonly most: Part; readonly busiest: Part | undefined };
type Totals = Pick<Flow, 'atMs' | 'flinkMs' | 'pressuredMs' | 'busyMs'>;

/** Undefined where the two are not of one run of all its tasks. */
const partsOf = (was: Totals, now: Totals, vertices: JobFlow['vertices']): Parts | undefined => {
  const spanMs = now.flinkMs - was.flinkMs;
  if (spanMs <= 0 || was.pressuredMs.length !== now.pressuredMs.length) return undefined;
  const grownMs = (index: number) => (now.pressuredMs[index] ?? 0) - (was.pressuredMs[index] ?? 0);
  const parts = vertices.map(({ name, parallelism, busyMs = 0 }, index): Part => {
    const percent = (ms: number) => Math.round((100 * ms) / (spanMs * Math.max(1, parallelism)));
    return { name, pressured: percent(grownMs(index)), busy: percent(busyMs - (was.busyMs?.[index] ?? busyMs)) };
  });
  const [most] = parts.toSorted((a, b) => b.pressured - a.pressured);
  const [busiest] = was.busyMs === undefined ? [] : parts.toSorted((a, b) => b.busy - a.busy);
  const isOneRun = parts.every(
    ({ pressured }, index) => grownMs(index) >= 0 && pressured <= defaults.health.sharePercentMax,
  );
  if (most === undefined || !isOneRun) return undefined;
  return { fromMs: was.atMs, most, busiest };
};

const wordsOf = ({ most, busiest }: Parts): string => {
  const waits = `${named(most)} waits ${Math.min(100, most.pressured)} % of its time`;
  return busiest === undefined ? waits : `${waits}; the busiest is ${named(busiest)}`;
};

const named = ({ name }: Part): string => `"${cut(name, defaults.health.vertexNameMax)}"`;
