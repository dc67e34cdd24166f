/** Slows down a service whose tasks keep dying young, as ECS does; forgets it with a new deployment or a task that lasted. */
export const createThrottle = (now: () => number): Throttle => {
  const streaks = new Map<string, { deploymentId: string; failures: number; notBeforeMs: number }>();
  return {
    mayStart: (service, deploymentId) => {
      const streak = streaks.get(service);
      return streak === undefined || streak.deploymentId !== deploymentId || now() >= streak.notBeforeMs;
    },
    ended: (service, deploymentId, end) => {
      if (end.asked) return;
      if (end.ranMs !== undefined && end.ranMs >= lastedMs) return void streaks.delete(service);
      const before = streaks.get(service);
      const failures = (before?.deploymentId === deploymentId ? before.failures : 0) + 1;
      streaks.set(service, { deploymentId, failures, notBeforeMs: now() + delayMs(failures, end.ranMs !== undefined) });
    },
  };
};

/** Whether a service may start one more task now. */
export type Throttle = {
  mayStart(service: string, deploymentId: string): boolean;
  /** A task ended after `ranMs` of running (undefined = it never ran); `asked` = somebody wanted it to end. */
  ended(service: string, deploymentId: string, end: { ranMs: number | undefined; asked: boolean }): void;
};

/** How long to wait after so many failures in a row: nothing after the first, then 1, 2, 4, … s up to the limit. */
export const delayMs = (failures: number, reachedRunning: boolean): number =>
  failures <= 1 ? 0 : Math.min(1_000 * 2 ** Math.min(failures - 2, 20), reachedRunning ? runningLimitMs : startLimitMs);

/** A task that ran this long was no failed start. */
const lastedMs = 30_000;
/** ECS never throttles tasks that reached RUNNING, but its own provisioning takes about that long. */
const runningLimitMs = 60_000;
/** "…up to a maximum of 27 minutes" (ECS, service throttle logic). */
const startLimitMs = 27 * 60_000;
