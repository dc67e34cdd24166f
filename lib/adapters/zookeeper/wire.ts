/** The few messages of ZooKeeper's protocol that a reader needs (jute: numbers are big-endian, text and bytes have their length before them). */

/** Asks for a session that ends by itself after `timeoutMs` without a word. The first message of a connection, without a header. */
export const connectMessage = (timeoutMs: number): Buffer =>
  Buffer.concat([int(0), ZERO_LONG, int(timeoutMs), ZERO_LONG, bytes(Buffer.alloc(16)), Buffer.from([0])]);

/** `scheme` and `auth` are what addAuthInfo takes: `digest` and `user:password`. */
export const authMessage = (scheme: string, auth: string): Buffer =>
  Buffer.concat([int(AUTH_XID), int(100), int(0), text(scheme), text(auth)]);

/** Later reads of this connection see all that was written to the ensemble before. */
export const syncMessage = (xid: number, path: string): Buffer => Buffer.concat([int(xid), int(9), text(path)]);

/** The bytes of a node. */
export const dataMessage = (xid: number, path: string): Buffer =>
  Buffer.concat([int(xid), int(4), text(path), NO_WATCH]);

/** The names of a node's children. */
export const childrenMessage = (xid: number, path: string): Buffer =>
  Buffer.concat([int(xid), int(8), text(path), NO_WATCH]);

/** Ends the session, and the server the connection. */
export const closeMessage = (xid: number): Buffer => Buffer.concat([int(xid), int(-11)]);

/** What an answer to authMessage carries in place of a number of its own. */
export const AUTH_XID = -4;

/** Error codes of answers. */
export const errors = { noNode: -101, noAuth: -102, authFailed: -115 } as const;

/** What was said with which error (0 = none); `body` is what follows. Throws RangeError when it is cut short. */
export const readAnswer = (frame: Buffer): { readonly xid: number; readonly error: number; readonly body: Buffer } => ({
  xid: frame.readInt32BE(0),
  error: frame.readInt32BE(12),
  body: frame.subarray(16),
});

/** The bytes at the beginning of a body; none for a length of -1. Throws RangeError when it is cut short. */
export const readBytes = (body: Buffer): Buffer => {
  const length = Math.max(0, body.readInt32BE(0));
  if (body.length < 4 + length) throw new RangeError('cut short');
  return body.subarray(4, 4 + length);
};

/** When the node of a `dataMessage` was made: its transaction and its time, as hex. What is made anew has another. Throws RangeError when it is cut short. */
export const readBirth = (body: Buffer): string => {
  const stat = body.subarray(4 + readBytes(body).length);
  if (stat.length < STAT_BYTES) throw new RangeError('cut short');
  return Buffer.concat([stat.subarray(0, 8), stat.subarray(16, 24)]).toString('hex');
};

/** The texts of a body. Throws RangeError when it is cut short. */
export const readTexts = (body: Buffer): readonly string[] => {
  const count = body.readInt32BE(0);
  const texts: string[] = [];
  let at = 4;
  while (texts.length < count) {
    const read = readBytes(body.subarray(at));
    texts.push(read.toString('utf8'));
    at += 4 + read.length;
  }
  return texts;
};

/** A message with its length before it, as it goes over the connection. */
export const framed = (message: Buffer): Buffer => bytes(message);

/** czxid, mzxid, ctime, mtime, three versions, the owner's session, two counts, pzxid. */
const STAT_BYTES = 68;
const ZERO_LONG = Buffer.alloc(8);
const NO_WATCH = Buffer.from([0]);

const int = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};

const bytes = (value: Buffer): Buffer => Buffer.concat([int(value.length), value]);

const text = (value: string): Buffer => bytes(Buffer.from(value, 'utf8'));
