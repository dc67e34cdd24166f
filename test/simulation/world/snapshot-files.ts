import { Fault } from '../../../lib/core/errors.ts';
import type { SnapshotFiles } from '../../../lib/ports.ts';
import type { Stage } from './stage.ts';

/** The buckets of snapshots as their adapter tells them: directories are those in which something lies. */
export const createSnapshotFiles = ({ sim, snapshots }: Pick<Stage, 'sim' | 'snapshots'>): SnapshotFiles => {
  const under = (prefix: string) => snapshots.under(prefix, sim.time.nowMs());
  return {
    children: async (directory, prefix) => {
      const begin = `${directory}/`;
      const names = under(`${begin}${prefix}`).map(({ path }) => path.slice(begin.length).split('/')[0] ?? '');
      return [...new Set(names)].sort();
    },
    metadata: async (path) => {
      const found = under(path).find((each) => each.path === path);
      if (found?.isCut) throw new Fault('invalid', 'SNAPSHOT_CORRUPT', `${path}: cut short`);
      return found?.complete ? { id: found.id, atMs: found.atMs, sizeBytes: METADATA_BYTES } : undefined;
    },
    size: async (path) => ({ bytes: METADATA_BYTES, files: under(path).length, more: false }),
    remove: async (path) => {
      for (const each of under(path)) snapshots.lose(each.path, 'whole');
      return true;
    },
    expiry: async () => undefined,
  };
};

const METADATA_BYTES = 4_096;
