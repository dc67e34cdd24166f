import { unseenTask } from './absence.ts';
import { allRun } from './after.ts';
import { clusterWaits } from './cluster-waits.ts';
import { type Context, type Decision, waiting, withUnjudged } from './decision.ts';
import { defaults } from './defaults.ts';
import { hinderedAnyway } from './hindrances.ts';
import { type Copy, RECOVERING } from './liveness.ts';
import type { Attempt, FlinkJob, Job, JobMemory, Stop } from './model.ts';
import { toStart, withEnd } from './recorded.ts';
import { statusOf } from './state/ledger.ts';
import { drawnTrigger } from './state/savepoints.ts';

export type Ending = Attempt & { readonly stop: Stop };

/** It was ordered to end: each call names its id (and its trigger), so that making it again can hit nothing else. */
export const ending = (job: Job, memory: JobMemory, attempt: Ending, copy: Copy, context: Context): Decision => {
  const { stop } = attempt;
  const { job: seen, on } = copy;
  const saw = `${seen.state} ${seen.tasksRunning}/${seen.tasksTotal}`;
  const hindrance = stop.sentMs === undefined ? staysDown(job, memory, attempt, context) : undefined;
  if (hindrance !== undefined) return { ...hindrance, saw };
  const isSent = stop.sentMs !== undefined;
  const words = { saw, waitFor: { kind: 'end', address: on.address, jobId: seen.jobId } } as const;
  const how = stop.how === 'cancel' ? 'was cancelled' : 'is stopped with a savepoint';
  const text = `${seen.jobId} ${how} (${stop.order}, ${stop.because}) and is still ${seen.state}`;
  // Nobody can be told that it does not end before anybody has ended it: the call may have to wait for the end of a pause.
  const decision = waiting(job, text, isSent ? 'CANCEL_UNFINISHED' : undefined, words);
  if (seen.state === RECOVERING || !isDue(attempt, seen, context)) return { ...decision, urgent: true };
  const triggerId = stop.triggerId ?? drawnTrigger(job, attempt, context);
  const trigger = stop.how === 'savepoint' ? { triggerId } : {};
  const sent = { ...attempt, stop: { ...stop, ...trigger, sentMs: context.nowMs, to: on } };
  const kind = stop.how === 'cancel' ? ('cancel' as const) : ('stop-with-savepoint' as const);
  const effect = { kind, job: job.name, attempt: sent, to: on } as const;
  return { ...decision, verdict: 'act', because: `${stop.order}: ${stop.because}`, effect, urgent: true };
};

/**
 * A JobManager out of sight may have a second copy: nobody could say then which one is to end. A call that brought no end is made again, for
 * a savepoint only when Flink does not know its trigger: one that is under way is waited for.
 */
const isDue = ({ stop }: Ending, seen: FlinkJob, { observation, nowMs }: Context): boolean => {
  if (unseenTask(observation) !== undefined) return false;
  if (stop.sentMs === undefined) return true;
  if (nowMs < stop.sentMs + defaults.cancelAgainMs) return false;
  // Who was ill may be well again.
  if (stop.order === 'heal' && allRun(seen)) return false;
  return stop.how === 'cancel' || statusOf(stop, observation)?.state === 'unknown';
};

/** Why it could not be started again at once: nothing is stopped then. */
const staysDown = (job: Job, memory: JobMemory, attempt: Ending, context: Context): Decision | undefined => {
  if (!context.readiness.ready) return clusterWaits(job, context.readiness);
  const { how, order } = attempt.stop;
  if (how === 'cancel' && order !== 'heal' && job.state !== 'none' && attempt.savepointFailed === undefined)
    return waiting(
      job,
      `${order} was ordered when nothing of its state was to be kept: give the order again`,
      'SAVEPOINT_FAILED',
    );
  const attempts = withEnd(memory.attempts, attempt, context.nowMs);
  const next = toStart(job, attempts);
  const hindrance = hinderedAnyway(next, { ...memory, attempts }, context.readiness.view, context);
  if (hindrance === undefined) return undefined;
  const because = `${attempt.stop.order} waits and nothing is stopped: ${hindrance.because}`;
  const told = hindrance.problem === undefined ? {} : { problem: { ...hindrance.problem, what: because } };
  return withUnjudged({ ...hindrance, because, ...told }, 'TASKS_NOT_RUNNING');
};
