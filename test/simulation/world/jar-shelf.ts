import type { Jars } from '../../../lib/ports.ts';
import { createFakeJars } from '../../support/fake-jars.ts';

/** What is in a jar, and what Flink says of one that is none. */
export type JarKind = 'good' | 'NOT_A_JAR' | 'CLASS_MISSING' | 'NO_JOB';

/** The jars in S3, which the contract tests know as it is; each holds what kind of jar it is. */
export const createJarShelf = (uris: readonly string[]): JarShelf => {
  const jars = createFakeJars();
  const kinds = new Map<string, JarKind>();
  const put = (uri: string, kind: JarKind): void => {
    jars.put(uri, Buffer.from(kind));
    kinds.set(uri, kind);
  };
  for (const uri of uris) put(uri, 'good');
  return {
    uris,
    put,
    remove: (uri) => {
      jars.remove(uri);
      kinds.delete(uri);
    },
    isGood: (uri) => kinds.get(uri) === 'good',
    look: jars.look,
    open: async (uri, version, deadlineMs) => {
      await jars.open(uri, version, deadlineMs);
      return kinds.get(uri) ?? 'NOT_A_JAR';
    },
  };
};

export type JarShelf = Jars & {
  readonly uris: readonly string[];
  put(uri: string, kind: JarKind): void;
  remove(uri: string): void;
  isGood(uri: string): boolean;
  /** What that version holds. Throws as S3 refuses. */
  open(uri: string, version: string, deadlineMs: number): Promise<JarKind>;
};
