import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import { attemptOf } from '../core/identity.ts';
import type { Attempt, Found, Search, Snapshot } from '../core/model.ts';
import { sinceOrder } from '../core/state/ordered.ts';
import { isForgotten } from '../core/state/rebuilt.ts';
import { checkpointDirsOf, type Places, savepointDirsOf } from '../core/state/snapshot-places.ts';
import { andOlder, completeOf, type Part, proven } from './complete-snapshots.ts';
import { type Home, isOrderUnclear, notSearchedBefore, writersOf } from './snapshot-writers.ts';
import { type Reads, withinRequests } from './within-requests.ts';

/**
 * Complete snapshots of a job's own lineage, newest first, as many as may be tried one after the other. The cost does not
 * grow with the bucket: only directories that begin with the lineage's id are listed, their direct children alone, the
 * newest attempts first. Where a part cannot be seen the whole is a Fault: a part proves nothing, unless it is older than what was found.
 */
export const findSnapshots = async (files: Reads, places: Places, deadlineMs: number): Promise<Search> => {
  const bounded = withinRequests(files);
  const order = sinceOrder(places.attempts);
  const ordered = order.from?.kind === 'snapshot' ? order.from.path : undefined;
  if (ordered !== undefined && order.attempts.length === 0)
    return { found: await orderedAt(bounded, ordered, deadlineMs), directories: [ordered], highest: 0 };
  if (places.storage?.flat) throw new Fault('rejected', 'SNAPSHOTS_FLAT', FLAT);
  const dirs = { checkpoint: checkpointDirsOf(places), savepoint: savepointDirsOf(places) };
  const homes = [
    ...(await homesIn(bounded, 'checkpoint', dirs.checkpoint, places, deadlineMs)),
    ...(await homesIn(bounded, 'savepoint', dirs.savepoint, places, deadlineMs)),
  ];
  // A backup of the table may bring back an attempt beside a later one of its number.
  const isLater = ({ jobId }: Home): boolean => order.attempts.some((attempt) => attempt.jobId === jobId);
  const since = homes.filter((home) => home.n > order.n || isLater(home));
  const wanted = 1 + (places.job.restoreDepth ?? defaults.restoreDepth);
  const own = await newestOf(
    bounded,
    since,
    { lineage: places.job.lineage, attempts: order.attempts },
    wanted,
    deadlineMs,
  );
  const isLast = ordered !== undefined && own.fault === undefined && own.found.length < wanted;
  const { found, fault } = isLast
    ? await andOlder(own.found, async () => ({ found: await orderedAt(bounded, ordered, deadlineMs) }))
    : own;
  const highest = Math.max(0, ...homes.map(({ n }) => n));
  const partial = fault === undefined ? {} : { partial: { code: fault.code, text: fault.message } };
  const isNothing = found.length === 0 && fault === undefined && places.job.state !== 'none';
  const written = isNothing ? await writtenIn(withinRequests(files), since, places.attempts, deadlineMs) : {};
  return { found, ...partial, directories: [...dirs.checkpoint, ...dirs.savepoint], highest, ...written };
};

/** Directories may be empty, or hold the markers of directories alone; files are of somebody who ran. */
const writtenIn = async (
  files: Reads,
  homes: readonly Home[],
  attempts: readonly Attempt[],
  deadlineMs: number,
): Promise<Pick<Search, 'written'>> => {
  const forgotten = homes.filter((home) => isForgotten(home, attempts)).toSorted((a, b) => b.n - a.n);
  for (const { n, jobId, directory } of forgotten) {
    const size = await files.size(directory, deadlineMs);
    if (size.files > 0) return { written: { n, jobId, directory } };
  }
  return {};
};

/** The one that a person named; no attempt's, as far as anybody knows. */
const orderedAt = async (files: Reads, path: string, deadlineMs: number): Promise<readonly Found[]> => {
  const found = await proven(files, { kind: 'savepoint', path }, deadlineMs);
  return found === undefined ? [] : [{ ...found, attempt: 0 }];
};

/** Newest attempts first. Directories without any snapshot may be many: they cost nothing that was found before them. */
const newestOf = async (
  files: Reads,
  homes: readonly Home[],
  { lineage, attempts }: { readonly lineage: string; readonly attempts: readonly Attempt[] },
  wanted: number,
  deadlineMs: number,
): Promise<Part<Found>> => {
  const writers = writersOf(homes, attempts);
  const isByTime = isOrderUnclear(lineage, writers, attempts);
  let part: Part<Found> = { found: [] };
  for (const writer of isByTime ? writers : notSearchedBefore(writers, homes, attempts)) {
    const missing = isByTime ? wanted : wanted - part.found.length;
    if (missing === 0 || part.fault !== undefined) break;
    part = await andOlder(part.found, async () => {
      const complete = await completeOf(files, writer, missing, deadlineMs);
      return { ...complete, found: complete.found.map((snapshot) => ({ ...snapshot, attempt: writer.n })) };
    });
    // Nobody can say then that what was not seen is older.
    if (isByTime && part.fault !== undefined) throw part.fault;
  }
  return isByTime ? { found: part.found.toSorted((a, b) => b.atMs - a.atMs).slice(0, wanted) } : part;
};

const FLAT =
  '`execution.checkpointing.create-subdir: false` (state.checkpoints.create-subdir) mixes the checkpoints of all jobs: nobody can tell whose is whose';

/** Of the lineage's ids those that have a directory; an adopted job's id has no such prefix, but is on record. */
const homesIn = async (
  files: Reads,
  kind: Snapshot['kind'],
  dirs: readonly string[],
  { job, attempts }: Places,
  deadlineMs: number,
): Promise<readonly Home[]> => {
  const homes: Home[] = [];
  for (const dir of dirs) {
    const listed = await files.children(dir, job.lineage, deadlineMs);
    const adopted = attempts.filter(({ jobId }) => attemptOf(job.lineage, jobId) === undefined);
    homes.push(
      ...listed.flatMap((name) => homeOf(kind, dir, name, attemptOf(job.lineage, name))),
      ...adopted.flatMap(({ n, jobId }) => homeOf(kind, dir, jobId, n)),
    );
  }
  return homes;
};

const homeOf = (kind: Snapshot['kind'], dir: string, name: string, n: number | undefined): readonly Home[] =>
  n === undefined || Number.isNaN(n) ? [] : [{ n, jobId: name, kind, directory: `${dir}/${name}` }];
