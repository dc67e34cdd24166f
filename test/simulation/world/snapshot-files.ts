import { Fault } from '../../../lib/core/errors.ts';
import type { SnapshotFiles } from '../../../lib/ports.ts';
import { note } from './notes.ts';
import type { Stage } from './stage.ts';

/** The buckets of snapshots as their adapter tells them: directories are those in which something lies. */
export const createSnapshotFiles = ({
  sim,
  snapshots,
  notes,
}: Pick<Stage, 'sim' | 'snapshots' | 'notes'>): SnapshotFiles => {
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
      const left = under(`${path}/`);
      // There may be more than one call gets through.
      const isAll = sim.phase !== 'trouble' || sim.random.chance(0.8);
      const going = isAll ? left : left.slice(0, 1);
      for (const each of going) snapshots.lose(each.path, 'whole');
      const gone = going.filter(({ complete }) => complete);
      note(notes, 'deletions', { atMs: sim.time.nowMs(), how: 'removal', path, invocation: sim.caller, gone });
      return isAll;
    },
    newest: async () => undefined,
    expiry: async () => undefined,
  };
};

const METADATA_BYTES = 4_096;
