import { expect, test } from 'vitest';
import { checkpointIdIn } from '../../../lib/adapters/snapshot-head.ts';

const head = ({ magic = 0x4960672d, version = 4, id = 7n }) => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(magic, 0);
  bytes.writeInt32BE(version, 4);
  bytes.writeBigInt64BE(id, 8);
  return bytes;
};

test.each([
  [{}, 7],
  [{ version: 2 }, 7],
  [{ version: 99 }, 7],
  [{ id: 0n }, 0],
  [{ id: BigInt(Number.MAX_SAFE_INTEGER) }, Number.MAX_SAFE_INTEGER],
])('the head with %o tells the checkpoint id %i', (parts, id) => {
  expect(checkpointIdIn(head(parts), 's3://b/chk-7')).toBe(id);
});

test.each([
  [head({ magic: 0x4960672c }), "does not begin with Flink's magic number"],
  [head({ version: 1 }), 'is of the unknown version 1'],
  [head({ version: -1 }), 'is of the unknown version -1'],
  [head({ id: -1n }), 'has the checkpoint id -1'],
  [head({ id: BigInt(Number.MAX_SAFE_INTEGER) + 1n }), 'has the checkpoint id 9007199254740992'],
  [head({}).subarray(0, 15), 'ends after 15 bytes'],
  [Buffer.alloc(0), 'ends after 0 bytes'],
])('the head %o is corrupt: it %s', (bytes, why) => {
  expect(() => checkpointIdIn(bytes, 's3://b/chk-7')).toThrow(
    expect.objectContaining({ code: 'SNAPSHOT_CORRUPT', message: `s3://b/chk-7/_metadata ${why}` }),
  );
});
