import { anyEnd, anyIncident, anyTaskManagers, type State } from './state.ts';

/** Tasks that crash, and those that only end. */
export const ofTasks = {
  'the TaskManagers crash again and again': ({ world }) =>
    world.truth.crashes.filter(({ service }) => service.startsWith('taskmanager')).length > 2,
  'somebody ends the TaskManagers': anyTaskManagers(({ stopped }) =>
    stopped.some(({ stop }) => stop.code !== 'EssentialContainerExited'),
  ),
  'a JobManager crash loop is told': anyIncident('JOBMANAGER_CRASHES'),
  'a JobManager crash loop is over': anyEnd('JOBMANAGER_CRASHES'),
  'a TaskManager crash loop is told': anyIncident('TASKMANAGER_CRASHES'),
  'a TaskManager crash loop is over': anyEnd('TASKMANAGER_CRASHES'),
  'missing TaskManagers are told': anyIncident('TASKMANAGERS_MISSING'),
} satisfies Readonly<Record<string, State>>;
