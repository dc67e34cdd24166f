import { defaults } from '../../../lib/core/defaults.ts';
import { PAUSE_MAX_MS } from '../world/people/orders.ts';
import type { Run } from './checker.ts';

/** 180 s and the waiting that the rules name: a POST to settle, the slowest main() after it, a draining JobManager, a pause. */
export const CONVERGES_MS = 180_000 + defaults.uploadCallMs + defaults.mainWithinMs + 240_000 + 150_000 + PAUSE_MAX_MS;

/**
 * I10: each job runs once, or is held and told because two JobManagers ended under its submissions; all else is closed.
 * Says what is missing; asked in the calm.
 */
export const notConverged = ({ world }: Run): string | undefined => {
  for (const { name, jobs } of world.clusters()) {
    const { incidents, orders } = world.store.memory(name);
    const open = incidents.filter(({ state }) => state !== 'closed');
    const held = open.filter(({ code, state }) => code === 'SUBMISSION_KILLS_JOBMANAGER' && state === 'open');
    const others = open.filter((incident) => !held.includes(incident));
    if (others.length > 0) return `not closed: ${others.map(({ key, what }) => `${key} ${what}`)}`;
    if (orders.length > 0) return `orders wait: ${orders.map(({ kind }) => kind)}`;
    for (const job of jobs) {
      const copies = world.truth.copies.filter(({ lineage }) => lineage === job.lineage).length;
      const wanted = held.some((incident) => incident.job === job.name) ? 0 : 1;
      if (copies !== wanted) return `${copies} copies of ${name}/${job.name}, not ${wanted}`;
    }
  }
  return undefined;
};
