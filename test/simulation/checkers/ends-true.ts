import type { Changes, Lease } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import { type Checker, eachCall } from './checker.ts';

/**
 * I6: what is recorded as ended has ended: its id is not asked for any more, and its lineage may go on without it. Not
 * what began after that look, as high availability brings back what it has kept.
 */
export const endsTrue: Checker = eachCall(['store.commit'], (call, { world }) => {
  const [lease, changes] = call.args;
  const ended = endsIn(changes as Changes);
  if (ended.size === 0) return undefined;
  const sinceMs = lookedMs(call, (lease as Lease).cluster);
  const alive = world.truth.copies.find(({ jobId, sinceMs: bornMs }) => ended.has(jobId) && bornMs < sinceMs);
  return (
    alive && `${call.by.name} records ${alive.jobId} as ${ended.get(alive.jobId)} while it lives on ${alive.process}`
  );
});

const endsIn = ({ jobs }: Changes): ReadonlyMap<string, string> => {
  const ended = new Map<string, string>();
  for (const { attempts } of Object.values(jobs))
    for (const { jobId, end } of attempts) if (end !== undefined) ended.set(jobId, end.state);
  return ended;
};

/** When the look began that the commit rests on. */
const lookedMs = ({ by, atMs }: Call, cluster: string): number =>
  by.calls.findLast(({ name, args: [of] }) => name === 'store.load' && of === cluster)?.atMs ?? atMs;
