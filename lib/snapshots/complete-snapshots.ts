import { defaults } from '../core/defaults.ts';
import { asFault, Fault } from '../core/errors.ts';
import type { Snapshot } from '../core/model.ts';
import { newestFirst } from '../core/state/ledger.ts';
import { holdsPath } from '../core/state/snapshot-places.ts';
import type { Writer } from './snapshot-writers.ts';
import type { Reads } from './within-requests.ts';

/** The newest of what is looked for, and what ended the search for older ones before all were seen. */
export type Part<T> = { readonly found: readonly T[]; readonly fault?: Fault };

/** What is older takes nothing from what was found before it, also where it cannot be seen. */
export const andOlder = async <T>(found: readonly T[], look: () => Promise<Part<T>>): Promise<Part<T>> => {
  try {
    const older = await look();
    return { ...older, found: [...found, ...older.found] };
  } catch (thrown) {
    if (found.length === 0) throw thrown;
    return { found, fault: asFault(thrown) };
  }
};

/** The newest complete snapshots of one attempt, those of the ledger too, wherever they lie. */
export const completeOf = async (
  files: Reads,
  { own, ledger, oldestKept }: Writer,
  wanted: number,
  deadlineMs: number,
): Promise<Part<Snapshot>> => {
  const givenUp = ledger.filter(({ disposedMs }) => disposedMs !== undefined);
  const known: Snapshot[] = ledger.filter(({ path }) => !holdsPath(givenUp, path));
  const read = new Set<Snapshot>();
  let unread = oldestKept === undefined ? Number.POSITIVE_INFINITY : defaults.unlistedSavepointsMax;
  for (const { kind, directory } of own) {
    const names = await files.children(directory, kind === 'checkpoint' ? 'chk-' : 'savepoint-', deadlineMs);
    for (const path of names.map((name) => `${directory}/${name}`)) {
      if (holdsPath(givenUp, path) || holdsPath(known, path)) continue;
      const id = checkpointIdOf(path);
      if (id !== undefined) known.push({ kind, path, id, atMs: 0 });
      if (id !== undefined || kind === 'checkpoint') continue;
      unread -= 1;
      if (unread < 0) continue;
      // A savepoint's name does not tell its id.
      const savepoint = await proven(files, { kind, path }, deadlineMs);
      if (savepoint !== undefined) known.push(savepoint);
      if (savepoint !== undefined) read.add(savepoint);
    }
  }
  let part: Part<Snapshot> = { found: [] };
  for (const each of newestFirst(known)) {
    if (part.found.length === wanted || part.fault !== undefined) break;
    part = await andOlder(part.found, async () => {
      const snapshot = read.has(each) ? each : await proven(files, each, deadlineMs);
      return { found: snapshot === undefined ? [] : [snapshot] };
    });
  }
  return unread < 0 && oldestKept !== undefined ? newerThan(oldestKept, part) : part;
};

/** What a full ledger dropped is older than its oldest savepoint: it takes nothing from what is newer. */
const newerThan = (oldestKept: number, { found, fault = unlisted() }: Part<Snapshot>): Part<Snapshot> => {
  const newer = found.filter(({ id }) => id >= oldestKept);
  if (newer.length === 0) throw fault;
  return { found: newer, fault };
};

const unlisted = (): Fault =>
  new Fault(
    'rejected',
    'SNAPSHOTS_TOO_MANY',
    `more than ${defaults.unlistedSavepointsMax} of its savepoints are on no record`,
  );

const checkpointIdOf = (path: string): number | undefined => {
  const [, digits] = /\/chk-(\d{1,15})$/.exec(path) ?? [];
  return digits === undefined ? undefined : Number(digits);
};

/** undefined: it is not complete, or not what its name says. */
export const proven = async (
  files: Reads,
  snapshot: Pick<Snapshot, 'kind' | 'path'> & Partial<Snapshot>,
  deadlineMs: number,
): Promise<Snapshot | undefined> => {
  try {
    const head = await files.metadata(snapshot.path, deadlineMs);
    if (head === undefined || (snapshot.id !== undefined && snapshot.id !== head.id)) return undefined;
    return { ...snapshot, id: head.id, atMs: snapshot.atMs || head.atMs };
  } catch (thrown) {
    if (asFault(thrown).code === 'SNAPSHOT_CORRUPT') return undefined;
    throw thrown;
  }
};
