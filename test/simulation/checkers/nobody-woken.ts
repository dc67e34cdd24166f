import { type Checker, eachOf } from './checker.ts';

/** A cluster that is well needs nobody: no incident of it is told. */
export const nobodyWoken: Checker = (run) =>
  run.world.isHealthy
    ? eachOf(
        run,
        run.world.truth.alerts,
        (alert) => `${alert.cluster} is well, and ${alert.key} is told (${alert.state})`,
      )
    : [];
