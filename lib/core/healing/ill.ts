import { isAdopted } from '../adoption.ts';
import type { Context, Decision } from '../decision.ts';
import { ending } from '../ending.ts';
import { samplesOf } from '../health/samples.ts';
import type { Copy } from '../liveness.ts';
import type { Attempt, FlinkView, Job, JobMemory, Stop } from '../model.ts';
import { toStart, withEnd } from '../recorded.ts';
import { chooseSource } from '../state/restore.ts';
import { isOpen } from '../state/savepoints.ts';
import { budgetOf } from './budget.ts';
import { whyRestart } from './remedies.ts';

/**
 * What is done for a live job that nobody has ended, and that Flink does not heal: it is cancelled, and what comes after it is a restart that costs. A savepoint of a job whose
 * tasks do not run would not come to its end.
 */
export const cure = (
  job: Job,
  memory: JobMemory,
  attempt: Attempt,
  copy: Copy,
  context: Context,
): Partial<Decision> | undefined => {
  const { readiness, nowMs } = context;
  if (!readiness.ready || readiness.view.incarnation.process !== copy.on.process || !mayBeEnded(job, attempt))
    return undefined;
  const { view } = readiness;
  const kept = samplesOf(context.samples, job.name, attempt.jobId);
  const freeSlots = view.slots.known ? view.slots.value.free : undefined;
  const why = whyRestart({ job, seen: copy.job, kept, freeSlots, nowMs });
  if (why === undefined) return undefined;
  const { restarts, spent, notBeforeMs = nowMs } = budgetOf(job, memory.attempts);
  if (spent >= restarts || nowMs < notBeforeMs) return undefined;
  const { savepoint: _, ...rest } = attempt;
  const stop: Stop = { how: 'cancel', order: 'heal', because: `restart ${spent + 1} of ${restarts}: ${why}` };
  const ill = { ...rest, stop };
  const unproven = unstartable(job, memory, ill, view, context);
  if (unproven !== undefined) return unproven.wantsSnapshots ? { wantsSnapshots: true } : undefined;
  const { verdict, because, effect, waitFor } = ending(job, memory, ill, copy, context);
  return effect && { verdict, because, effect, urgent: true, ...(waitFor === undefined ? {} : { waitFor }) };
};

/** Ours, saved by nobody now, and with a state that outlives a cancel, or none. */
const mayBeEnded = (job: Job, attempt: Attempt): boolean => {
  const { savepoint } = attempt;
  const isSaved = savepoint === undefined || !isOpen(savepoint);
  return isSaved && isKept(job, attempt) && !isAdopted(job, attempt);
};

/** What it has not written itself is left alone by its end, unless it was given to it. */
const isKept = ({ state, claimMode }: Job, { checkpointing, hadState }: Attempt): boolean =>
  state === 'none' || checkpointing?.retention === 'retain' || (hadState !== true && claimMode !== 'CLAIM');

/** What it is started from has to be found before it is ended (F44). */
const unstartable = (
  job: Job,
  { attempts, ...memory }: JobMemory,
  ill: Attempt,
  view: FlinkView,
  context: Context,
): Decision | undefined => {
  const ended = withEnd(attempts, ill, context.nowMs);
  const choice = chooseSource(toStart(job, ended), { ...memory, attempts: ended }, view, context);
  return 'hindrance' in choice ? choice.hindrance : undefined;
};
