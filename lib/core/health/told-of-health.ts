import { defaults } from '../defaults.ts';
import type { Told } from '../state/told-of-state.ts';

/** The codes that speak of how a live job runs. */
export const toldOfHealth = {
  RESTART_LOOP: {
    severity: 'critical',
    graceMs: 0,
    next: 'Nothing is done: Flink goes on to restart it from its newest checkpoint, and it is looked at each minute. This message ends when the window holds fewer, and none came for a third of it.',
    fix: 'Correct the cause (the whole trace: Flink’s UI, Exceptions). After a corrected jar under the same name `npx flink-autopilot restart CLUSTER/JOB`; after a change of its entry in the manifest deploy, then `npx flink-autopilot apply CLUSTER/JOB`.',
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
  BACK_PRESSURE: {
    severity: 'warning',
    graceMs: 0,
    next: 'Nothing is done: the job runs, as fast as its slowest part. This message ends when two looks, five minutes apart, see clearly less.',
    fix: 'Look at the busiest vertex (Flink’s UI: busy, back-pressured) and at what it waits for (a database, a sink): more parallelism and slots, or less work for each record. If the job is meant to run at its limit say `health: { backPressure: off }` in the manifest and deploy.',
  },
  OUTPUT_STALLED: {
    severity: 'critical',
    graceMs: 0,
    next: 'Nothing is done: the job runs. This message ends when a file is finished there.',
    fix: 'Look at the sink: files are finished by checkpoints, and what a filter drops leaves none. If it takes as long by nature give `health.output.within` more time in the manifest and deploy.',
  },
  OUTPUT_UNSEEN: {
    severity: 'warning',
    graceMs: defaults.health.outputUnseenMs,
    next: 'Whether its output grows is not judged; it is looked at again each five minutes.',
    fix: `Check that the functions may s3:ListBucket there (deploying again writes the roles from the manifest), and that \`health.output.prefix\` is where its files are, with few enough of them that ${defaults.health.outputPagesMax} pages hold them, or in directories whose names grow with time.`,
  },
  EXCEPTION_NEW: {
    severity: 'warning',
    graceMs: 0,
    next: 'Nothing is done: Flink has restarted it, and it runs. The same cause is told again when it was away for an hour; this message ends then, too.',
    fix: 'Look at the cause (the whole trace: Flink’s UI, Exceptions). If nobody wants to know, take `exceptions: tell` out of the job’s `health` in the manifest and deploy.',
  },
} as const satisfies Record<string, Told>;
