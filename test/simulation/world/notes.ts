import type { JobCopy, Truth } from './truth.ts';

/** The truth while it is written: each note counts as a change. */
export type Notes = { readonly truth: Truth; version: number; readonly written: Written };

type Written = {
  copies: readonly JobCopy[];
  readonly snapshots: Truth['snapshots'];
  readonly retention: Truth['retention'];
} & { readonly [K in Lists]: Truth[K][number][] };

type Lists = Exclude<keyof Truth, 'copies' | 'snapshots' | 'retention'>;

export const createNotes = (asked: Pick<Truth, 'snapshots' | 'retention'>): Notes => {
  const lists = {
    starts: [],
    posts: [],
    bounced: [],
    cancels: [],
    triggers: [],
    lostSnapshots: [],
    deletions: [],
    alerts: [],
    heard: [],
    processes: [],
    leaderships: [],
    upsets: [],
    crashes: [],
  };
  const written: Written = {
    copies: [],
    ...asked,
    ...lists,
    jams: [],
    loops: [],
    deeds: [],
    losses: [],
    events: [],
    outages: [],
  };
  return { truth: written, version: 0, written };
};

/** Adds a line to one of the lists. */
export const note = <K extends Lists>(notes: Notes, list: K, line: Truth[K][number]): void => {
  const lines: Truth[K][number][] = notes.written[list];
  lines.push(line);
  notes.version += 1;
};

/** What lives now. */
export const noteCopies = (notes: Notes, copies: readonly JobCopy[]): void => {
  notes.written.copies = copies;
  notes.version += 1;
};
