import { watchNpm } from './watch-npm.ts';

/** What asks a command to end, with the exit code that says so. */
export const END_SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Ends this process at once when a signal asks for it, or when the npm that runs it has ended; a guardian ends what it started. */
export const endOnSignals = (): void => {
  watchNpm(() => process.exit(END_SIGNALS.SIGTERM));
  for (const [signal, code] of Object.entries(END_SIGNALS)) process.on(signal, () => process.exit(code));
};
