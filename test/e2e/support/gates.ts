import { connect, createServer, type Server, type Socket } from 'node:net';
import type { World } from '../../../local/world.ts';
import type { Task } from './stage.ts';

/**
 * Ways to the JobManagers' REST and, if there is one, to ZooKeeper that can be cut and mended, for the functions alone: Flink
 * itself goes past them. What is cut is silent, as a vanished address or a security group is.
 */
export const openGates = async (world: World): Promise<Gates> => {
  const cut = new Set<Way>();
  const sockets = { jobmanagers: new Set<Socket>(), zookeeper: new Set<Socket>() };
  const servers = new Map<string, Server>();
  const listen = async (way: Way, address: string, port: number, target: Target): Promise<number> => {
    const server = createServer((incoming) => pass(incoming, target, sockets[way], () => cut.has(way)));
    servers.set(`${way} ${address}`, server);
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    const at = server.address();
    return typeof at === 'object' && at !== null ? at.port : port;
  };
  const host = `${world.subnet}.1`;
  const [zkHost = '', zkPort = ''] = world.zookeeper?.quorum.split(':') ?? [];
  const quorumPort = await listen('zookeeper', host, 0, { host: zkHost, port: Number(zkPort) });
  // A free one here is free at each JobManager's address, too.
  const restPort = await listen('jobmanagers', host, 0, { host, port: 0 });
  const follow = ({ role, address, lastStatus }: Task): void => {
    if (role !== 'jobmanager' || address === '') return;
    const name = `jobmanagers ${address}`;
    if (lastStatus === 'STOPPED') {
      servers.get(name)?.close();
      servers.delete(name);
    } else if (!servers.has(name)) void listen('jobmanagers', address, restPort, { host: address, port: REST_PORT });
  };
  world.agent.onTask(follow);
  return {
    restPort,
    quorum: `${host}:${quorumPort}`,
    cut: (way) => {
      cut.add(way);
      for (const socket of sockets[way]) socket.destroy();
    },
    mend: (way) => void cut.delete(way),
    close: () => {
      for (const server of servers.values()) server.close();
      for (const all of Object.values(sockets)) for (const socket of all) socket.destroy();
    },
  };
};

export type Way = 'jobmanagers' | 'zookeeper';

export type Gates = {
  /** Of the JobManagers' REST, in place of Flink's own. */
  readonly restPort: number;
  /** In place of ZooKeeper's own. */
  readonly quorum: string;
  /** From now on nobody who goes this way is answered. */
  cut(way: Way): void;
  mend(way: Way): void;
  close(): void;
};

type Target = { readonly host: string; readonly port: number };

const REST_PORT = 8081;

const pass = (incoming: Socket, target: Target, all: Set<Socket>, isCut: () => boolean): void => {
  all.add(incoming);
  incoming.on('close', () => all.delete(incoming));
  incoming.on('error', () => {}); // it closes then, too
  if (isCut()) return;
  const outgoing = connect(target);
  all.add(outgoing);
  outgoing.on('close', () => {
    all.delete(outgoing);
    incoming.destroy();
  });
  outgoing.on('error', () => {});
  incoming.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing).pipe(incoming);
};
