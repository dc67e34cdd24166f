import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { World } from '../../../local/world.ts';
import type { Task } from './stage.ts';

/**
 * Stands in front of every JobManager, on its own address at another port, and passes everything on: but the next calls
 * that run a jar can be made to end badly.
 */
export const startRunProxy = (world: World, port: number): RunProxy => {
  const { calls, ...proxy } = startProxy(world, port, RUN, (_url, { jobId = '' }) => ({ jobId }));
  return { ...proxy, runs: calls };
};

/** The same of the calls that stop a job with a savepoint. */
export const startStopProxy = (world: World, port: number): StopProxy => {
  const { calls, ...proxy } = startProxy(world, port, STOP, (url, { triggerId = '' }) => ({
    jobId: url.split('/').at(-2) ?? '',
    triggerId,
  }));
  return { ...proxy, stops: calls };
};

/** Of the calls to `which` each is kept as `told` tells it. */
const startProxy = <T>(world: World, port: number, which: RegExp, told: (url: string, body: Body) => T): Proxy<T> => {
  const servers = new Map<string, Server>();
  const calls: (T & { readonly fate: Fate })[] = [];
  const jarCalls: string[] = [];
  const fates: Fate[] = [];
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const host = incoming.socket.localAddress ?? '';
    if (incoming.url?.startsWith('/jars')) jarCalls.push(`${incoming.method} ${incoming.url}`);
    const { url = '' } = incoming;
    if (!which.test(url)) return void forward(host, incoming, incoming, outgoing);
    const body = await textOf(incoming);
    const fate = fates.shift() ?? 'answered';
    calls.push({ ...told(url, JSON.parse(body) as Body), fate });
    if (fate === 'request lost') return void incoming.socket.destroy();
    forward(host, incoming, body, fate === 'answered' ? outgoing : undefined, () => {
      if (fate === 'reply lost') incoming.socket.destroy();
    });
  };
  const follow = ({ role, address, lastStatus }: Task): void => {
    if (role !== 'jobmanager') return;
    if (lastStatus === 'STOPPED') {
      servers.get(address)?.closeAllConnections();
      servers.get(address)?.close();
      servers.delete(address);
    } else if (!servers.has(address)) {
      servers.set(address, createServer(pass).listen(port, address));
    }
  };
  world.agent.onTask(follow);
  return { calls, jarCalls, next: (...what) => void fates.push(...what), close: () => closeAll(servers) };
};

/** What becomes of a call: `reply lost` closes the connection when Flink has answered, `never answered` keeps it open. */
export type Fate = 'answered' | 'reply lost' | 'never answered' | 'request lost';

export type RunCall = { readonly jobId: string; readonly fate: Fate };

export type StopCall = RunCall & { readonly triggerId: string };

/** `runs`: every call to run a jar so far. */
export type RunProxy = Controls & { readonly runs: readonly RunCall[] };

/** `stops`: every call to stop a job so far. */
export type StopProxy = Controls & { readonly stops: readonly StopCall[] };

type Proxy<T> = Controls & { readonly calls: readonly (T & { readonly fate: Fate })[] };

type Body = { readonly jobId?: string; readonly triggerId?: string };

type Controls = {
  /** Every call that speaks of jars so far: method and path. */
  readonly jarCalls: readonly string[];
  /** What is to become of the next calls, in order; those after them are answered. */
  next(...fates: Fate[]): void;
  close(): void;
};

const RUN = /^\/(v1\/)?jars\/[^/]+\/run$/;
const STOP = /^\/(v1\/)?jobs\/[^/]+\/stop$/;
const REST_PORT = 8081;

const textOf = async (incoming: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const part of incoming.setEncoding('utf8')) text += part;
  return text;
};

/** Passes a call on to Flink; without `outgoing` the answer is taken and dropped. `answered` is called when all of it came. */
const forward = (
  host: string,
  { method, url, headers, socket }: IncomingMessage,
  body: IncomingMessage | string,
  outgoing: ServerResponse | undefined,
  answered = (): void => {},
): void => {
  const onward = request({ host, port: REST_PORT, method, path: url, headers }, (answer) => {
    outgoing?.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('data', (part) => outgoing?.write(part));
    answer.on('error', () => socket.destroy());
    answer.on('end', () => {
      outgoing?.end();
      answered();
    });
  });
  onward.on('error', () => socket.destroy()); // as nobody listened, or as the JobManager's own end
  if (typeof body === 'string') onward.end(body);
  else body.pipe(onward);
};

const closeAll = (servers: Map<string, Server>): void => {
  for (const server of servers.values()) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
};
