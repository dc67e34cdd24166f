import { healingLimitsOf } from '../../../lib/core/healing/limits.ts';
import type { Changes, Lease } from '../../../lib/ports.ts';
import { type Checker, eachCall } from './checker.ts';
import { lookOf } from './looks.ts';

/** I4: a failure and what it comes to again is one problem: it is not told to be over while what was started again has not run for a while. */
export const failuresLast: Checker = eachCall(['store.commit'], (call) => {
  const [{ cluster }, { incidents, jobs }] = call.args as readonly [Lease, Changes];
  const closed = incidents.filter(
    ({ code, state, closedBecause }) => code === 'JOB_FAILED' && state === 'closed' && closedBecause === undefined,
  );
  if (closed.length === 0) return undefined;
  const look = lookOf(call, cluster);
  const manifest = call.by.manifest.find(({ name }) => name === cluster);
  for (const { job = '', closedMs = 0 } of closed) {
    const before = look?.memory.incidents.find(({ code, job: of }) => code === 'JOB_FAILED' && of === job);
    const attempts = (jobs[job] ?? look?.memory.jobs[job])?.attempts ?? [];
    const last = attempts.at(-1);
    const wanted = manifest?.jobs.find(({ name }) => name === job);
    const [post] = last?.posts ?? [];
    if (before?.state !== 'open' || wanted?.enabled !== true || post === undefined || last?.end !== undefined) continue;
    if (attempts.at(-2)?.end?.state === 'FAILED' && closedMs - post.sentMs < healingLimitsOf(wanted).distanceMs)
      return `${call.by.name} tells that ${job} does not fail, ${closedMs - post.sentMs} ms after it was started again`;
  }
  return undefined;
});
