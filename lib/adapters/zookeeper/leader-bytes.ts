import { Fault } from '../../core/errors.ts';

/** Who leads, as Flink writes it: the address of the component, and the id of this leadership, which is new each time. */
export type WrittenLeader = { readonly address: string; readonly session: string };

/**
 * Reads a `connection_info` of Flink's: what Java's ObjectOutputStream makes of writeUTF(address) and writeObject(UUID). undefined: nobody
 * leads. Whatever differs from that in a single byte is not read at all: `invalid` LEADER_UNPARSABLE.
 */
export const readLeaderBytes = (bytes: Buffer): WrittenLeader | undefined => {
  if (bytes.length === 0) return undefined;
  const start = startOf(bytes);
  const textAt = start + 2;
  const uuidAt = textAt + bytes.readUInt16BE(start);
  if (bytes.length !== uuidAt + UUID_HEAD.length + 16 || lengthOf(bytes) !== uuidAt - start) throw unparsable();
  if (!bytes.subarray(uuidAt, uuidAt + UUID_HEAD.length).equals(UUID_HEAD)) throw unparsable();
  const address = bytes.toString('utf8', textAt, uuidAt);
  // Fields come by their names: the least significant half first.
  const [least, most] = [bytes.subarray(-16, -8), bytes.subarray(-8)].map((half) => half.toString('hex'));
  const session = `${most}${least}`.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { address, session };
};

/** Where the block of primitive data begins: its length takes one byte or four. */
const startOf = (bytes: Buffer): number => {
  if (bytes.length < SHORTEST || bytes.readUInt32BE(0) !== STREAM) throw unparsable();
  if (bytes[4] === BLOCK) return 6;
  if (bytes[4] === LONG_BLOCK) return 9;
  throw unparsable();
};

const lengthOf = (bytes: Buffer): number => (bytes[4] === BLOCK ? bytes.readUInt8(5) : bytes.readUInt32BE(5));

const unparsable = (): Fault =>
  new Fault(
    'invalid',
    'LEADER_UNPARSABLE',
    'what stands in ZooKeeper where Flink writes its leader is not of Flink’s making',
  );

/** Magic number and version of Java's serialization. */
const STREAM = 0xaced0005;
const BLOCK = 0x77;
const LONG_BLOCK = 0x7a;
/** The class java.util.UUID with its two fields, up to their values. */
const UUID_HEAD = Buffer.from(
  '7372000e6a6176612e7574696c2e55554944bc9903f7986d852f0200024a000c6c65617374536967426974734a000b6d6f7374536967426974737870',
  'hex',
);
/** With an empty address. */
const SHORTEST = 8 + UUID_HEAD.length + 16;
