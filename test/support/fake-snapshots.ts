import { frozen } from '../../lib/adapters/frozen.ts';
import { checkpointIdIn, HEAD_BYTES } from '../../lib/adapters/snapshot-head.ts';
import { mustBeDeep, snapshotPlace } from '../../lib/adapters/snapshot-place.ts';
import { defaults } from '../../lib/core/defaults.ts';
import { Fault } from '../../lib/core/errors.ts';
import type { SnapshotFiles } from '../../lib/ports.ts';

/** A file store of snapshots in a plain memory. `nowMs` dates what is put. */
export const createFakeSnapshots = (nowMs: () => number): FakeSnapshots => {
  const files = new Map<string, { readonly bytes: Buffer; readonly atMs: number }>();
  const put = (path: string, bytes: Uint8Array) => {
    // With a slash at its end it is the marker of a directory.
    files.set(`${nameOf(path)}${path.endsWith('/') ? '/' : ''}`, { bytes: Buffer.from(bytes), atMs: nowMs() });
  };
  const below = (directory: string) => {
    const start = `${nameOf(directory)}/`;
    const inside = [...files].filter(([path]) => path.startsWith(start));
    return inside.map(([path, file]) => ({ ...file, path, rest: path.slice(start.length) }));
  };
  return {
    put,
    snapshot: (path, id) => put(`${path}/_metadata`, metadataOf(id)),
    paths: () => [...files.keys()],
    children: async (directory, prefix) => {
      const names = below(directory).flatMap(({ rest }) => rest.split('/').slice(0, -1).slice(0, 1));
      const found = [...new Set(names)].filter((name) => name.startsWith(prefix)).sort();
      if (found.length > defaults.childrenMax) throw new Fault('invalid', 'SNAPSHOTS_TOO_MANY', directory);
      return frozen(found);
    },
    metadata: async (path) => {
      const file = files.get(nameOf(`${path}/_metadata`));
      if (file === undefined) return undefined;
      const id = checkpointIdIn(file.bytes.subarray(0, HEAD_BYTES), path);
      return frozen({ id, atMs: file.atMs, sizeBytes: file.bytes.length });
    },
    newest: async (directory, sinceMs) => {
      const finished = below(directory).filter(({ rest }) => rest.split('/').every(isFinished));
      const lastFirst = finished.toSorted((a, b) => (a.path < b.path ? 1 : -1));
      const [newest] = lastFirst.toSorted((a, b) => b.atMs - a.atMs);
      const any = lastFirst.find(({ atMs }) => atMs >= sinceMs) ?? newest;
      return any && frozen({ path: any.path, atMs: any.atMs });
    },
    expiry: async () => undefined,
    size: async (path) => {
      const all = below(path).filter((file) => !file.path.endsWith('/'));
      const counted = all.slice(0, defaults.sizedFilesMax);
      const bytes = counted.reduce((sum, file) => sum + file.bytes.length, 0);
      return frozen({ bytes, files: counted.length, more: all.length > counted.length });
    },
    remove: async (path) => {
      mustBeDeep(path);
      for (const file of below(path)) files.delete(file.path);
      return true;
    },
  };
};

export type FakeSnapshots = SnapshotFiles & {
  put(path: string, bytes: Uint8Array): void;
  /** A complete snapshot, as its `_metadata` tells. */
  snapshot(path: string, id: number): void;
  /** Of all files. */
  paths(): readonly string[];
};

const isFinished = (name: string): boolean => /^[^._]/.test(name) && !name.includes('.inprogress');

/** What Flink 1.20 writes first, and a word after it. */
export const metadataOf = (id: number): Buffer => {
  const bytes = Buffer.alloc(HEAD_BYTES + 8);
  bytes.writeUInt32BE(0x4960672d, 0);
  bytes.writeInt32BE(4, 4);
  bytes.writeBigInt64BE(BigInt(id), 8);
  return bytes;
};

/** Every spelling of one place is one name. */
const nameOf = (path: string): string => {
  const place = snapshotPlace(path);
  return place.store === 's3' ? `s3://${place.bucket}/${place.key}` : `file:${place.file}`;
};
