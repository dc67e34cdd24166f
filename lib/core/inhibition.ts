import { defaults } from './defaults.ts';
import type { Incident } from './model.ts';
import type { ToldCode } from './problems.ts';

/** A bigger cause, and the smaller ones that it explains. */
type Row = {
  readonly cause: ToldCode;
  readonly explains: readonly ToldCode[];
  /** Also while it is seen and not yet told: its patience is as short as theirs. */
  readonly early?: true;
};

/** Biggest first: of two that begin in one look, this is the one that is told. */
const ROWS: readonly Row[] = [
  { cause: 'LEADER_UNKNOWN', explains: ['JOBMANAGER_CRASHES'] },
  { cause: 'JOBMANAGER_CRASHES', explains: ['CLUSTER_NOT_READY', 'JOB_LOST_REPEATEDLY'], early: true },
];

/**
 * Holds back the opening of what a bigger cause explains: it stays pending beside it, and a while longer. What was open
 * before stays so; what lasts longer than its cause opens then.
 */
export const withoutExplained = (
  before: readonly Incident[],
  after: readonly Incident[],
  nowMs: number,
): readonly Incident[] => {
  const wasOpen = new Set(before.filter(({ state }) => state === 'open').map(({ key }) => key));
  const opens = after.filter(({ key, state }) => state === 'open' && !wasOpen.has(key));
  if (opens.length === 0) return after;
  const causes = after.filter((each) => !opens.includes(each) && speaks(each, nowMs)).map(({ code }) => code);
  const silent = new Set<string>();
  for (const { key, code } of opens.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
    const isExplained = ROWS.some(
      ({ cause, explains }) => causes.includes(cause) && explains.some((each) => each === code),
    );
    if (isExplained) silent.add(key);
    else causes.push(code);
  }
  return after.map((each) => (silent.has(each.key) ? { ...each, state: 'pending' } : each));
};

/** It is open, or was until a moment ago; or it is about to be. */
const speaks = ({ code, state, openToldMs, closedMs = 0 }: Incident, nowMs: number): boolean => {
  if (state === 'pending') return ROWS.some(({ cause, early }) => cause === code && early === true);
  return state === 'open' || (openToldMs !== undefined && nowMs - closedMs < defaults.tasks.explainsAfterMs);
};

const sizeOf = ({ code }: Incident): number => {
  const row = ROWS.findIndex(({ cause }) => cause === code);
  return row < 0 ? ROWS.length : row;
};
