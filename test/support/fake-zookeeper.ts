import { createServer, type Socket } from 'node:net';
import { framesOf } from '../../lib/adapters/zookeeper/frames.ts';
import { AUTH_XID, errors, framed } from '../../lib/adapters/zookeeper/wire.ts';

/** A ZooKeeper with these nodes, for readers; `digest`: who does not say it may read nothing. */
export const startFakeZooKeeper = async ({
  nodes = {},
  digest,
  answer,
}: FakeZooKeeperOptions): Promise<FakeZooKeeper> => {
  const clients = new Set<Socket>();
  let sessions = 0;
  let left = 0;
  const server = createServer(async (client) => {
    clients.add(client);
    client.on('error', () => {});
    let known = digest === undefined;
    const frames = framesOf(client);
    const { value: hello } = await frames.next().catch(() => ({ value: undefined }));
    if (hello === undefined) return;
    sessions += 1;
    client.write(framed(Buffer.alloc(36)));
    try {
      for await (const asked of frames) {
        const { xid, type, said } = readAsked(asked);
        if (type === CLOSE) {
          left += 1;
          client.end();
          return;
        }
        if (type === AUTH) known = said === digest;
        const isDenied = type === READ_DATA && !known;
        const reply = replyOf(xid, type, isDenied ? [errors.noAuth, Buffer.alloc(0)] : answerOf(type, asked, nodes));
        client.write(framed(answer?.(reply, type) ?? reply));
      }
    } catch {
      client.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    server: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    sessions: () => ({ opened: sessions, left }),
    close: async () => {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export type FakeZooKeeperOptions = {
  /** Bytes by path; the children of a path are what lies right below it. */
  readonly nodes?: Readonly<Record<string, Buffer>>;
  readonly digest?: string;
  /** What is sent in place of an answer to a request of this type. */
  readonly answer?: (right: Buffer, type: number) => Buffer | undefined;
};

export type FakeZooKeeper = {
  readonly server: string;
  sessions(): { readonly opened: number; readonly left: number };
  close(): Promise<void>;
};

export const READ_DATA = 4;
const READ_CHILDREN = 8;
const AUTH = 100;
const CLOSE = -11;

/** `said`: of who tells who it is. */
const readAsked = (asked: Buffer): { readonly xid: number; readonly type: number; readonly said: string } => {
  const type = asked.readInt32BE(4);
  const said = type === AUTH ? asked.toString('utf8', 12 + 4 + asked.readInt32BE(12) + 4) : '';
  return { xid: asked.readInt32BE(0), type, said };
};

const replyOf = (xid: number, type: number, [error, body]: readonly [number, Buffer]): Buffer => {
  const head = Buffer.alloc(16);
  head.writeInt32BE(type === AUTH ? AUTH_XID : xid, 0);
  head.writeInt32BE(error, 12);
  return Buffer.concat([head, body]);
};

const answerOf = (type: number, asked: Buffer, nodes: Readonly<Record<string, Buffer>>): [number, Buffer] => {
  const path = asked.toString('utf8', 12, 12 + asked.readInt32BE(8));
  if (type === READ_DATA) {
    const isParent = Object.keys(nodes).some((each) => each.startsWith(`${path}/`));
    const bytes = nodes[path] ?? (isParent ? Buffer.alloc(0) : undefined);
    return bytes === undefined ? [errors.noNode, Buffer.alloc(0)] : [0, Buffer.concat([withLength(bytes), STAT])];
  }
  if (type !== READ_CHILDREN) return [0, Buffer.alloc(0)];
  const below = Object.keys(nodes).filter((each) => each.startsWith(`${path}/`));
  const names = [...new Set(below.map((each) => each.slice(path.length + 1).split('/')[0] ?? ''))];
  if (names.length === 0 && nodes[path] === undefined) return [errors.noNode, Buffer.alloc(0)];
  const count = Buffer.alloc(4);
  count.writeInt32BE(names.length);
  return [0, Buffer.concat([count, ...names.map((name) => withLength(Buffer.from(name)))])];
};

/** Made by transaction 7 at the moment 9. */
const STAT = Buffer.alloc(68);
STAT.writeBigInt64BE(7n, 0);
STAT.writeBigInt64BE(9n, 16);

const withLength = (bytes: Buffer): Buffer => framed(bytes);
