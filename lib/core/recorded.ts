import { equal } from './equal.ts';
import type { Attempt, Job, JobSpec } from './model.ts';
import { isRestoreRefused } from './state/restore.ts';

/** What of a job reaches Flink; the rest of its entry says whether and when, and counts as soon as it is deployed. */
const reaching = ['jar', 'mainClass', 'args', 'parallelism', 'flinkConfiguration'] as const;

/**
 * The job as its next start makes it. What ran and was lost, or was ordered to restart, is made again from the record of
 * its last attempt: a new manifest starts only by the order `apply`, or when it ends a hold.
 */
export const toStart = (job: Job, attempts: readonly Attempt[]): Job => {
  const last = attempts.findLast(mayCount);
  if (last === undefined || [last, ...attempts.slice(-1)].some(({ acknowledged }) => acknowledged)) return job;
  if (last.sightedOn === undefined) return isChanged(job, last) ? job : asRecorded(job, last);
  const again =
    last.end?.state === 'LOST' ||
    isEndedByOrder(last) ||
    last.posts.some(isRestoreRefused) ||
    (failedByItself(last) && !isChanged(job, last));
  return again && last.stop?.order !== 'apply' ? asRecorded(job, last) : job;
};

/** Its end is the ordered one. One that fails, or is gone, once it was cancelled was ending anyway: the order is the same. */
export const isEndedByOrder = ({ end, stop }: Attempt): boolean => {
  if (stop === undefined) return false;
  if (end?.state === 'CANCELED' || (end?.state === 'FINISHED' && stop.how === 'savepoint')) return true;
  return stop.sentMs !== undefined && (end?.state === 'FAILED' || end?.state === 'GONE');
};

/** It was ill, and ended for that. */
export const endedToHeal = (attempt: Attempt): boolean => attempt.stop?.order === 'heal' && isEndedByOrder(attempt);

/** Flink gave it up: nobody ordered its end, and it had begun. */
export const failedByItself = (attempt: Attempt): boolean =>
  attempt.end?.state === 'FAILED' && !isEndedByOrder(attempt) && !attempt.posts.some(isRestoreRefused);

/** An attempt as it will be when its ordered end is seen. */
export const asEnded = (attempt: Attempt, nowMs: number): Attempt => ({
  ...attempt,
  end: { state: attempt.stop?.how === 'savepoint' ? 'FINISHED' : 'CANCELED', atMs: nowMs },
});

/** The attempts once the ordered end of this one is seen. */
export const withEnd = (attempts: readonly Attempt[], ending: Attempt, nowMs: number): readonly Attempt[] =>
  attempts.map((each) => (each.jobId === ending.jobId ? asEnded(ending, nowMs) : each));

/** `flink stop` by a person: where the savepoint lies that ended it, its last snapshot. */
export const stoppedByPerson = ({ end, stop, snapshots }: Attempt): string | undefined => {
  const last = snapshots?.[0];
  return end?.state === 'FINISHED' && stop === undefined && last?.stopped === true ? last.path : undefined;
};

/** The manifest's spec of a job changed after this attempt was made. */
export const isChanged = ({ revision }: Job, attempt: Attempt): boolean => revision !== wantedOf(attempt);

/** The revision that the manifest had when the attempt was made. */
export const wantedOf = ({ wanted, revision }: Attempt): string => wanted ?? revision;

/** The keys in which the manifest differs from what the attempt runs. */
export const driftOf = (job: JobSpec, { spec }: { readonly spec: JobSpec }): readonly string[] =>
  reaching.filter((key) => !equal(job[key], spec[key]));

/** A try that surely never reached Flink says nothing of what was to start. */
const mayCount = ({ sightedOn, posts }: Attempt): boolean =>
  sightedOn !== undefined || posts.some(({ answer }) => answer !== 'not-sent');

const asRecorded = (job: Job, { spec, revision }: Attempt): Job => {
  if (revision === job.revision) return job;
  const { jar: _j, mainClass: _m, args: _a, parallelism: _p, flinkConfiguration: _f, ...rest } = job;
  const { jar, mainClass, args, parallelism, flinkConfiguration } = spec;
  return {
    ...rest,
    revision,
    jar,
    args,
    flinkConfiguration,
    ...(mainClass === undefined ? {} : { mainClass }),
    ...(parallelism === undefined ? {} : { parallelism }),
  };
};
