import { defaults } from '../defaults.ts';
import type { Told } from '../state/told-of-state.ts';

/** The codes that speak of the tasks of a cluster's services. */
export const toldOfTasks = {
  JOBMANAGER_CRASHES: {
    severity: 'critical',
    graceMs: 0,
    next: 'ECS goes on to start it, more and more seldom; its jobs are started again each time it is ready, from their newest snapshots.',
    fix: "Look at the reason, at the end of the task's log and at the service's events in ECS. Exit code 137: give the task more memory, or Flink less (`jobmanager.memory.process.size`). A task that cannot start: its image, secrets, role or network. A job whose `main()` ends it: `enabled: false` in the manifest, then deploy.",
  },
  TASKMANAGER_CRASHES: {
    severity: 'critical',
    graceMs: 0,
    next: 'ECS goes on to start them; Flink restarts its jobs as often as its restart strategy lets it.',
    fix: "Look at the reason, at the end of the task's log and at the job whose tasks ran there. Exit code 137: give the task more memory, or Flink less (`taskmanager.memory.process.size`). A task that cannot start: its image, secrets, role or network.",
  },
  TASKMANAGERS_MISSING: {
    severity: 'warning',
    graceMs: defaults.tasks.missingWithinMs,
    next: 'ECS goes on to start them; Flink uses them as soon as they are there.',
    fix: "Look at the service's events in ECS: no capacity, no place for the task, or a task that ends. If fewer are enough lower its desired count.",
  },
  TASKMANAGERS_UNSEEN: {
    severity: 'warning',
    graceMs: defaults.tasks.missingWithinMs,
    next: 'Jobs are looked after as ever; nobody would be told of TaskManagers that are missing or crash.',
    fix: 'Check `taskManagers` in the manifest and the ecs: permissions of the role, and deploy (which writes the roles from the manifest).',
  },
} as const satisfies Record<string, Told>;
