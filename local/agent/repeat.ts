/** Does a thing again and again, with a pause between; a failure is reported once and tried again. */
export const repeat = (
  what: () => Promise<void>,
  options: { pauseMs: number; failed: (error: unknown) => void },
): Repetition => {
  let stopped = false;
  let wake = () => {};
  const run = async () => {
    let lastFailure = '';
    while (!stopped) {
      // Armed before the work, so that a nudge in the middle of it is not lost.
      const pause = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        await what();
        lastFailure = '';
      } catch (error) {
        if (String(error) !== lastFailure) options.failed(error);
        lastFailure = String(error);
      }
      const timer = setTimeout(wake, options.pauseMs);
      if (!stopped) await pause;
      clearTimeout(timer);
    }
  };
  const running = run();
  return {
    nudge: () => wake(),
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
};

/** A running repetition. */
export type Repetition = {
  /** Goes on at once. */
  nudge(): void;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
};
