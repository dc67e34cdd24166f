import { defaults } from '../defaults.ts';
import type { Share } from './flow.ts';
import type { HealthLimits } from './limits.ts';
import type { JobSamples } from './samples.ts';
import { type HealthVerdict, ill, unclear, well } from './verdict.ts';

/** Its work waited for what comes after it nearly all of the window, without a pause; over when that is clearly less in more than one look. */
export const backPressure = (
  kept: JobSamples | undefined,
  limits: HealthLimits['backPressure'],
  nowMs: number,
): HealthVerdict => {
  if (limits === undefined) return well;
  const { flow } = kept ?? {};
  if (flow === undefined) return unclear;
  const { shares, words } = flow;
  const newest = shares.at(-1);
  if (newest === undefined || nowMs - newest.atMs > defaults.health.flowFreshMs) return unclear;
  const last = shares.slice(-defaults.health.pressureLooks);
  const over = limits.percent - defaults.health.pressureOverPoints;
  if (last.length === defaults.health.pressureLooks && last.every(({ percent }) => percent < over)) return well;
  const window = windowOf(shares, newest, limits.withinMs);
  if (window === undefined || window.some(({ percent }) => percent < over)) return unclear;
  if (meanOf(window) < limits.percent) return unclear;
  const because = words === undefined ? '' : `: ${words}`;
  const sinceMs = Math.min(...window.map(({ fromMs }) => fromMs));
  return ill(`for ${Math.round((newest.atMs - sinceMs) / 60_000)} min its work waits${because}`);
};

/** The newest shares that follow each other without a gap and cover the window; undefined: they do not. */
const windowOf = (shares: readonly Share[], newest: Share, withinMs: number): readonly Share[] | undefined => {
  const unbroken = shares.findLastIndex(({ fromMs }, index) => shares[index - 1]?.atMs !== fromMs);
  const first = shares.findLastIndex(({ fromMs }) => newest.atMs - fromMs >= withinMs);
  return first < unbroken ? undefined : shares.slice(first);
};

/** Flink's figures may be a minute old: what one look misses the next one has too much. */
const meanOf = (shares: readonly Share[]): number => {
  const wholeMs = shares.reduce((sum, { fromMs, atMs }) => sum + atMs - fromMs, 0);
  return shares.reduce((sum, { fromMs, atMs, percent }) => sum + percent * (atMs - fromMs), 0) / wholeMs;
};
