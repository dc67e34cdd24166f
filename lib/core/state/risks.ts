import type { Context } from '../decision.ts';
import type { Copy } from '../liveness.ts';
import type { Attempt, Check, CheckpointConfig, FlinkView, Job, JobMemory, JobSpec, Problem } from '../model.ts';
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
  const text = risks.join('; ');
  return risks.length === 0 ? [] : [problem('STATE_AT_RISK', text, job.name, text)];
};

/** What a job's own configuration in the manifest is sure to risk, for whoever deploys it: the rest only its JobManager knows. */
export const foreseenRisks = ({ enabled, state, flinkConfiguration }: JobSpec): readonly string[] => {
  if (!enabled || state === 'none') return [];
  const says = (key: string, ...values: readonly (string | undefined)[]): boolean =>
    values.includes(flinkConfiguration[key]?.trim().toUpperCase());
  return [
    ...(says(RETENTION_KEY, 'DELETE_ON_CANCELLATION', 'NO_EXTERNALIZED_CHECKPOINTS') ? [DELETED] : []),
    ...ignoredOf(flinkConfiguration),
    ...(FLAT_KEYS.some((key) => says(key, 'FALSE')) ? [FLAT] : []),
  ];
};

const ofCheckpoints = (
  { inMemory, retention }: CheckpointConfig,
  { n, spec }: Attempt,
  { identity: { storage } }: FlinkView,
  { check }: JobMemory,
): readonly string[] => {
  if (inMemory)
    return [
      "its checkpoints lie in its JobManager's memory and go with it: set `execution.checkpointing.dir` (`state.checkpoints.dir`)",
    ];
  return [
    ...(retention !== 'retain' ? [DELETED] : []),
    ...(storage.retained === 1
      ? [
          'Flink keeps one checkpoint only, and nothing is left where that one cannot be read: set `execution.checkpointing.num-retained: 3` (`state.checkpoints.num-retained`) in the cluster',
        ]
      : []),
    ...ignoredOf(spec.flinkConfiguration),
    ...(storage.flat ? [FLAT] : []),
    ...(check?.expiry === undefined ? [] : [check.expiry]),
    ...ofRefusals(check, n),
  ];
};

/** What nobody may list hides that nobody may see its rules; of an earlier attempt it is over, for the start of a newer one had to list them. */
const ofRefusals = ({ attempt, unlisted, rulesUnseen }: Partial<Check> = {}, n: number): readonly string[] => {
  if (unlisted !== undefined && attempt === n)
    return [`its snapshots cannot be listed, so that it would not start again by itself: ${unlisted}`];
  return rulesUnseen === undefined
    ? []
    : [`nobody can say whether a rule of the bucket deletes its snapshots: ${rulesUnseen}`];
};

const RETENTION_KEY = 'execution.checkpointing.externalized-checkpoint-retention';
const FLAT_KEYS = ['execution.checkpointing.create-subdir', 'state.checkpoints.create-subdir'];
/** Flink reads it of the cluster's configuration alone. */
const RETAINED_KEYS = ['execution.checkpointing.num-retained', 'state.checkpoints.num-retained'];

const DELETED = `its checkpoints are deleted when its JobManager is stopped (SIGTERM, each deployment), and when it is cancelled: set \`${RETENTION_KEY}: RETAIN_ON_CANCELLATION\``;
const FLAT =
  '`execution.checkpointing.create-subdir: false` mixes the checkpoints of all jobs, so that none is restored from: remove it';

const ignoredOf = (flinkConfiguration: JobSpec['flinkConfiguration']): readonly string[] =>
  RETAINED_KEYS.filter((key) => flinkConfiguration[key] !== undefined).map(
    (key) => `Flink ignores \`${key}\` of a single job: set it in the cluster`,
  );

const ofSavepoints = (
  job: Job,
  { attempts }: JobMemory,
  { identity: { storage } }: FlinkView,
  { cluster }: Context,
): readonly string[] =>
  job.savepoints === undefined || savepointDirsOf({ cluster, job, attempts, storage }).length > 0
    ? []
    : ['there is nowhere to put its scheduled savepoints: set `savepointDir` in the manifest and deploy'];
