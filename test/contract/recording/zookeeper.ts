import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { framesOf } from '../../../lib/adapters/zookeeper/frames.ts';
import { framed } from '../../../lib/adapters/zookeeper/wire.ts';
import type { FlinkVersion } from '../../../local/install/flink.ts';

/** What one session asked and a real ZooKeeper answered, message by message in hex, without their lengths. */
export type ZooKeeperRecording = {
  /** Flink's version, and the command that made this file. */
  readonly flink: string;
  readonly command: string;
  readonly case: string;
  readonly exchanges: readonly ZooKeeperExchange[];
};

export type ZooKeeperExchange = { readonly asked: string; readonly answered: string };

/** The file of a case. */
export const leaderFile = (version: FlinkVersion, name: string): URL => {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return new URL(`../../fixtures/zookeeper/${version}/${slug}.json`, import.meta.url);
};

/** The recording of a case. */
export const readLeaderRecording = (version: FlinkVersion, name: string): ZooKeeperRecording =>
  JSON.parse(readFileSync(leaderFile(version, name), 'utf8'));

/** A proxy in front of a ZooKeeper at `quorum` that keeps what the newest session asked and was answered. */
export const startZooKeeperRecorder = async (
  quorum: string,
): Promise<ZooKeeperStand & { take(): ZooKeeperExchange[] }> => {
  let exchanges: ZooKeeperExchange[] = [];
  const [host = '', port = ''] = quorum.split(':');
  const stand = await serve(async (client) => {
    exchanges = [];
    const server = connect({ host, port: Number(port) });
    server.on('error', () => client.destroy());
    const answers = framesOf(server);
    for await (const asked of framesOf(client)) {
      server.write(framed(asked));
      const { value: answered } = await answers.next();
      if (answered === undefined) break;
      client.write(framed(answered));
      if (!isLeave(asked)) exchanges.push({ asked: asked.toString('hex'), answered: answered.toString('hex') });
    }
    server.destroy();
  });
  return { ...stand, take: () => exchanges };
};

/** Answers each session as the ZooKeeper did; who asks something else is hung up on. */
export const startZooKeeperReplay = ({ exchanges }: Pick<ZooKeeperRecording, 'exchanges'>): Promise<ZooKeeperStand> =>
  serve(async (client) => {
    let at = 0;
    for await (const asked of framesOf(client)) {
      const exchange = exchanges[at];
      at += 1;
      if (exchange?.asked !== asked.toString('hex')) break;
      client.write(framed(Buffer.from(exchange.answered, 'hex')));
    }
    client.destroy();
  });

/** Something that listens as a ZooKeeper would. */
export type ZooKeeperStand = { readonly quorum: string; close(): Promise<void> };

const serve = async (session: (client: Socket) => Promise<void>): Promise<ZooKeeperStand> => {
  const clients = new Set<Socket>();
  const server: Server = createServer((client) => {
    clients.add(client);
    client.on('error', () => {});
    session(client).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    quorum: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    close: async () => {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Who leaves does not wait for an answer, so whether there is one is chance. */
const isLeave = (asked: Buffer): boolean => asked.length === 8;
