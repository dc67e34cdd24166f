import { defaults } from '../../../lib/core/defaults.ts';
import type { Checkpoints } from '../../../lib/core/model.ts';
import type { Random } from '../../support/virtual-time.ts';
import type { Pace } from '../pace.ts';
import { deletes, type Retention, type RunEnd } from './retention.ts';
import {
  lastOf,
  leftOf,
  mayLieUnder,
  nextIdOf,
  type SnapshotRun,
  type Stall,
  savepointOf,
  stalledIn,
  takenBy,
  toldOf,
} from './snapshot-runs.ts';
import type { LostSnapshot, Restored, TrueSnapshot } from './truth.ts';

/**
 * The snapshots of every lineage. Checkpoints follow from when a job ran and how often it takes one, so that nothing has to
 * happen for them; the newest few are kept and older ones subsumed. A savepoint is written once.
 */
export const createSnapshots = (random: Random, { checkpointMs }: Pace, retain = RETAIN): Snapshots => {
  const runs: SnapshotRun[] = [];
  const lost = new Map<string, Loss>();
  const fitting = new Map<string, boolean>();
  const retentions = new Map<string, Retention>();
  const runOf = (jobId: string): SnapshotRun | undefined => runs.findLast((run) => run.jobId === jobId);
  const all = (of: readonly SnapshotRun[], nowMs: number): readonly TrueSnapshot[] =>
    of.flatMap((run) => leftOf(run, lost, nowMs));
  return {
    begin: (lineage, jobId, fromMs, restored) => {
      const before = runOf(jobId);
      if (before !== undefined) before.isTakenUp = true;
      const goesOn = before === undefined ? restored : lastOf(before, fromMs);
      const everyMs = random.between(...checkpointMs);
      if (!retentions.has(lineage))
        retentions.set(lineage, random.chance(retain) ? 'retain' : random.pick('delete', 'none'));
      // High availability keeps the counter: savepoints have had their ids, too.
      const firstId = before === undefined ? (goesOn?.id ?? 0) + 1 : nextIdOf(before, fromMs);
      const fresh = { savepoints: [], stalls: [], deleted: false, isForgotten: false, restored: goesOn };
      runs.push({ lineage, jobId, fromMs, everyMs, firstId, ...fresh });
    },
    end: (jobId, atMs, end) => {
      const run = runOf(jobId);
      if (run === undefined) return;
      run.untilMs ??= atMs;
      run.deleted = deletes(end, retentions.get(run.lineage) ?? 'retain');
    },
    save: (jobId, path, atMs) => {
      const run = runOf(jobId);
      if (run === undefined) return false;
      run.savepoints.push(savepointOf(run, path, atMs));
      return true;
    },
    stop: (jobId, path, atMs) => {
      const run = runOf(jobId);
      if (run === undefined) return false;
      run.savepoints.push({ ...savepointOf(run, path, atMs), stops: true });
      run.untilMs = atMs;
      return true;
    },
    forget: (jobId) => {
      const run = runOf(jobId);
      if (run !== undefined) run.isForgotten = true;
    },
    forgetEnded: (isKnown) => {
      for (const run of runs) if (run.untilMs !== undefined && !isKnown(run.jobId, run.fromMs)) run.isForgotten = true;
    },
    retentionOf: (lineage = '') => retentions.get(lineage) ?? 'retain',
    lose: (path, how) => void lost.set(path, how),
    fits: (path, draw) => {
      const fits = fitting.get(path) ?? draw();
      fitting.set(path, fits);
      return fits;
    },
    hasState: (lineage, nowMs, isHeard) =>
      runs.some(
        (run) =>
          run.lineage === lineage &&
          !run.isForgotten &&
          takenBy(run, nowMs) + run.savepoints.length > 0 &&
          (isHeard(run.jobId) || (run.untilMs ?? nowMs) - run.fromMs >= defaults.unheardStateMs),
      ),
    list: (lineage, nowMs) =>
      all(
        runs.filter((run) => run.lineage === lineage),
        nowMs,
      ),
    under: (prefix, nowMs) =>
      all(
        runs.filter((run) => mayLieUnder(run, prefix)),
        nowMs,
      ).filter(({ path }) => path.startsWith(prefix)),
    takes: (jobId) => runOf(jobId) !== undefined,
    toldOf: (jobId, nowMs) => {
      const run = runOf(jobId);
      if (run === undefined) return undefined;
      const seen = toldOf(run, nowMs);
      const saved = run.savepoints.filter(({ atMs }) => atMs <= nowMs).length;
      return { completed: takenBy(run, nowMs) + saved, seen, restored: run.restored, ...stalledIn(run, nowMs) };
    },
    stall: (jobId, stall) => {
      const run = runOf(jobId);
      if (run === undefined || run.untilMs !== undefined || run.fromMs > stall.fromMs) return false;
      if (run.stalls.some(({ untilMs }) => untilMs > stall.fromMs)) return false;
      run.stalls.push(stall);
      return true;
    },
    mend: (byMs) => {
      for (const { stalls } of runs) for (const stall of stalls) stall.untilMs = Math.min(stall.untilMs, byMs);
    },
  };
};

export type Snapshots = {
  /** A job runs and takes checkpoints from then on; what it was restored from. */
  begin(lineage: string, jobId: string, fromMs: number, restored?: Restored): void;
  /** It takes no more, and its end may delete what was kept. */
  end(jobId: string, atMs: number, end: RunEnd): void;
  /** Of the jobs of a lineage. */
  retentionOf(lineage: string | undefined): Retention;
  /** A savepoint is complete, and its job runs on. false: there is no such job. */
  save(jobId: string, path: string, atMs: number): boolean;
  /** The same of one that ends its job: no checkpoint is taken after it. */
  stop(jobId: string, path: string, atMs: number): boolean;
  /** The product cannot know that it ever ran. */
  forget(jobId: string): void;
  /** The same of all that ended and of which the record tells no more. */
  forgetEnded(isKnown: (jobId: string, fromMs: number) => boolean): void;
  /** Somebody deletes the whole, or its `_metadata`, or cuts that. */
  lose(path: string, how: Loss): void;
  /** Whether the job takes it; drawn once. */
  fits(path: string, draw: () => boolean): boolean;
  /** A complete one was taken once by a run that the product can know of, whether it is still there or not: it heard of it, or had the time to. */
  hasState(lineage: string, nowMs: number, isHeard: (jobId: string) => boolean): boolean;
  /** What lies there now, the oldest first. */
  list(lineage: string, nowMs: number): readonly TrueSnapshot[];
  /** The same of everybody, whose path begins so. */
  under(prefix: string, nowMs: number): readonly TrueSnapshot[];
  /** Whether a job takes any. */
  takes(jobId: string): boolean;
  /** No checkpoint of a job completes for a while. false: it takes none, or that is so already. */
  stall(jobId: string, stall: Stall): boolean;
  /** All complete again from then on. */
  mend(byMs: number): void;
  /** What its JobManager knows of the last run of a job, the oldest first. */
  toldOf(jobId: string, nowMs: number): Told | undefined;
};

/** What of it is gone. */
export type Loss = LostSnapshot['how'];

type Told = Pick<Checkpoints, 'failing' | 'underWay'> & {
  readonly completed: number;
  readonly seen: readonly TrueSnapshot[];
  readonly restored: Restored | undefined;
};

/** How many jobs keep theirs however they end. */
const RETAIN = 0.85;
