import { defaults } from '../core/defaults.ts';
import type { Cluster } from '../core/model.ts';
import type { Ports } from '../ports.ts';
import type { HistoryAnswer, HistoryEntry } from './answers.ts';
import type { Request } from './request.ts';

/** Lines where no limit is given: a screen or two. */
const LIMIT_DEFAULT = 50;

/** The audit trail of these clusters, newest first. Throws the store's faults: a trail with a hole would be read as the whole. */
export const historyOf = async (
  { store, clock }: Ports,
  clusters: readonly Cluster[],
  { job, limit = LIMIT_DEFAULT, beforeMs }: Extract<Request, { op: 'history' }>,
  untilMs: number,
): Promise<HistoryAnswer> => {
  // Entries of other jobs are left out here, so more of them have to be read; one more than shown tells whether there are older ones.
  const read = job === undefined ? limit + 1 : defaults.historyMax;
  const page = { limit: read, ...(beforeMs === undefined ? {} : { beforeMs }) };
  const all: HistoryEntry[] = [];
  for (const { name } of clusters) {
    const deadlineMs = Math.min(untilMs, clock.nowMs() + defaults.lookMs);
    const entries = await store.history(name, page, deadlineMs);
    all.push(...entries.map((entry) => ({ ...entry, cluster: name })));
  }
  const readTo = all.length >= read ? all.at(-1)?.atMs : undefined;
  const ofJob = all.filter((entry) => job === undefined || entry.job === job).sort((a, b) => b.atMs - a.atMs);
  const entries = wholePage(ofJob, limit);
  const olderThanMs = entries.length < ofJob.length ? entries.at(-1)?.atMs : job === undefined ? undefined : readTo;
  const more = olderThanMs === undefined ? {} : { olderThanMs };
  return { ok: true, op: 'history', atMs: clock.nowMs(), entries, ...more };
};

/** Entries of one moment stay together, so that the next page, which is older, skips none; unless they are more than a page. */
const wholePage = (entries: readonly HistoryEntry[], limit: number): readonly HistoryEntry[] => {
  const next = entries[limit];
  const whole = entries.slice(0, limit).filter(({ atMs }) => next === undefined || atMs > next.atMs);
  return whole.length > 0 ? whole : entries.slice(0, limit);
};
