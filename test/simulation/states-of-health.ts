import { anyCall, anyEnd, anyIncident, type State } from './state.ts';

function isCured(why: string): State {
  return ({ world }) =>
    world
      .clusters()
      .some(({ name }) => world.store.log(name).some(({ what, because }) => what === 'run' && because.includes(why)));
}

/** Of a job that ended like this. */
function anyEnded(how: string): State {
  return ({ world }) => world.truth.starts.some(({ copy: { endedHow } }) => endedHow === how);
}

/** What becomes of jobs that are ill, or fail. */
export const ofHealth = {
  'a restart loop': anyIncident('RESTART_LOOP'),
  'a job that fails again and again is looked at, and a restart loop told': (run) =>
    anyIncident('RESTART_LOOP')(run) &&
    anyCall('flink.restarts', ({ args }) => run.world.truth.loops.some(({ jobId }) => jobId === args[1]))(run),
  'a restart loop is over': anyEnd('RESTART_LOOP'),
  'checkpoints that fail': anyIncident('CHECKPOINTS_FAILING'),
  'checkpoints that fail are mended': anyEnd('CHECKPOINTS_FAILING'),
  'a failed job is started again': ({ world }) =>
    world
      .clusters()
      .some(({ name }) =>
        world.store.log(name).some(({ what, because }) => what === 'run' && because.includes('restart 1 of')),
      ),
  'the restarts of a job are used up': anyEnded('its restarts are used up'),
  'a job fails again soon after it was started again': anyEnded('soon after its start'),
  'a failure is over': anyEnd('JOB_FAILED'),
  'a job is held by its restarts': ({ world }) =>
    world
      .clusters()
      .some(({ name }) =>
        world.store
          .memory(name)
          .incidents.some(({ code, next }) => code === 'JOB_FAILED' && next.includes('failed each time')),
      ),
  'a stuck job is started again': isCured('nothing changed since'),
  'a job that is stuck for good is ended': ({ world: { truth } }) =>
    truth.cancels.some(({ jobId }) =>
      truth.jams.some(({ untilMs, jobIds }) => untilMs === undefined && jobIds.includes(jobId)),
    ),
  'most jobs of a cluster are stuck at once': ({ world }) => world.truth.jams.some(({ jobIds }) => jobIds.length > 2),
  'many ill jobs are told as one thing': ({ world }) =>
    world.truth.alerts.some(({ key, state }) => key === 'MANY_JOBS_ILL' && state === 'open'),
  'many ill jobs are well again': ({ world }) =>
    world.truth.alerts.some(({ key, state }) => key === 'MANY_JOBS_ILL' && state === 'closed'),
} satisfies Readonly<Record<string, State>>;
