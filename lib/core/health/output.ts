import { cut } from '../cut.ts';
import { defaults } from '../defaults.ts';
import type { Reason, Seen } from '../observation.ts';
import { utc } from '../times.ts';
import type { NewestFile } from './figures.ts';
import type { HealthLimits } from './limits.ts';
import type { JobSamples } from './samples.ts';
import { type HealthVerdict, ill, unclear, well } from './verdict.ts';

/** What a job reads and writes. `atMs`: the last look that could tell both, by our own clock. */
export type Output = {
  readonly atMs: number;
  /** The newest finished file, by the file store's clock; absent: there was none. */
  readonly newestMs?: number;
  /** A newer one came while this attempt was looked at. */
  readonly hasGrown?: true;
  /** What its sources had given on in all. */
  readonly records: number;
  /** Since the newest file came it was first seen to read, and it was seen to read last. */
  readonly readSinceMs?: number;
  readonly readMs?: number;
  /** Why one of the two could not be told since. */
  readonly unseen?: string;
};

/** What is known with this look. Records that go back are a new process': a new baseline. */
export const withOutput = (
  was: Output | undefined,
  records: number | undefined,
  newest: Seen<NewestFile | undefined>,
  nowMs: number,
): Output | undefined => {
  if (!newest.known || records === undefined) {
    const unseen = newest.known ? NO_RECORDS : textOf(newest.because);
    return { ...(was ?? { atMs: nowMs, records: 0 }), unseen };
  }
  const newestMs = latest(was?.newestMs, newest.value?.atMs);
  const reads = was !== undefined && records > was.records;
  const isNewer = newestMs !== was?.newestMs;
  const readSinceMs = isNewer || was === undefined ? undefined : (was.readSinceMs ?? (reads ? nowMs : undefined));
  const readMs = reads ? nowMs : was?.readMs;
  return {
    atMs: nowMs,
    records,
    ...(newestMs === undefined ? {} : { newestMs }),
    ...(was?.hasGrown || (isNewer && wasLookedAt(was)) ? { hasGrown: true } : {}),
    ...(readSinceMs === undefined ? {} : { readSinceMs }),
    ...(readMs === undefined ? {} : { readMs }),
  };
};

/** What the newest file was before. */
const wasLookedAt = (was: Output | undefined): boolean =>
  was !== undefined && (was.newestMs !== undefined || was.unseen === undefined);

/** It reads, and finishes no file. A source that is quiet proves nothing, and neither does an attempt that has finished none yet. */
export const outputStalled = (
  kept: JobSamples | undefined,
  limits: HealthLimits['output'],
  nowMs: number,
): HealthVerdict => {
  if (limits === undefined) return well;
  const { output } = kept ?? {};
  if (output === undefined || output.unseen !== undefined || nowMs - output.atMs > defaults.health.flowFreshMs)
    return unclear;
  const { atMs, readSinceMs, readMs, newestMs, hasGrown } = output;
  if (readSinceMs === undefined || atMs - readSinceMs < limits.withinMs) return hasGrown ? well : unclear;
  if (readMs !== atMs) return unclear;
  const last = newestMs === undefined ? 'there is none' : `the newest is of ${utc(newestMs)}`;
  return ill(`it reads since ${utc(readSinceMs)} and finished no file below ${limits.prefix} since: ${last}`);
};

/** Nobody can say whether its output grows. */
export const outputUnseen = (kept: JobSamples | undefined, limits: HealthLimits['output']): HealthVerdict => {
  if (limits === undefined) return well;
  const { output } = kept ?? {};
  if (output === undefined) return unclear;
  return output.unseen === undefined ? well : ill(`below ${limits.prefix}: ${output.unseen}`);
};

const NO_RECORDS = 'Flink has no figure of what its sources read';

const textOf = ({ text }: Reason): string => cut(text, defaults.health.reasonMax);

const latest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
