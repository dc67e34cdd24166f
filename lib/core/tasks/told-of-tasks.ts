import type { Told } from '../state/told-of-state.ts';

/** The codes that speak of the tasks of a cluster's services. */
export const toldOfTasks = {
  JOBMANAGER_CRASHES: {
    severity: 'critical',
    graceMs: 0,
    next: 'ECS goes on to start it, more and more seldom; its jobs are started again each time it is ready, from their newest snapshots.',
    fix: "Look at the reason, at the end of the task's log and at the service's events in ECS. Exit code 137: give the task more memory, or Flink less (`jobmanager.memory.process.size`). A task that cannot start: its image, secrets, role or network. A job whose `main()` ends it: `enabled: false` in the manifest, then deploy.",
  },
} as const satisfies Record<string, Told>;
