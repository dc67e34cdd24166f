import { defaults } from '../../../lib/core/defaults.ts';
import type { Sample } from '../../../lib/core/health/samples.ts';
import type { Changes, Lease } from '../../../lib/ports.ts';
import { type Checker, eachCall } from './checker.ts';
import { lookOf } from './looks.ts';

/**
 * I4: a restart loop is told. Who looks at a live job of which Flink's own count says that it was restarted too often within the window has an
 * incident of that in the memory that it read, or commits one; and closes none while the count grows.
 */
export const loopsTold: Checker = eachCall(['store.commit'], (call) => {
  const [{ cluster }, { samples, incidents, jobs }] = call.args as readonly [Lease, Changes];
  const look = samples === undefined ? undefined : lookOf(call, cluster);
  if (samples === undefined || look === undefined) return undefined;
  for (const [job, kept] of Object.entries(samples)) {
    // What was not looked at now was judged before.
    const isNew = look.memory.samples?.[job]?.samples.at(-1)?.atMs !== kept.samples.at(-1)?.atMs;
    if (!isNew || !look.live.has(kept.jobId)) continue;
    const count = grownIn(kept.samples, defaults.health.restartsWithinMs);
    if (count < defaults.health.restartsMax) continue;
    const known = new Map([...look.memory.incidents, ...incidents].map((each) => [each.key, each]));
    const isTold = ['pending', 'open'].includes(known.get(`RESTART_LOOP#${job}`)?.state ?? '');
    // Two live copies hide it, and a job that is to end is judged when it runs again.
    const isHidden =
      known.get(`TWO_LIVE_COPIES#${job}`)?.state === 'open' || isToEnd(jobs[job] ?? look.memory.jobs[job]);
    if (!isTold && !isHidden) return `${call.by.name} sees ${kept.jobId} restarted ${count} times, and says nothing`;
  }
  return undefined;
});

const isToEnd = (memory: { readonly attempts: readonly { readonly stop?: unknown }[] } | undefined): boolean =>
  memory?.attempts.at(-1)?.stop !== undefined;

/** By how much the count of one process grew from the first sample in the window to the last. */
const grownIn = (samples: readonly Sample[], windowMs: number): number => {
  const sinceMs = (samples.at(-1)?.atMs ?? 0) - windowMs;
  const counts = samples.flatMap(({ atMs, restarts }) => (atMs < sinceMs || restarts === undefined ? [] : [restarts]));
  const isOneProcess = counts.every((count, index) => count >= (counts[index - 1] ?? 0));
  return isOneProcess ? (counts.at(-1) ?? 0) - (counts[0] ?? 0) : 0;
};
