import type { Socket } from 'node:net';
import { Fault } from '../../core/errors.ts';

/** The messages that come over a connection, without their lengths. Throws what ends the connection, and `invalid` LEADER_UNPARSABLE. */
export async function* framesOf(socket: Socket): AsyncGenerator<Buffer, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of socket) {
    rest = Buffer.concat([rest, part]);
    for (let size = sizeOf(rest); size !== undefined; size = sizeOf(rest)) {
      yield rest.subarray(4, 4 + size);
      rest = rest.subarray(4 + size);
    }
  }
}

/** Of the first message, once all of it is there. */
const sizeOf = (rest: Buffer): number | undefined => {
  if (rest.length < 4) return undefined;
  const size = rest.readInt32BE(0);
  if (size < 0 || size > FRAME_BYTES_MAX)
    throw new Fault('invalid', 'LEADER_UNPARSABLE', 'what answers there does not speak as a ZooKeeper does');
  return rest.length < 4 + size ? undefined : size;
};

/** ZooKeeper's own limit of a message is 1 MB, and somebody may have raised it. */
const FRAME_BYTES_MAX = 8_000_000;
