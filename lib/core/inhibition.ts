import { defaults } from './defaults.ts';
import type { Incident } from './model.ts';
import type { ToldCode } from './problems.ts';

/** A bigger cause, and the smaller ones that it explains. */
type Row = {
  readonly cause: ToldCode;
  readonly explains: readonly ToldCode[];
  /** Also while it is seen and not yet told: its patience is as short as theirs. */
  readonly early?: true;
  /** Only where this holds of the two. */
  readonly where?: (cause: Incident, smaller: Incident) => boolean;
};

/** TaskManagers end where no JobManager takes them. */
const ofTaskManagers = ['TASKMANAGER_CRASHES', 'TASKMANAGERS_MISSING'] as const;

/** No JobManager task runs; one that runs and that only we cannot reach explains nothing. */
const isForWantOfTask = ({ what }: Incident): boolean => /^(task|address):/.test(what);

/** A restart for want of a TaskManager names it or its slots; any other root cause is the job's own. */
const isForWantOfOne = (_: Incident, { what }: Incident): boolean =>
  !what.includes('exception: ') || /task ?(manager|executor)|slot|NoResourceAvailable/i.test(what);

/** It did not begin before. */
const isAsYoung = (cause: Incident, smaller: Incident): boolean =>
  cause.firstSeenMs >= smaller.firstSeenMs - defaults.tasks.sameTimeMs;

/** Biggest first: of two that begin in one look, this is the one that is told. */
const ROWS: readonly Row[] = [
  { cause: 'ECS_UNSEEN', explains: ['TASKMANAGERS_UNSEEN'] },
  { cause: 'LEADER_UNKNOWN', explains: ['JOBMANAGER_CRASHES', ...ofTaskManagers], early: true },
  {
    cause: 'JOBMANAGER_CRASHES',
    explains: ['CLUSTER_NOT_READY', 'JOB_LOST_REPEATEDLY', ...ofTaskManagers],
    early: true,
  },
  { cause: 'CLUSTER_NOT_READY', explains: ofTaskManagers, where: isForWantOfTask },
  { cause: 'TASKMANAGER_CRASHES', explains: ['TASKMANAGERS_MISSING', 'SLOTS_MISSING'] },
  { cause: 'TASKMANAGER_CRASHES', explains: ['RESTART_LOOP', 'TASKS_NOT_RUNNING'], where: isForWantOfOne },
  // Which says what is missing, and was told before.
  { cause: 'SLOTS_MISSING', explains: ['TASKMANAGERS_MISSING'], where: isAsYoung },
  {
    cause: 'MANY_JOBS_ILL',
    explains: ['TASKS_NOT_RUNNING', 'RESTART_LOOP', 'CHECKPOINTS_FAILING'],
    early: true,
  },
];

/** What is counted within a window holds what a cause did for so long after it is over. */
const windowsMs: Partial<Record<ToldCode, number>> = {
  JOB_LOST_REPEATEDLY: defaults.lossWindowMs,
  RESTART_LOOP: defaults.health.restartsWithinMs,
  TASKMANAGER_CRASHES: defaults.tasks.crashesWithinMs,
};
const AFTER_MS: ReadonlyMap<string, number> = new Map(Object.entries(windowsMs));

/**
 * Holds back the opening of what a bigger cause explains: it stays pending beside it, and a while longer. What was open
 * before stays so; what lasts longer than its cause opens then.
 */
export const withoutExplained = (
  before: readonly Incident[],
  after: readonly Incident[],
  nowMs: number,
): readonly Incident[] => {
  const wasOpen = (key: string): boolean => before.some((each) => each.key === key && each.state === 'open');
  const opens = after.filter(({ key, state }) => state === 'open' && !wasOpen(key));
  if (opens.length === 0) return after;
  const causes = after.filter((each) => !opens.includes(each));
  const silent = new Set<string>();
  for (const each of opens.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
    if (causes.some((cause) => explains(cause, each, nowMs))) silent.add(each.key);
    else causes.push(each);
  }
  return after.map((each) => (silent.has(each.key) ? { ...each, state: 'pending' } : each));
};

const explains = (cause: Incident, smaller: Incident, nowMs: number): boolean =>
  ROWS.some(
    (row) =>
      row.cause === cause.code &&
      row.explains.some((code) => code === smaller.code) &&
      speaks(cause, smaller, row, nowMs) &&
      (row.where?.(cause, smaller) ?? true),
  );

/** It is open, or was until a while ago; or it is about to be. */
const speaks = (
  { state, openToldMs, closedMs = 0 }: Incident,
  { code }: Incident,
  row: Row,
  nowMs: number,
): boolean => {
  if (state !== 'closed') return state === 'open' || row.early === true;
  return openToldMs !== undefined && nowMs - closedMs < (AFTER_MS.get(code) ?? defaults.tasks.explainsAfterMs);
};

const sizeOf = ({ code }: Incident): number => {
  const row = ROWS.findIndex(({ cause }) => cause === code);
  return row < 0 ? ROWS.length : row;
};
