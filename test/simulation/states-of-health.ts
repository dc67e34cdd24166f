import { lineageOf } from './checkers/sender.ts';
import { anyIncident, type State } from './state.ts';

const isClosed =
  (code: string): State =>
  ({ world }) =>
    world.truth.alerts.some(({ key, state }) => key.startsWith(`${code}#`) && state === 'closed');

/** What becomes of jobs that are ill, or fail. */
export const ofHealth = {
  'a restart loop': anyIncident('RESTART_LOOP'),
  'a restart loop is over': isClosed('RESTART_LOOP'),
  'a failed job is started again': ({ world }) =>
    world
      .clusters()
      .some(({ name }) =>
        world.store.log(name).some(({ what, because }) => what === 'run' && because.includes('restart 1 of')),
      ),
  'a failure is over': isClosed('JOB_FAILED'),
  'a job is held by its restarts': ({ world }) =>
    world
      .clusters()
      .some(({ name }) =>
        world.store
          .memory(name)
          .incidents.some(({ code, next }) => code === 'JOB_FAILED' && next.includes('failed each time')),
      ),
  'a job fails again and again': ({ world }) =>
    world.truth.starts.some(
      ({ copy }) =>
        world.truth.starts.filter((each) => each.copy.lineage === lineageOf(copy.jobId) && each.copy.state === 'FAILED')
          .length > 2,
    ),
} satisfies Readonly<Record<string, State>>;
