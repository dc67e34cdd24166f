import type { Attempt, Job, Problem } from '../model.ts';
import { problem, type ToldCode } from '../problems.ts';
import { backPressure } from './back-pressure.ts';
import { checkpointFailures, checkpointProgress } from './checkpoints.ts';
import { causesOf } from './exceptions.ts';
import { type HealthLimits, limitsOf } from './limits.ts';
import { outputStalled, outputUnseen } from './output.ts';
import { restartLoop } from './restart-loop.ts';
import type { JobSamples } from './samples.ts';
import { snapshotAge } from './snapshot-age.ts';
import { type HealthVerdict, ill, unclear, well } from './verdict.ts';

/** What a live job's samples say: what is wrong with it, what surely is not, and what nobody can say now. */
export type Health = {
  readonly problems: readonly Problem[];
  readonly unjudged: readonly ToldCode[];
  readonly well: readonly HealthCode[];
  /** The newest exception, if it is new, as the end of a sentence. */
  readonly cause: string;
};

/** The codes that speak of how a live job runs. */
export const HEALTH_CODES = [
  'RESTART_LOOP',
  'CHECKPOINTS_FAILING',
  'CHECKPOINT_OLD',
  'BACK_PRESSURE',
  'OUTPUT_STALLED',
  'OUTPUT_UNSEEN',
  'EXCEPTION_NEW',
] as const satisfies readonly ToldCode[];

export type HealthCode = (typeof HEALTH_CODES)[number];

/** Of these a job looks ill although all of its tasks run. */
const ILLNESSES: readonly string[] = ['RESTART_LOOP', 'CHECKPOINTS_FAILING'] satisfies readonly HealthCode[];

export const isIllness = (code: string): boolean => ILLNESSES.includes(code);

/** Of a job that is switched off: nobody is told of it. */
export const SWITCHED_OFF: Health = { problems: [], unjudged: [], well: HEALTH_CODES, cause: '' };

/** Judges a live job by its samples: one cause is one incident. */
export const healthOf = (job: Job, attempt: Attempt, kept: JobSamples | undefined, nowMs: number): Health => {
  const limits = limitsOf(job);
  const { exception } = kept ?? {};
  const isNew = exception !== undefined && nowMs - exception.seenMs <= limits.restarts.withinMs;
  const cause = isNew ? `; the newest exception: ${exception.cause}` : '';
  const verdicts = verdictsOf(attempt, kept, limits, nowMs);
  const problems: Problem[] = [];
  const fine: HealthCode[] = [];
  for (const code of HEALTH_CODES) {
    if (verdicts[code].every(({ is }) => is === 'well')) fine.push(code);
    for (const verdict of verdicts[code]) {
      if (verdict.is !== 'ill') continue;
      const { about } = verdict;
      const text = `${attempt.jobId}: ${verdict.text}${about === undefined ? cause : ''}`;
      const found = problem(code, text, job.name, isNew && about === undefined ? exception.cause : undefined);
      problems.push(about === undefined ? found : { ...found, about });
    }
  }
  return {
    problems,
    unjudged: problems.some(({ code }) => code === 'RESTART_LOOP') ? ['TASKS_NOT_RUNNING'] : [],
    well: fine,
    cause,
  };
};

type Verdicts = Readonly<Record<HealthCode, readonly HealthVerdict[]>>;

/**
 * What each check says, where no bigger cause explains it: checkpoints that fail because the job does are the loop's, a loop whose root
 * cause is its checkpoints is theirs.
 */
const verdictsOf = (attempt: Attempt, kept: JobSamples | undefined, limits: HealthLimits, nowMs: number): Verdicts => {
  const loop = restartLoop(kept, limits.restarts, nowMs);
  const checkpoints = ofCheckpoints(attempt, kept, limits.checkpoints);
  const { exception } = kept ?? {};
  const isByCheckpoints = exception?.byCheckpoints === true;
  const isFailing = exception !== undefined && nowMs - exception.seenMs < limits.restarts.calmMs && !isByCheckpoints;
  const isLoopTheirs =
    loop.is === 'ill' && isByCheckpoints && (checkpoints.is === 'ill' || failedBefore(kept, limits.checkpoints));
  const isLoop = loop.is === 'ill' && !isByCheckpoints;
  const isBigger = checkpoints.is === 'ill' || loop.is === 'ill';
  const pressure = backPressure(kept, limits.backPressure, nowMs);
  return {
    RESTART_LOOP: [isLoopTheirs ? unclear : loop],
    CHECKPOINTS_FAILING: [explained(withReason(checkpoints, pressure), isFailing || isLoop)],
    CHECKPOINT_OLD: [explained(snapshotAge(attempt, kept, limits.checkpoints, nowMs), isBigger)],
    BACK_PRESSURE: [explained(pressure, isBigger)],
    OUTPUT_STALLED: [explained(outputStalled(kept, limits.output, nowMs), isBigger)],
    OUTPUT_UNSEEN: [outputUnseen(kept, limits.output)],
    EXCEPTION_NEW: ofExceptions(kept, limits, nowMs).map((verdict) => explained(verdict, loop.is === 'ill')),
  };
};

const failedBefore = (kept: JobSamples | undefined, { failures }: HealthLimits['checkpoints']): boolean =>
  kept?.samples.some(({ failed = 0 }) => failed >= failures) === true;

/** What a bigger cause explains is not told beside it. */
const explained = (verdict: HealthVerdict, isExplained: boolean): HealthVerdict =>
  isExplained && verdict.is !== 'well' ? unclear : verdict;

/** A barrier that waits with the records comes too late. */
const withReason = (checkpoints: HealthVerdict, pressure: HealthVerdict): HealthVerdict =>
  checkpoints.is === 'ill' && pressure.is === 'ill' ? ill(`${checkpoints.text}; ${pressure.text}`) : checkpoints;

/** Two checks, one cause. A job that takes none by itself is well. */
const ofCheckpoints = (
  { checkpointing }: Attempt,
  kept: JobSamples | undefined,
  limits: HealthLimits['checkpoints'],
): HealthVerdict => {
  if (checkpointing === undefined) return unclear;
  if (checkpointing.intervalMs === undefined) return well;
  const both = [checkpointFailures(kept, limits), checkpointProgress(kept, checkpointing, limits)];
  return both.find(({ is }) => is === 'ill') ?? both.find(({ is }) => is === 'unclear') ?? well;
};

/** Each root cause is an incident of its own; without any it is well. */
const ofExceptions = (
  kept: JobSamples | undefined,
  { exceptions }: HealthLimits,
  nowMs: number,
): readonly HealthVerdict[] => {
  const causes = causesOf(kept, exceptions, nowMs);
  return causes?.map(({ id, text }) => ill(`it threw ${text}`, id)) ?? [unclear];
};
