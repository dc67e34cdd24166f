import type { Checker } from './checker.ts';

/** I1: at most one live copy of a job, whatever its id. */
export const oneLiveCopy: Checker =
  ({ world }) =>
  () => {
    const seen = new Map<string, string>();
    for (const { lineage, jobId } of world.truth.copies) {
      const other = seen.get(lineage);
      if (other !== undefined) return `live: ${other} and ${jobId}`;
      seen.set(lineage, jobId);
    }
    return undefined;
  };
