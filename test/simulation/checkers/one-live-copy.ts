import { defaults } from '../../../lib/core/defaults.ts';
import type { Checker, Run } from './checker.ts';

/** I1: at most one live copy of a job, whatever its id: what lives, and what a main() that still runs may yet bring. */
export const oneLiveCopy: Checker = (run) => {
  const mains = openMains(run);
  return () => {
    const seen = new Map<string, string>();
    for (const { lineage, jobId, process } of run.world.truth.copies) {
      const other = seen.get(lineage);
      if (other !== undefined) return `live: ${other} and ${jobId} on ${process}`;
      seen.set(lineage, jobId);
    }
    for (const { jobId, process } of mains()) {
      const other = seen.get(jobId.slice(0, 16));
      if (other !== undefined && other !== jobId) return `live: ${other}, and ${jobId} in main() on ${process}`;
      seen.set(jobId.slice(0, 16), jobId);
    }
    return undefined;
  };
};

type Posts = Run['world']['truth']['posts'];

/** POSTs whose main() runs, as long as it may. */
const openMains = ({ sim, world }: Run): (() => Posts) => {
  let read = 0;
  let open: Posts = [];
  return () => {
    open = [...open, ...world.truth.posts.slice(read)].filter(
      ({ atMs, endedMs }) => endedMs === undefined && sim.time.nowMs() < atMs + defaults.mainWithinMs,
    );
    read = world.truth.posts.length;
    return open;
  };
};
