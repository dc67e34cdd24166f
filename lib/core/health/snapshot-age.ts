import { defaults } from '../defaults.ts';
import type { Attempt } from '../model.ts';
import { spanOf, utc } from '../times.ts';
import { type HealthLimits, progressWindowMs } from './limits.ts';
import type { JobSamples } from './samples.ts';
import { type HealthVerdict, ill, unclear, well } from './verdict.ts';

/**
 * The newest snapshot that it could start from is older than its manifest allows. Where it takes checkpoints by itself, and all its tasks run,
 * CHECKPOINTS_FAILING tells that none completes: what is left are tasks that come and go, an interval that is longer, and savepoints alone.
 */
export const snapshotAge = (
  attempt: Attempt,
  kept: JobSamples | undefined,
  limits: HealthLimits['checkpoints'],
  nowMs: number,
): HealthVerdict => {
  const { ageMs } = limits;
  if (ageMs === undefined) return well;
  const seen = kept?.samples.findLast(({ completed }) => completed !== undefined);
  const sinceMs = newestMs(attempt, kept);
  if (seen === undefined || sinceMs === undefined || nowMs - seen.atMs > defaults.health.freshMs) return unclear;
  if (nowMs - sinceMs < patienceMs(attempt, ageMs, limits)) return well;
  if (!seen.allRun) return unclear;
  const { intervalMs = 0 } = attempt.checkpointing ?? {};
  const because = intervalMs >= ageMs ? `; its interval is ${spanOf(intervalMs)}` : '';
  return ill(`it could go back to ${utc(sinceMs)} at best, ${spanOf(ageMs)} are allowed${because}`);
};

/** An empty start has its beginning alone. */
const newestMs = ({ snapshots = [], source, posts }: Attempt, kept: JobSamples | undefined): number | undefined => {
  const left = snapshots.filter(({ disposedMs }) => disposedMs === undefined);
  const times = [...left, ...(source === undefined ? [] : [source])].map(({ atMs }) => atMs);
  const all = kept?.newestMs === undefined ? times : [...times, kept.newestMs];
  return all.length > 0 ? Math.max(...all) : posts.at(-1)?.sentMs;
};

/** CHECKPOINTS_FAILING comes first. */
const patienceMs = ({ checkpointing }: Attempt, ageMs: number, limits: HealthLimits['checkpoints']): number => {
  if (checkpointing?.intervalMs === undefined || checkpointing.intervalMs >= ageMs) return ageMs;
  return Math.max(ageMs, progressWindowMs(checkpointing, limits)) + defaults.health.freshMs;
};
