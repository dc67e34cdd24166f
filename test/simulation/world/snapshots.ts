import { defaults } from '../../../lib/core/defaults.ts';
import type { Random } from '../../support/virtual-time.ts';
import { deletes, type Retention, type RunEnd } from './retention.ts';
import type { LostSnapshot, Restored, TrueSnapshot } from './truth.ts';

/**
 * The snapshots of every lineage. Checkpoints follow from when a job ran and how often it takes one, so that nothing has to
 * happen for them; the newest `RETAINED` are kept and older ones subsumed. A savepoint is written once.
 */
export const createSnapshots = (random: Random): Snapshots => {
  const runs: Run[] = [];
  const lost: Lost = new Map();
  const fitting = new Map<string, boolean>();
  const retentions = new Map<string, Retention>();
  const runOf = (jobId: string): Run | undefined => runs.findLast((run) => run.jobId === jobId);
  const all = (of: readonly Run[], nowMs: number): readonly TrueSnapshot[] =>
    of.flatMap((run) => left(run, lost, nowMs));
  return {
    begin: (lineage, jobId, fromMs, restored) => {
      const before = runOf(jobId);
      if (before !== undefined) before.isTakenUp = true;
      const goesOn = before === undefined ? restored : lastOf(before, fromMs);
      const everyMs = random.between(5_000, 60_000);
      if (!retentions.has(lineage))
        retentions.set(lineage, random.chance(RETAIN) ? 'retain' : random.pick('delete', 'none'));
      const firstId = (goesOn?.id ?? 0) + 1;
      runs.push({ lineage, jobId, fromMs, everyMs, firstId, deleted: false, isForgotten: false, restored: goesOn });
    },
    end: (jobId, atMs, end) => {
      const run = runOf(jobId);
      if (run === undefined) return;
      run.untilMs ??= atMs;
      run.deleted = deletes(end, retentions.get(run.lineage) ?? 'retain');
    },
    save: (jobId, path, atMs) => {
      const run = runOf(jobId);
      if (run === undefined) return undefined;
      run.savepoint = {
        ...placeOf(run),
        path,
        kind: 'savepoint',
        id: run.firstId + takenBy(run, atMs),
        atMs,
        complete: true,
      };
      run.untilMs = atMs;
      return run.savepoint;
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
          takenBy(run, nowMs) > 0 &&
          (isHeard(run.jobId) || (run.untilMs ?? nowMs) - run.fromMs >= defaults.unheardStateMs),
      ),
    list: (lineage, nowMs) =>
      all(
        runs.filter((run) => run.lineage === lineage),
        nowMs,
      ),
    under: (prefix, nowMs) => all(runs, nowMs).filter(({ path }) => path.startsWith(prefix)),
    toldOf: (jobId, nowMs) => {
      const run = runOf(jobId);
      if (run === undefined) return undefined;
      // Flink does not know what is deleted behind its back.
      const seen = left(run, new Map(), nowMs).filter(({ complete }) => complete);
      const saved = seen.some(({ kind }) => kind === 'savepoint') ? 1 : 0;
      return { completed: takenBy(run, nowMs) + saved, seen, restored: run.restored };
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
  /** A savepoint that is to end its job is complete; no checkpoint is taken after it. */
  save(jobId: string, path: string, atMs: number): TrueSnapshot | undefined;
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
  /** What its JobManager knows of the last run of a job, the oldest first. */
  toldOf(jobId: string, nowMs: number): Told | undefined;
};

/** What of it is gone. */
export type Loss = LostSnapshot['how'];

type Lost = Map<string, Loss>;

type Told = {
  readonly completed: number;
  readonly seen: readonly TrueSnapshot[];
  readonly restored: Restored | undefined;
};

type Run = {
  readonly lineage: string;
  readonly jobId: string;
  readonly fromMs: number;
  readonly everyMs: number;
  /** What is restored, or recovered under its old id, counts on. */
  readonly firstId: number;
  readonly restored: Restored | undefined;
  untilMs?: number;
  savepoint?: TrueSnapshot;
  deleted: boolean;
  isForgotten: boolean;
  /** High availability brought it back: what was under way is written by the next run. */
  isTakenUp?: boolean;
};

export const RETAINED = 3;

/** How many jobs keep theirs however they end. */
const RETAIN = 0.85;

const takenBy = ({ fromMs, everyMs, untilMs }: Run, nowMs: number): number =>
  Math.max(0, Math.floor((Math.min(untilMs ?? nowMs, nowMs) - fromMs) / everyMs));

const placeOf = ({ lineage, jobId }: Run) => ({ lineage, jobId });

/** What high availability brings it back from. */
const lastOf = (run: Run, nowMs: number): Restored | undefined => {
  const taken = takenBy(run, nowMs);
  const id = run.firstId + taken - 1;
  return taken === 0 ? run.restored : { path: pathOf(run, id), id };
};

const pathOf = ({ jobId }: Run, id: number): string => `${CHECKPOINTS}/${jobId}/chk-${id}`;

export const CHECKPOINTS = 's3://checkpoints';
export const SAVEPOINTS = 's3://savepoints';

const left = (run: Run, lost: Lost, nowMs: number): readonly TrueSnapshot[] =>
  [...retained(run, nowMs), ...(run.savepoint === undefined ? [] : [run.savepoint])].flatMap((snapshot) => {
    const how = lost.get(snapshot.path);
    if (snapshot.atMs > nowMs) return [];
    if (how === undefined) return [snapshot];
    return how === 'whole'
      ? []
      : [{ ...snapshot, complete: false, ...(how === 'cut' ? { isCut: true as const } : {}) }];
  });

const retained = (run: Run, nowMs: number): readonly TrueSnapshot[] => {
  const taken = run.deleted ? 0 : takenBy(run, nowMs);
  const at = (n: number, atMs: number, complete: boolean): TrueSnapshot => {
    const id = run.firstId + n;
    return { ...placeOf(run), path: pathOf(run, id), kind: 'checkpoint', id, atMs, complete };
  };
  const ns = Array.from({ length: Math.min(RETAINED, taken) }, (_, index) => taken - 1 - index).toReversed();
  const complete = ns.map((n) => at(n, run.fromMs + (n + 1) * run.everyMs, true));
  const isCutOff =
    run.untilMs !== undefined && run.untilMs >= run.fromMs && !run.isTakenUp && run.savepoint === undefined;
  // One was under way when it ended, and has no _metadata.
  return isCutOff && !run.deleted ? [...complete, at(taken, run.untilMs ?? nowMs, false)] : complete;
};
