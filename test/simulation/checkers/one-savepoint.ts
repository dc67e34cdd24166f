import type { ReachedTrigger } from '../world/truth.ts';
import { type Checker, eachOf, type Run } from './checker.ts';
import { isForAnother } from './sender.ts';

/** F58: of one job there is never a second savepoint under way beside the first one. One whose call went astray is nobody's: it ended with the process that it was meant for. */
export const oneSavepoint: Checker = (run) => eachOf(run, run.world.truth.triggers, besideAnother);

const besideAnother = (trigger: ReachedTrigger, run: Run, index: number): string | undefined => {
  if (isForAnother(run, trigger)) return undefined;
  const { jobId, process, atMs } = trigger;
  const isBeside = (each: ReachedTrigger): boolean =>
    each.jobId === jobId && each.process === process && (each.overMs ?? atMs) >= atMs;
  const before = run.world.truth.triggers.slice(0, index);
  const other = before.find((each) => isBeside(each) && !isForAnother(run, each));
  return other && `${jobId}: ${other.triggerId} is under way, and ${trigger.triggerId} is asked for`;
};
