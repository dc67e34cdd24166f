import { defaults } from '../defaults.ts';
import type { CheckpointConfig } from '../model.ts';
import { utc } from '../times.ts';
import { type HealthLimits, progressWindowMs } from './limits.ts';
import type { JobSamples } from './samples.ts';
import { type HealthVerdict, ill, unclear, well } from './verdict.ts';

/** Several in a row failed, as more than one look says; over when more than one look says that none did. */
export const checkpointFailures = (
  kept: JobSamples | undefined,
  { failures, looks }: HealthLimits['checkpoints'],
): HealthVerdict => {
  const { samples = [], failure } = kept ?? {};
  const rows = samples.flatMap(({ failed }) => (failed === undefined ? [] : [failed])).slice(-looks);
  if (rows.length < looks) return unclear;
  if (rows.every((failed) => failed >= failures))
    return ill(`${rows.at(-1)} checkpoints in a row failed${because(failure)}`);
  return rows.every((failed) => failed === 0) ? well : unclear;
};

/** None completed for longer than its configuration lets Flink take, although all tasks run: also one that hangs. */
export const checkpointProgress = (
  kept: JobSamples | undefined,
  config: CheckpointConfig,
  limits: HealthLimits['checkpoints'],
): HealthVerdict => {
  const { samples = [], progress, underWay, failure } = kept ?? {};
  const counted = samples.filter(({ completed }) => completed !== undefined).slice(-limits.looks);
  const seen = counted.at(-1);
  if (progress === undefined || seen === undefined) return unclear;
  // Only what was looked at counts: a view that is lost proves nothing.
  const windowMs = progressWindowMs(config, limits);
  if (seen.atMs - progress.sinceMs < windowMs) return seen.allRun ? well : unclear;
  const hangs = underWay === undefined ? '' : `; number ${underWay.id} is under way since ${utc(underWay.sinceMs)}`;
  // One look after a long time without any is none too many.
  if (counted.length < limits.looks || counted.some(({ atMs }) => seen.atMs - atMs > defaults.health.freshMs))
    return unclear;
  return ill(`no checkpoint completed since ${utc(progress.sinceMs)}${hangs}${because(failure)}`);
};

const because = (failure: string | undefined): string => (failure === undefined ? '' : `: ${failure}`);
