import type { Context } from '../decision.ts';
import type { Copy } from '../liveness.ts';
import type { Attempt, CheckpointConfig, FlinkView, Job, JobMemory, Problem } from '../model.ts';
import { problem } from '../problems.ts';
import { savepointDirsOf } from './snapshot-places.ts';

/**
 * What the state of a live job would not survive, told on day one and not on the bad day: one incident lists it all. undefined: not known yet;
 * a job that keeps no state risks none.
 */
export const stateRisks = (
  job: Job,
  memory: JobMemory,
  attempt: Attempt,
  { on }: Copy,
  context: Context,
): readonly Problem[] | undefined => {
  if (!job.enabled || job.state === 'none') return [];
  const { readiness } = context;
  const { checkpointing } = attempt;
  if (!readiness.ready || readiness.view.incarnation.process !== on.process || checkpointing === undefined)
    return undefined;
  const risks = [
    ...(checkpointing.intervalMs === undefined ? [] : ofCheckpoints(checkpointing, attempt, readiness.view, memory)),
    ...ofSavepoints(job, memory, readiness.view, context),
  ];
  return risks.length === 0 ? [] : [problem('STATE_AT_RISK', risks.join('; '), job.name)];
};

const ofCheckpoints = (
  { inMemory, retention }: CheckpointConfig,
  { spec }: Attempt,
  { identity: { storage } }: FlinkView,
  { check }: JobMemory,
): readonly string[] => {
  if (inMemory)
    return [
      "its checkpoints lie in its JobManager's memory and go with it: set `execution.checkpointing.dir` (`state.checkpoints.dir`)",
    ];
  const ignored = RETAINED_KEYS.filter((key) => spec.flinkConfiguration[key] !== undefined);
  return [
    ...(retention !== 'retain'
      ? [
          'its checkpoints are deleted when its JobManager is stopped (SIGTERM, each deployment), and when it is cancelled: set `execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION`',
        ]
      : []),
    ...(storage.retained === 1
      ? [
          'Flink keeps one checkpoint only, and nothing is left where that one cannot be read: set `execution.checkpointing.num-retained: 3` (`state.checkpoints.num-retained`) in the cluster',
        ]
      : []),
    ...ignored.map((key) => `Flink ignores \`${key}\` of a single job: set it in the cluster`),
    ...(storage.flat
      ? [
          '`execution.checkpointing.create-subdir: false` mixes the checkpoints of all jobs, so that none is restored from: remove it',
        ]
      : []),
    ...(check?.expiry === undefined ? [] : [check.expiry]),
  ];
};

/** Flink reads it of the cluster's configuration alone. */
const RETAINED_KEYS = ['execution.checkpointing.num-retained', 'state.checkpoints.num-retained'];

const ofSavepoints = (
  job: Job,
  { attempts }: JobMemory,
  { identity: { storage } }: FlinkView,
  { cluster }: Context,
): readonly string[] =>
  job.savepoints === undefined || savepointDirsOf({ cluster, job, attempts, storage }).length > 0
    ? []
    : ['there is nowhere to put its scheduled savepoints: set `savepointDir` in the manifest and deploy'];
