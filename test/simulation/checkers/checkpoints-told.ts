import { defaults } from '../../../lib/core/defaults.ts';
import type { JobSamples, Sample } from '../../../lib/core/health/samples.ts';
import type { Incident } from '../../../lib/core/model.ts';
import type { Changes, Lease } from '../../../lib/ports.ts';
import { type Checker, eachCall } from './checker.ts';
import { lookOf } from './looks.ts';

/**
 * I4: checkpoints that fail, or of which none completes, are told, and to be over: on two looks in a row that say so, never on one. What
 * each look was told stands in its sample.
 */
export const checkpointsTold: Checker = eachCall(['store.commit'], (call) => {
  const [{ cluster }, { samples, incidents, jobs }] = call.args as readonly [Lease, Changes];
  const look = samples === undefined ? undefined : lookOf(call, cluster);
  if (samples === undefined || look === undefined) return undefined;
  const before = new Map(look.memory.incidents.map((each) => [each.key, each]));
  const after = new Map([...before, ...incidents.map((each) => [each.key, each] as const)]);
  for (const [job, kept] of Object.entries(samples)) {
    const isNew = look.memory.samples?.[job]?.samples.at(-1)?.atMs !== kept.samples.at(-1)?.atMs;
    if (!isNew || !look.live.has(kept.jobId)) continue;
    const attempt = (jobs[job] ?? look.memory.jobs[job])?.attempts.at(-1);
    const isHidden =
      // It takes none by itself.
      (attempt?.checkpointing !== undefined && attempt.checkpointing.intervalMs === undefined) ||
      after.get(`TWO_LIVE_COPIES#${job}`)?.state === 'open' ||
      isTold(after.get(`RESTART_LOOP#${job}`)) ||
      // It opens anew when its end is told.
      isEnding(after.get(`CHECKPOINTS_FAILING#${job}`)) ||
      attempt?.stop !== undefined ||
      // A dry run shows what an order would end, and keeps the order.
      look.memory.orders.some((order) => order.job === job) ||
      // What a job throws fails its checkpoints, too.
      newestMs(kept) - (kept.exception?.seenMs ?? 0) < CALM_MS;
    const says = verdict(kept);
    const key = `CHECKPOINTS_FAILING#${job}`;
    const [was, is] = [isTold(before.get(key)), isTold(after.get(key))];
    const who = `${call.by.name} at ${kept.jobId}`;
    if (says === 'ill' && !is && !isHidden) return `${who} says nothing of checkpoints that fail`;
    if (!was && is && says !== 'ill') return `${who} tells of checkpoints that fail, as one look alone says`;
    if (was && !is && says !== 'well' && after.get(key)?.closedBecause === undefined)
      return `${who} says that checkpoints are mended, as one look alone says`;
  }
  return undefined;
});

/** Of the simulated jobs, whose checkpoints have ten minutes. */
const WINDOW_MS = 2 * 600_000;

const verdict = (kept: JobSamples): 'ill' | 'well' | 'open' => {
  const sinceMs = kept.progress?.sinceMs;
  const seen = kept.samples.filter(({ completed }) => completed !== undefined).slice(-2);
  const [first, second] = seen;
  if (first === undefined || second === undefined || sinceMs === undefined) return 'open';
  const isFailing = (sample: Sample) => (sample.failed ?? 0) >= defaults.health.checkpointFailuresMax;
  const isLong = second.atMs - sinceMs >= WINDOW_MS && second.atMs - first.atMs <= defaults.health.freshMs;
  if (seen.every(isFailing) || isLong) return 'ill';
  return seen.every(({ failed }) => failed === 0) && second.allRun && second.atMs - sinceMs < WINDOW_MS
    ? 'well'
    : 'open';
};

const CALM_MS = defaults.health.restartsWithinMs / defaults.health.calmShare;

const newestMs = ({ samples }: JobSamples): number => samples.at(-1)?.atMs ?? 0;

const isTold = (incident: Incident | undefined): boolean => ['pending', 'open'].includes(incident?.state ?? '');

const isEnding = (incident: Incident | undefined): boolean =>
  incident?.state === 'closed' && incident.openToldMs !== undefined && incident.closeToldMs === undefined;
