import { lineageOf } from './checkers/sender.ts';
import { anyEnd, anyIncident, type State } from './state.ts';

/** What becomes of jobs that are ill, or fail. */
export const ofHealth = {
  'a restart loop': anyIncident('RESTART_LOOP'),
  'a restart loop is over': anyEnd('RESTART_LOOP'),
  'checkpoints that fail': anyIncident('CHECKPOINTS_FAILING'),
  'checkpoints that fail are mended': anyEnd('CHECKPOINTS_FAILING'),
  'a failed job is started again': ({ world }) =>
    world
      .clusters()
      .some(({ name }) =>
        world.store.log(name).some(({ what, because }) => what === 'run' && because.includes('restart 1 of')),
      ),
  'a failure is over': anyEnd('JOB_FAILED'),
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
