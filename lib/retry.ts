import { defaults } from './core/defaults.ts';
import { asFault } from './core/errors.ts';
import type { Clock } from './ports.ts';

/**
 * Calls `fn` again while it throws a `transient` fault, at most `defaults.retriesMax` more times and never past
 * `deadlineMs`. The waits double and are drawn between half and the whole, so that clusters do not retry in step.
 */
export const retryTransient = async <T>(
  clock: Clock,
  random: () => number,
  deadlineMs: number,
  fn: () => Promise<T>,
): Promise<T> => {
  for (let retry = 0; ; retry += 1) {
    try {
      return await fn();
    } catch (thrown) {
      const fault = asFault(thrown);
      const waitMs = defaults.retryBaseMs * 2 ** retry * (0.5 + random() / 2);
      const late = clock.nowMs() + waitMs >= deadlineMs;
      if (fault.kind !== 'transient' || retry >= defaults.retriesMax || late) throw fault;
      await clock.sleep(waitMs);
    }
  }
};
