import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../../local/deploy/deploy.ts';
import type { Roles } from './roles.ts';

/** One request of a function, as it came, and the status of its answer. */
export type RecordedCall = {
  readonly kind: 'call';
  readonly atMs: number;
  /** The name of the calling function; empty when the request does not tell. */
  readonly caller: string;
  /** The name under which its signature was made: `dynamodb`, `s3`, … */
  readonly service: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Without the signature. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 0: the connection broke before an answer. */
  readonly status: number;
};

/** What every function may do. In force since some moment between `sinceMs` and `seenMs`, until the next of these. */
export type RecordedRoles = {
  readonly kind: 'roles';
  readonly sinceMs: number;
  readonly seenMs: number;
  readonly roles: Roles;
};

export type Recording = { readonly name: string; readonly lines: readonly (RecordedCall | RecordedRoles)[] };

/** Where the recordings of one run are, a file for each stage. */
const FOLDER = join(PROJECT, '.local', 'e2e', 'fidelity');

/** An empty file for the lines of one stage; gives its path. */
export const newRecording = (name: string): string => {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}.jsonl`);
  rmSync(file, { force: true });
  return file;
};

/** A line at once: nothing is lost when the thread or the process is ended. */
export const record = (file: string, line: RecordedCall | RecordedRoles): void =>
  appendFileSync(file, `${JSON.stringify(line)}\n`);

/** All recordings of the run. */
export const readRecordings = (): readonly Recording[] => {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).map((entry) => {
    const lines = readFileSync(join(FOLDER, entry), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return { name: entry.replace('.jsonl', ''), lines: lines.map((line) => JSON.parse(line)) };
  });
};

/** Before a run: what is read after it is its own. */
export const forgetRecordings = (): void => rmSync(FOLDER, { recursive: true, force: true });
