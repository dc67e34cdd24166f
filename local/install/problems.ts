import { statfsSync } from 'node:fs';

/** One sentence on why pip did not bring something, and what to do; undefined when its output tells of neither network nor index. */
export const downloadProblem = (what: string, bytes: number, output: string): string | undefined => {
  const broken = NO_ANSWER.test(output);
  const missing = /Could not find a version|No matching distribution/.test(output);
  if (!broken && !missing) return undefined;
  const why = broken
    ? 'the Python package index does not answer'
    : 'the Python package index that pip uses has no such file';
  return `${what} (${megabytes(bytes)} MB) could not be downloaded: ${why}. Check the network and pip's settings (pip config list), and start again.`;
};

/** One sentence when a download of so many bytes will not fit into the folder once it is unpacked. */
export const spaceProblem = (
  what: string,
  bytes: number,
  folder: string,
  freeBytes = free(folder),
): string | undefined =>
  freeBytes < bytes * UNPACKED_FACTOR
    ? `The disk is full: ${what} needs about ${megabytes(bytes * UNPACKED_FACTOR)} MB, and ${folder} has ${megabytes(freeBytes)} MB left. ${MAKE_SPACE}`
    : undefined;

/** One sentence for an error that tells of a full disk; undefined for every other. */
export const diskProblem = (what: string, folder: string, message: string): string | undefined =>
  /ENOSPC|No space left on device/.test(message)
    ? `The disk is full: ${what} does not fit into ${folder}. ${MAKE_SPACE}`
    : undefined;

const MAKE_SPACE = 'Free some space there, or let XDG_CACHE_HOME name a folder on another disk, and start again.';

// The archive and, beside it, what it unpacks to: 2.2 for Flink, and the small rest is told by its own failure.
const UNPACKED_FACTOR = 3;

// What pip, its HTTP library and the resolver say when there is nobody to talk to.
const NO_ANSWER =
  /connection broken|NewConnectionError|ConnectTimeout|ReadTimeout|NameResolutionError|ProxyError|Max retries exceeded|SSLError|Network is unreachable/i;

const free = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
