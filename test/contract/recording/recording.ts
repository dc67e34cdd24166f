import { readFileSync } from 'node:fs';
import type { FlinkVersion } from '../../../local/install/flink.ts';

/** What a real Flink answered in one case of the contract, in order. */
export type Recording = {
  /** Flink's version, and the command that made this file. */
  readonly flink: string;
  readonly command: string;
  readonly case: string;
  readonly exchanges: readonly Exchange[];
};

/** `unanswered`: the client left first; `broken`: the connection ended without an answer. */
export type Exchange = {
  readonly method: string;
  readonly path: string;
  /** The JSON that was sent; the bytes of jars are not kept. */
  readonly request?: unknown;
  readonly answer: Answered | 'unanswered' | 'broken';
};

export type Answered = { readonly status: number; readonly contentType: string; readonly text: string };

/** Where the recordings of a Flink are kept. */
export const recordingFolder = (version: FlinkVersion): URL =>
  new URL(`../../fixtures/flink-${version}/`, import.meta.url);

/** Where the `_metadata` of snapshots that it wrote are kept: `chk-<id>` and `savepoint-<id>`. */
export const snapshotsFolder = (version: FlinkVersion): URL =>
  new URL(`../../fixtures/snapshots/${version}/`, import.meta.url);

/** The file of a case. */
export const recordingFile = (version: FlinkVersion, name: string): URL => {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return new URL(`${slug.slice(0, 80).replace(/-$/, '')}.json`, recordingFolder(version));
};

/** The recording of a case; a case without one says how to make it. */
export const readRecording = (version: FlinkVersion, name: string): Recording => {
  try {
    return JSON.parse(readFileSync(recordingFile(version, name), 'utf8'));
  } catch (cause) {
    throw new Error(`there is no recording of "${name}" on ${version}: make it with "${recordCommand(version)}"`, {
      cause,
    });
  }
};

/** What makes the recordings of a Flink. */
export const recordCommand = (version: FlinkVersion): string => `npm run record -- --flink ${version}`;
