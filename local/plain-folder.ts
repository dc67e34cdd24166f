import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * A path to this folder that Flink can be told: the image drops every space of its settings, and a URI with other than
 * plain characters is read differently by each who reads it. Where the folder's own path is not plain it is a link below
 * the temporary folder, `release` removes it, and the next one for the same folder takes over what a crash has left.
 */
export const plainFolder = (folder: string): { readonly path: string; release(): void } => {
  mkdirSync(folder, { recursive: true });
  if (PLAIN.test(folder)) return { path: folder, release: () => {} };
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const path = join(tmpdir(), `flink-autopilot-${userInfo().uid}-${name}`);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) symlinkSync(folder, path);
  else if (!there.isSymbolicLink() || there.uid !== userInfo().uid || readlinkSync(path) !== folder)
    throw new Error(`${path} should be a link to ${folder}: remove it and start again.`);
  return { path, release: () => rmSync(path, { force: true }) };
};

const PLAIN = /^[\w./@+-]+$/;
