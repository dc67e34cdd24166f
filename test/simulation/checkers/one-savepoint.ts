import type { Checker } from './checker.ts';

/** F58: of one job there is never a second savepoint under way beside the first one. */
export const oneSavepoint: Checker = ({ world }) => {
  let read = 0;
  return () => {
    const { triggers } = world.truth;
    while (read < triggers.length) {
      const index = read++;
      const trigger = triggers[index];
      if (trigger === undefined) continue;
      const { jobId, process, atMs } = trigger;
      const other = triggers
        .slice(0, index)
        .find((each) => each.jobId === jobId && each.process === process && (each.overMs ?? atMs) >= atMs);
      if (other !== undefined)
        return `${jobId}: ${other.triggerId} is under way, and ${trigger.triggerId} is asked for`;
    }
    return undefined;
  };
};
