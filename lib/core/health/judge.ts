import type { Attempt, Job, Problem } from '../model.ts';
import { problem, type ToldCode } from '../problems.ts';
import { checkpointFailures, checkpointProgress } from './checkpoints.ts';
import { limitsOf } from './limits.ts';
import { restartLoop } from './restart-loop.ts';
import type { JobSamples } from './samples.ts';
import { type HealthVerdict, unclear, well } from './verdict.ts';

/** What a live job's samples say: what is wrong with it, what surely is not, and what nobody can say now. */
export type Health = {
  readonly problems: readonly Problem[];
  readonly unjudged: readonly ToldCode[];
  readonly well: readonly HealthCode[];
  /** The newest exception, if it is new, as the end of a sentence. */
  readonly cause: string;
};

/** The codes that speak of how a live job runs. */
export const HEALTH_CODES = ['RESTART_LOOP', 'CHECKPOINTS_FAILING'] as const satisfies readonly ToldCode[];

export type HealthCode = (typeof HEALTH_CODES)[number];

/** Of a job that is switched off: nobody is told of it. */
export const SWITCHED_OFF: Health = { problems: [], unjudged: [], well: HEALTH_CODES, cause: '' };

/**
 * Judges a live job by its samples. One cause is one incident: checkpoints that fail because the job does are the loop's,
 * and a loop whose root cause is its checkpoints is theirs.
 */
export const healthOf = (job: Job, attempt: Attempt, kept: JobSamples | undefined, nowMs: number): Health => {
  const limits = limitsOf(job);
  const loop = restartLoop(kept, limits.restarts, nowMs);
  const checkpoints = ofCheckpoints(attempt, kept, limits.checkpoints);
  const { exception } = kept ?? {};
  const isByCheckpoints = exception?.byCheckpoints === true;
  const failedBefore = kept?.samples.some(({ failed = 0 }) => failed >= limits.checkpoints.failures) === true;
  const isFailing = exception !== undefined && nowMs - exception.seenMs < limits.restarts.calmMs && !isByCheckpoints;
  const verdicts = {
    RESTART_LOOP: loop.is === 'ill' && isByCheckpoints && (failedBefore || checkpoints.is === 'ill') ? unclear : loop,
    CHECKPOINTS_FAILING:
      checkpoints.is !== 'well' && (isFailing || (loop.is === 'ill' && !isByCheckpoints)) ? unclear : checkpoints,
  };
  const isNew = exception !== undefined && nowMs - exception.seenMs <= limits.restarts.withinMs;
  const cause = isNew ? `; the newest exception: ${exception.cause}` : '';
  return {
    problems: HEALTH_CODES.flatMap((code) => {
      const verdict = verdicts[code];
      return verdict.is === 'ill' ? [problem(code, `${attempt.jobId}: ${verdict.text}${cause}`, job.name)] : [];
    }),
    unjudged: verdicts.RESTART_LOOP.is === 'ill' ? ['TASKS_NOT_RUNNING'] : [],
    well: HEALTH_CODES.filter((code) => verdicts[code].is === 'well'),
    cause,
  };
};

/** Two checks, one cause. A job that takes none by itself is well. */
const ofCheckpoints = (
  { checkpointing }: Attempt,
  kept: JobSamples | undefined,
  limits: ReturnType<typeof limitsOf>['checkpoints'],
): HealthVerdict => {
  if (checkpointing === undefined) return unclear;
  if (checkpointing.intervalMs === undefined) return well;
  const both = [checkpointFailures(kept, limits), checkpointProgress(kept, checkpointing, limits)];
  return both.find(({ is }) => is === 'ill') ?? both.find(({ is }) => is === 'unclear') ?? well;
};
