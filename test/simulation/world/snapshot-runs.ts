import type { Checkpoints } from '../../../lib/core/model.ts';
import type { LostSnapshot, Restored, TrueSnapshot } from './truth.ts';

/** One run of a job, from which its checkpoints follow: when it ran and how often it takes one. Savepoints are written one by one. */
export type SnapshotRun = {
  readonly lineage: string;
  readonly jobId: string;
  readonly fromMs: number;
  readonly everyMs: number;
  /** What is restored, or recovered under its old id, counts on. */
  readonly firstId: number;
  readonly restored: Restored | undefined;
  untilMs?: number;
  /** The oldest first. */
  readonly savepoints: TrueSnapshot[];
  deleted: boolean;
  isForgotten: boolean;
  /** High availability brought it back: what was under way is written by the next run. */
  isTakenUp?: boolean;
  /** One after the other. */
  readonly stalls: Stall[];
};

/** A while in which no checkpoint completes: each fails, or one is under way all the time. What is due goes on after it. */
export type Stall = { readonly fromMs: number; untilMs: number; readonly how: 'fail' | 'hang' };

/** By path, what of it is gone. */
export type Lost = ReadonlyMap<string, LostSnapshot['how']>;

export const RETAINED = 3;

export const CHECKPOINTS = 's3://checkpoints';
export const SAVEPOINTS = 's3://savepoints';

/** How many checkpoints it has completed. */
export const takenBy = ({ fromMs, everyMs, untilMs, stalls }: SnapshotRun, nowMs: number): number => {
  const endMs = Math.min(untilMs ?? nowMs, nowMs);
  let stalledMs = 0;
  for (const stall of stalls) stalledMs += Math.max(0, Math.min(endMs, stall.untilMs) - stall.fromMs);
  return Math.max(0, Math.floor((endMs - fromMs - stalledMs) / everyMs));
};

/** What its JobManager tells of checkpoints that do not come to their end, until one does. */
export const stalledIn = (run: SnapshotRun, nowMs: number): Pick<Checkpoints, 'failing' | 'underWay'> => {
  const stall = run.stalls.findLast(({ fromMs }) => fromMs <= nowMs);
  if (stall === undefined || takenBy(run, nowMs) > takenBy(run, stall.fromMs)) return {};
  const inRow = Math.floor((Math.min(nowMs, stall.untilMs) - stall.fromMs) / run.everyMs);
  if (stall.how === 'hang') return { underWay: { id: nextIdOf(run, nowMs), sinceMs: stall.fromMs } };
  return inRow === 0
    ? {}
    : { failing: { inRow: Math.min(HISTORY, inRow), because: 'Asynchronous task checkpoint failed.' } };
};

/** One more savepoint, which takes the next id of its checkpoints. */
export const savepointOf = (run: SnapshotRun, path: string, atMs: number): TrueSnapshot => ({
  lineage: run.lineage,
  jobId: run.jobId,
  path,
  kind: 'savepoint',
  id: nextIdOf(run, atMs),
  atMs,
  complete: true,
});

/** Of what it takes next. */
export const nextIdOf = (run: SnapshotRun, atMs: number): number =>
  run.firstId + takenBy(run, atMs) + run.savepoints.length;

/** What high availability brings it back from. */
export const lastOf = (run: SnapshotRun, nowMs: number): Restored | undefined => {
  const taken = takenBy(run, nowMs);
  const id = idOf(run, taken - 1);
  return taken === 0 ? run.restored : { path: pathOf(run, id), id };
};

/** What lies there of it, the oldest first. */
export const leftOf = (run: SnapshotRun, lost: Lost, nowMs: number): readonly TrueSnapshot[] => {
  const left: TrueSnapshot[] = [];
  for (const snapshot of all(run, nowMs)) {
    const how = lost.get(snapshot.path);
    if (snapshot.atMs > nowMs || how === 'whole') continue;
    if (how === undefined) left.push(snapshot);
    else left.push({ ...snapshot, complete: false, ...(how === 'cut' ? { isCut: true as const } : {}) });
  }
  return left;
};

/** Whether any of that may have a path that begins so. */
export const mayLieUnder = ({ jobId, savepoints }: SnapshotRun, prefix: string): boolean => {
  const home = `${CHECKPOINTS}/${jobId}/`;
  return savepoints.length > 0 || home.startsWith(prefix) || prefix.startsWith(home);
};

const all = (run: SnapshotRun, nowMs: number): readonly TrueSnapshot[] =>
  run.savepoints.length === 0
    ? retained(run, nowMs)
    : [...retained(run, nowMs), ...run.savepoints].toSorted((a, b) => a.id - b.id);

/** What its JobManager tells of it: all of the checkpoints that it keeps, and of savepoints the newest, and those among its last few. */
export const toldOf = (run: SnapshotRun, nowMs: number): readonly TrueSnapshot[] => {
  // Flink does not know what is deleted behind its back.
  const complete = leftOf(run, new Map(), nowMs).filter((each) => each.complete);
  if (run.savepoints.length === 0) return complete;
  const newest = complete.findLast(({ kind }) => kind === 'savepoint');
  const nextId = idOf(run, takenBy(run, nowMs));
  return complete.filter((each) => each.kind === 'checkpoint' || each === newest || each.id >= nextId - HISTORY);
};

/** `web.checkpoints.history` of Flink. */
const HISTORY = 10;

const checkpointAtMs = ({ fromMs, everyMs, stalls }: SnapshotRun, n: number): number => {
  let atMs = fromMs + (n + 1) * everyMs;
  for (const stall of stalls) if (atMs > stall.fromMs) atMs += stall.untilMs - stall.fromMs;
  return atMs;
};

/** Savepoints take ids between those of its checkpoints. */
const idOf = (run: SnapshotRun, n: number): number => {
  if (run.savepoints.length === 0) return run.firstId + n;
  const checkpointMs = checkpointAtMs(run, n);
  return run.firstId + n + run.savepoints.filter(({ atMs }) => atMs < checkpointMs).length;
};

const pathOf = ({ jobId }: SnapshotRun, id: number): string => `${CHECKPOINTS}/${jobId}/chk-${id}`;

const retained = (run: SnapshotRun, nowMs: number): readonly TrueSnapshot[] => {
  if (run.deleted) return [];
  const taken = takenBy(run, nowMs);
  const kept: TrueSnapshot[] = [];
  for (let n = Math.max(0, taken - RETAINED); n < taken; n += 1)
    kept.push(checkpointOf(run, n, checkpointAtMs(run, n), true));
  // One was under way when it ended, and has no _metadata.
  if (run.untilMs !== undefined && isCutOff(run, run.untilMs)) kept.push(checkpointOf(run, taken, run.untilMs, false));
  return kept;
};

const checkpointOf = (run: SnapshotRun, n: number, atMs: number, complete: boolean): TrueSnapshot => {
  const { lineage, jobId } = run;
  const id = idOf(run, n);
  return { lineage, jobId, path: pathOf(run, id), kind: 'checkpoint', id, atMs, complete };
};

const isCutOff = ({ fromMs, isTakenUp, savepoints }: SnapshotRun, untilMs: number): boolean =>
  untilMs >= fromMs && !isTakenUp && !savepoints.some(({ stops }) => stops);
