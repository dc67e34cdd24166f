import type { Told } from '../state/told-of-state.ts';

/** The codes that speak of how a live job runs. */
export const toldOfHealth = {
  RESTART_LOOP: {
    severity: 'critical',
    graceMs: 0,
    next: 'Nothing is done: Flink goes on to restart it from its newest checkpoint, and it is looked at each minute. This message ends when the window holds fewer, and none came for a third of it.',
    fix: 'Correct the cause (the whole trace: Flink’s UI, Exceptions). With a corrected jar or entry of the manifest deploy, then `npx flink-autopilot apply CLUSTER/JOB`.',
  },
  CHECKPOINTS_FAILING: {
    severity: 'warning',
    graceMs: 0,
    next: 'Nothing is done: the job runs, and Flink goes on to try. What it does is done again from its last checkpoint on if it fails. This message ends when checkpoints complete again.',
    fix: 'Look at the cause (Flink’s UI, Checkpoints, History): may the TaskManagers write where checkpoints are, and does one get through within `execution.checkpointing.timeout`? If it cannot be mended soon, put its state elsewhere: `npx flink-autopilot savepoint CLUSTER/JOB`.',
  },
  CHECKPOINT_OLD: {
    severity: 'warning',
    graceMs: 0,
    next: 'Nothing is done: the job runs. This message ends with the next complete checkpoint or savepoint.',
    fix: 'Take one now: `npx flink-autopilot savepoint CLUSTER/JOB`. If this comes again, look at why its tasks come and go (Flink’s UI, Exceptions), or give `health.checkpointAge`, its checkpoint interval and `savepoints.every` values that go together, and deploy.',
  },
  EXCEPTION_NEW: {
    severity: 'warning',
    graceMs: 0,
    next: 'Nothing is done: Flink has restarted it, and it runs. The same cause is told again when it was away for an hour; this message ends then, too.',
    fix: 'Look at the cause (the whole trace: Flink’s UI, Exceptions). If nobody wants to know, take `exceptions: tell` out of the job’s `health` in the manifest and deploy.',
  },
} as const satisfies Record<string, Told>;
