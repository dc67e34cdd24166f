import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { World } from '../../../local/world.ts';
import { pem } from '../../support/tls-server.ts';
import { jobManagers, type Task } from './stage.ts';

/**
 * Stands in front of the JobManagers, speaks TLS as `flink.test` and lets in who knows the password: at one address of its
 * own, behind which always the newest JobManager is, and at that port on the address of each JobManager.
 */
export const openDoor = async (world: World, password: string): Promise<Door> => {
  const host = `${world.subnet}.1`;
  const servers = new Map<string, Server>();
  const calls: Call[] = [];
  let accepted = password;
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const at = incoming.socket.localAddress ?? '';
    const isLetIn = incoming.headers.authorization === basic(accepted);
    calls.push({ at: at === host ? 'url' : 'task', method: incoming.method ?? '', url: incoming.url ?? '', isLetIn });
    if (isLetIn) {
      forward(at === host ? newest(world) : at, incoming, outgoing);
      return;
    }
    incoming.resume();
    outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="Flink"' }).end();
  };
  const listen = async (address: string, port: number): Promise<number> => {
    const server = createServer({ cert: pem('server'), key: pem('server-key') }, answer);
    servers.set(address, server);
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(host, 0);
  world.agent.onTask(({ role, address, lastStatus }: Task) => {
    if (role !== 'jobmanager') return;
    if (lastStatus === 'STOPPED') shut(servers, address);
    else if (!servers.has(address)) void listen(address, port);
  });
  return {
    url: `https://${host}:${port}`,
    port,
    calls,
    accept: (next) => {
      accepted = next;
    },
    close: () => [...servers.keys()].forEach((address) => void shut(servers, address)),
  };
};

/** The name by which the door is asked. */
export const USERNAME = 'autopilot';

export type Call = {
  /** Which of its addresses was asked. */
  readonly at: 'url' | 'task';
  readonly method: string;
  readonly url: string;
  readonly isLetIn: boolean;
};

export type Door = {
  readonly url: string;
  readonly port: number;
  /** Every request so far. */
  readonly calls: readonly Call[];
  /** From now on this password is the right one. */
  accept(password: string): void;
  close(): void;
};

const REST_PORT = 8081;

export const basic = (password: string): string => `Basic ${Buffer.from(`${USERNAME}:${password}`).toString('base64')}`;

const newest = (world: World): string => jobManagers(world).at(-1)?.address ?? '';

const shut = (servers: Map<string, Server>, address: string): void => {
  servers.get(address)?.closeAllConnections();
  servers.get(address)?.close();
  servers.delete(address);
};

/** Nobody behind it is told as a load balancer tells it. */
const forward = (host: string, incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const { method, url, headers } = incoming;
  const onward = request({ host, port: REST_PORT, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
  incoming.pipe(onward);
};
