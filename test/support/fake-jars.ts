import { Readable } from 'node:stream';
import { frozen } from '../../lib/adapters/frozen.ts';
import type { S3Jars } from '../../lib/adapters/s3-jars.ts';
import { Fault } from '../../lib/core/errors.ts';

/** Jars in a plain memory; each `put` makes a new version. */
export const createFakeJars = (): FakeJars => {
  const objects = new Map<string, { readonly version: string; readonly bytes: Uint8Array }>();
  let versions = 0;
  return {
    put: (uri, bytes) => {
      versions += 1;
      objects.set(uri, { version: `"${versions}"`, bytes });
    },
    remove: (uri) => {
      objects.delete(uri);
    },
    look: async (uri) => {
      const found = objects.get(uri);
      if (found === undefined) return frozen({ present: false });
      return frozen({ present: true, version: found.version, sizeBytes: found.bytes.length });
    },
    open: async (uri, version) => {
      const found = objects.get(uri);
      if (found === undefined) throw new Fault('rejected', 'JAR_MISSING', `${uri} is not there`);
      if (found.version !== version) throw new Fault('rejected', 'JAR_CHANGED', `${uri} is another version`);
      return Readable.from([Buffer.from(found.bytes)]);
    },
  };
};

export type FakeJars = S3Jars & {
  put(uri: string, bytes: Uint8Array): void;
  remove(uri: string): void;
};
