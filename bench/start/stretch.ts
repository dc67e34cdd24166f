import type { JobManager } from './cluster.ts';

/**
 * Makes a boot longer: stops the JobManager's process until so long after its start, long before it opens a port, so
 * that callers are refused as during any boot. `over` resolves when it goes on, `end` lets it go on early.
 */
export const hold = ({ pid, startedAtMs }: Pick<JobManager, 'pid' | 'startedAtMs'>, bootMs: number): Held => {
  if (bootMs === 0) return { over: Promise.resolve(), end: () => {} };
  const { promise: over, resolve } = Promise.withResolvers<void>();
  process.kill(pid, 'SIGSTOP');
  let isHeld = true;
  const end = () => {
    clearTimeout(timer);
    if (isHeld) goOn(pid);
    isHeld = false;
    resolve();
  };
  const timer = setTimeout(end, startedAtMs + bootMs - Date.now());
  return { over, end };
};

export type Held = { readonly over: Promise<void>; end(): void };

const goOn = (pid: number): void => {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It ended meanwhile, which the sample shows by itself.
  }
};
