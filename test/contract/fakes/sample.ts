import { Fault } from '../../../lib/core/errors.ts';
import type { RunRequest } from '../../../lib/ports.ts';

/** How long the sample job's `main()` is told to sleep, at least a moment. */
export const mainMs = ({ args }: RunRequest): number =>
  args.includes('--main-sleep-ms') ? Number(args[args.indexOf('--main-sleep-ms') + 1]) : QUICK_MAIN_MS;

export const QUICK_MAIN_MS = 20;

/** A caller leaves at its deadline, as the real adapter does; what it called goes on. */
export const untilDeadline = (run: Promise<void>, deadlineMs: number): Promise<void> => {
  const left = new Promise<void>((_, reject) => {
    const leave = () => reject(new Fault('unknown-outcome', 'RUN_UNANSWERED', 'nobody waits any more'));
    setTimeout(leave, deadlineMs - Date.now()).unref();
  });
  return Promise.race([run, left]);
};
