import { Fault } from '../core/errors.ts';

/** The first bytes of a `_metadata` file: magic number, version and checkpoint id (Flink's Checkpoints.storeCheckpointMetadata, 1.3 to 2.3). */
export const HEAD_BYTES = 16;

/** The checkpoint id in `head`. `invalid` SNAPSHOT_CORRUPT: too short, or no metadata of Flink's. */
export const checkpointIdIn = (head: Buffer, path: string): number => {
  if (head.length < HEAD_BYTES) throw corrupt(path, `ends after ${head.length} bytes`);
  if (head.readUInt32BE(0) !== MAGIC) throw corrupt(path, "does not begin with Flink's magic number");
  if (head.readInt32BE(4) < VERSION_MIN) throw corrupt(path, `is of the unknown version ${head.readInt32BE(4)}`);
  const id = head.readBigInt64BE(8);
  if (id < 0n || id > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(path, `has the checkpoint id ${id}`);
  return Number(id);
};

export const corrupt = (path: string, why: string): Fault =>
  new Fault('invalid', 'SNAPSHOT_CORRUPT', `${path}/_metadata ${why}`, { context: { path } });

const MAGIC = 0x4960672d;
/** The first with this head; newer ones only add to what follows it. */
const VERSION_MIN = 2;
