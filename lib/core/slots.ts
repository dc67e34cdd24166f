import type { Decision } from './decision.ts';
import type { Job } from './model.ts';

/** Free task slots the job waits for. */
export const slotsNeeded = (job: Job): number => job.slots ?? job.parallelism ?? 1;

/** The slots that are left for a job when its turn comes. */
export type SlotsLeft = { readonly freeSlots: number | undefined; readonly keptFor: string | undefined };

/**
 * Decides on jobs in the order in which slots are promised: what is carried out before what is not, the higher priority
 * first, then as they stand in the manifest. What a waiting job needs is kept from those of a lower priority, or it might
 * never get it; among equals a smaller one goes by.
 */
export const inTurn = (
  jobs: readonly Job[],
  acts: (job: Job) => boolean,
  free: number | undefined,
  decide: (job: Job, slots: SlotsLeft) => Decision,
): readonly Decision[] => {
  const queue = jobs.toSorted((a, b) => Number(acts(b)) - Number(acts(a)) || priorityOf(b) - priorityOf(a));
  let promised = 0;
  const waiting: Job[] = [];
  return queue.map((job) => {
    const ahead = waiting.filter((other) => priorityOf(other) > priorityOf(job));
    const kept = ahead.reduce((sum, other) => sum + slotsNeeded(other), 0);
    const freeSlots = free === undefined ? undefined : Math.max(0, free - promised - kept);
    const decision = decide(job, { freeSlots, keptFor: ahead[0]?.name });
    if (decision.effect?.kind === 'run') promised += slotsNeeded(job);
    if (decision.problem?.code === 'SLOTS_MISSING') waiting.push(job);
    return decision;
  });
};

const priorityOf = ({ priority = 0 }: Job): number => priority;
