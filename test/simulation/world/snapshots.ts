import type { Random } from '../../support/virtual-time.ts';
import type { TrueSnapshot } from './truth.ts';

/**
 * The checkpoints of every lineage. They follow from when a job ran and how often it takes one, so that nothing has to
 * happen for them; the newest `RETAINED` are kept and older ones subsumed.
 */
export const createSnapshots = (random: Random): Snapshots => {
  const runs: Run[] = [];
  const runOf = (jobId: string): Run | undefined => runs.findLast((run) => run.jobId === jobId);
  return {
    begin: (lineage, jobId, fromMs) => {
      const before = runOf(jobId);
      const firstId = before === undefined ? 1 : before.firstId + takenBy(before, fromMs);
      const everyMs = random.between(5_000, 60_000);
      runs.push({ lineage, jobId, fromMs, everyMs, firstId, deleted: false, isForgotten: false });
    },
    end: (jobId, atMs, deletes) => {
      const run = runOf(jobId);
      if (run === undefined) return;
      run.untilMs ??= atMs;
      run.deleted = deletes;
    },
    forget: (jobId) => {
      const run = runOf(jobId);
      if (run !== undefined) run.isForgotten = true;
    },
    forgetEnded: (isKnown) => {
      for (const run of runs) if (run.untilMs !== undefined && !isKnown(run.jobId, run.fromMs)) run.isForgotten = true;
    },
    hasState: (lineage, nowMs) =>
      runs.some((run) => run.lineage === lineage && !run.isForgotten && takenBy(run, nowMs) > 0),
    list: (lineage, nowMs) => runs.filter((run) => run.lineage === lineage).flatMap((run) => retained(run, nowMs)),
  };
};

export type Snapshots = {
  /** A job runs and takes checkpoints from then on. */
  begin(lineage: string, jobId: string, fromMs: number): void;
  /** It takes no more; `deletes` = its end deleted what was kept. */
  end(jobId: string, atMs: number, deletes: boolean): void;
  /** The product cannot know that it ever ran. */
  forget(jobId: string): void;
  /** The same of all that ended and of which the record tells no more. */
  forgetEnded(isKnown: (jobId: string, fromMs: number) => boolean): void;
  /** A complete one was taken once by a run that the product can know of, whether it is still there or not. */
  hasState(lineage: string, nowMs: number): boolean;
  /** What lies there now, the oldest first. */
  list(lineage: string, nowMs: number): readonly TrueSnapshot[];
};

type Run = {
  readonly lineage: string;
  readonly jobId: string;
  readonly fromMs: number;
  readonly everyMs: number;
  /** What is recovered under its old id counts on. */
  readonly firstId: number;
  untilMs?: number;
  deleted: boolean;
  isForgotten: boolean;
};

const RETAINED = 3;

const takenBy = ({ fromMs, everyMs, untilMs }: Run, nowMs: number): number =>
  Math.max(0, Math.floor((Math.min(untilMs ?? nowMs, nowMs) - fromMs) / everyMs));

const retained = (run: Run, nowMs: number): readonly TrueSnapshot[] => {
  const taken = run.deleted ? 0 : takenBy(run, nowMs);
  const at = (id: number, atMs: number, complete: boolean): TrueSnapshot => ({
    path: `s3://checkpoints/${run.jobId}/chk-${id}`,
    atMs,
    complete,
  });
  const ids = Array.from({ length: Math.min(RETAINED, taken) }, (_, index) => taken - 1 - index).toReversed();
  const complete = ids.map((n) => at(run.firstId + n, run.fromMs + (n + 1) * run.everyMs, true));
  if (run.untilMs === undefined || run.deleted || run.untilMs < run.fromMs) return complete;
  // One was under way when it ended, and has no _metadata.
  return [...complete, at(run.firstId + taken, run.untilMs, false)];
};
