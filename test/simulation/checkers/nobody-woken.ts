import type { Checker } from './checker.ts';

/** A cluster that is well needs nobody: no incident of it is told. */
export const nobodyWoken: Checker = ({ world }) => {
  if (!world.isHealthy) return () => undefined;
  return () => {
    const [alert] = world.truth.alerts;
    return alert && `${alert.cluster} is well, and ${alert.key} is told (${alert.state})`;
  };
};
