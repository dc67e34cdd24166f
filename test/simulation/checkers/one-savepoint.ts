import type { ReachedTrigger } from '../world/truth.ts';
import type { Checker } from './checker.ts';
import { isForAnother } from './sender.ts';

/** F58: of one job there is never a second savepoint under way beside the first one. One whose call went astray is nobody's: it ended with the process that it was meant for. */
export const oneSavepoint: Checker = (run) => {
  let read = 0;
  return () => {
    const { triggers } = run.world.truth;
    while (read < triggers.length) {
      const index = read++;
      const trigger = triggers[index];
      if (trigger === undefined || isForAnother(run, trigger)) continue;
      const { jobId, process, atMs } = trigger;
      const isBeside = (each: ReachedTrigger): boolean =>
        each.jobId === jobId && each.process === process && (each.overMs ?? atMs) >= atMs;
      const other = triggers.slice(0, index).find((each) => isBeside(each) && !isForAnother(run, each));
      if (other !== undefined)
        return `${jobId}: ${other.triggerId} is under way, and ${trigger.triggerId} is asked for`;
    }
    return undefined;
  };
};
