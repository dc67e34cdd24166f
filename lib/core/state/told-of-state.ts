import { defaults } from '../defaults.ts';
import type { Problem, Severity } from '../model.ts';

/** What a person reads of a code beside what happened. */
export type Told = Pick<Problem, 'graceMs' | 'done' | 'next' | 'fix'> & { readonly severity: Severity };

/** The codes that speak of snapshots: what a job is started from, and what becomes of its state. */
export const toldOfState = {
  STATE_REQUIRED: {
    severity: 'critical',
    graceMs: 0,
    next: 'Held: it is not started without its state.',
    fix: 'Put its snapshot back (it is looked for each minute), or name one: `npx flink-autopilot restore-from CLUSTER/JOB --path PATH`. To start it empty once: `npx flink-autopilot start-empty CLUSTER/JOB`; each time: `state: preferred` or `state: none` in the manifest, then deploy.',
  },
  SNAPSHOTS_UNREADABLE: {
    severity: 'critical',
    graceMs: defaults.viewLostMs,
    next: 'Nothing is submitted until its snapshots can be looked at; that is tried again each minute.',
    fix: 'Check that the functions may s3:ListBucket and s3:GetObject where the checkpoints are (deploying again writes the roles from the manifest: `checkpointDir`, `savepointDir`). To do without: `npx flink-autopilot restore-from CLUSTER/JOB --path PATH`.',
  },
  RESTORE_REFUSED: {
    severity: 'critical',
    graceMs: 0,
    done: 'It was submitted with its newest snapshot, and with older ones as far as `restoreDepth` allows.',
    next: 'Held: no older snapshot is tried by itself.',
    fix: 'If operators were removed set `allowNonRestoredState: true` and deploy, or upload a jar whose operators have the uids they had; then `npx flink-autopilot release CLUSTER/JOB`. To start from another snapshot: `npx flink-autopilot restore-from CLUSTER/JOB --path PATH`.',
  },
  FLINK_CHANGED: {
    severity: 'critical',
    graceMs: 0,
    next: 'Held: state of another major version or of a later minor one, or an unaligned checkpoint of another minor one, is not tried by itself.',
    fix: 'To try it: `npx flink-autopilot restore-from CLUSTER/JOB --path PATH`. Or go back to the old version, `restart` with a savepoint there, and upgrade then.',
  },
  RESTORED_OLDER: {
    severity: 'warning',
    graceMs: 0,
    done: 'It was started from an older snapshot than the newest that was known.',
    next: 'It runs; what it did since that snapshot is done again.',
    fix: 'Look at why the newer one was refused or is gone. This message ends with its first own snapshot, at the earliest 20 min after its submission.',
  },
  STARTED_EMPTY: {
    severity: 'critical',
    graceMs: 0,
    done: 'It was started empty.',
    next: 'It runs from nothing, as `state: preferred` says.',
    fix: 'If its state matters say `state: required`; if a snapshot exists after all: `npx flink-autopilot restore-from CLUSTER/JOB --path PATH`. This message ends with its first own snapshot, at the earliest 20 min after its submission.',
  },
  RESTORED_OTHERWISE: {
    severity: 'warning',
    graceMs: 0,
    done: 'It was started from its snapshot.',
    next: 'Nothing is done: it runs.',
    fix: 'Compare both paths (`status` shows the one that was asked for; Flink’s UI, Checkpoints, the one it began from).',
  },
  SAVEPOINT_FAILED: {
    severity: 'warning',
    graceMs: 0,
    done: 'A savepoint was asked for.',
    next: 'The job runs on and the order is over; only one that was to end it may end in a cancel, where checkpoints outlive that, and go on from the newest of them.',
    fix: 'Look at the cause, then give the order again; this message ends with the next savepoint.',
  },
  STATE_AT_RISK: {
    severity: 'warning',
    graceMs: 0,
    next: 'Nothing is done: the job runs. On the day it is needed, what is said here may be missing.',
    fix: 'Change each of these (those of Flink count from the next start of the JobManager or of the job on); this message ends when none is left. Where the job keeps nothing worth restoring say `state: none` in the manifest and deploy.',
  },
} as const satisfies Record<string, Told>;
