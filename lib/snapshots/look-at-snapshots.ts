import { defaults } from '../core/defaults.ts';
import { isTerminal } from '../core/liveness.ts';
import type { Attempt, FlinkJob, FlinkView } from '../core/model.ts';
import { isUnderWay } from '../core/state/savepoints.ts';
import type { Endpoint, Ports } from '../ports.ts';
import { askEach } from '../seen.ts';

type Snapshots = Pick<FlinkView, 'checkpoints' | 'checkpointConfigs' | 'savepoints'>;

/** What a JobManager says of the snapshots of these attempts, where it lists them and there is something to learn, or they are `sampled`. */
export const lookAtSnapshots = async (
  { flink, clock }: Ports,
  at: Endpoint,
  attempts: readonly Attempt[],
  jobs: readonly FlinkJob[],
  sampled: readonly string[],
  deadlineMs: number,
): Promise<Snapshots> => {
  const listed = new Map(jobs.map(({ jobId, state }) => [jobId, state]));
  const here = attempts.filter(({ jobId }) => listed.has(jobId));
  const nowMs = clock.nowMs();
  const due = here
    .filter((attempt) => sampled.includes(attempt.jobId) || isDue(attempt, listed.get(attempt.jobId) ?? '', nowMs))
    .map(({ jobId }) => jobId);
  const unasked = here.filter(({ checkpointing }) => checkpointing === undefined).map(({ jobId }) => jobId);
  const jobOf = new Map(
    here.flatMap(({ jobId, stop, savepoint }) =>
      [stop, isUnderWay(savepoint) ? savepoint : undefined].flatMap((asked) =>
        asked?.triggerId === undefined || asked.sentMs === undefined ? [] : [[asked.triggerId, jobId] as const],
      ),
    ),
  );
  const [checkpoints, checkpointConfigs, savepoints] = await Promise.all([
    askEach(due, (jobId) => flink.checkpoints(at, jobId, deadlineMs)),
    askEach(unasked, (jobId) => flink.checkpointConfig(at, jobId, deadlineMs)),
    askEach([...jobOf.keys()], (trigger) => flink.savepointStatus(at, jobOf.get(trigger) ?? '', trigger, deadlineMs)),
  ]);
  return { checkpoints, checkpointConfigs, savepoints };
};

/** Each job costs a call, and there may be hundreds: asked until its first snapshot, when it ends, and now and then. Foreign clocks only shift the last. */
const isDue = (attempt: Attempt, state: string, nowMs: number): boolean => {
  const { checkpointing, end, stop, savepoint, source, restored, snapshots = [] } = attempt;
  // For a while: what it left is told by no other, and an answer may be missing.
  if (end !== undefined) return isTerminal(state) && nowMs - end.atMs < defaults.ledgerEveryMs;
  if (checkpointing === undefined || stop !== undefined || savepoint !== undefined || isTerminal(state)) return true;
  if (source !== undefined && restored === undefined) return true;
  if (checkpointing.intervalMs === undefined) return false;
  const [newest] = snapshots;
  return newest === undefined || nowMs - newest.atMs >= defaults.ledgerEveryMs;
};
