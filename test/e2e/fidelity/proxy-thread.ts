import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { AwsClient } from '../../../local/aws.ts';
import { record } from './recording.ts';

/** The proxy itself: bodies stream through it in both directions, that of the request is kept beside. */
const { services, file } = workerData as { services: AwsClient; file: string };

const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const atMs = Date.now();
  const { method = '', url = '', headers, socket } = incoming;
  const parts: Buffer[] = [];
  const tell = (status: number): void => {
    const caller = String(headers['x-amz-security-token'] ?? '');
    const service = /Credential=(?:[^/]*\/){3}([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
    const body = Buffer.concat(parts).toString('utf8');
    record(file, { kind: 'call', atMs, caller, service, method, url, headers: toldHeaders(headers), body, status });
  };
  const upstream = new URL(isEcs(headers) ? services.ecsEndpoint : services.endpoint);
  // A connection each: one that is kept may be closed by the service just when it is used again.
  const own = { host: upstream.host, connection: 'close' };
  const onward = request(upstream, { agent: false, method, path: url, headers: { ...headers, ...own } });
  onward.on('response', (answer) => {
    tell(answer.statusCode ?? 0);
    const { connection: _ofIt, ...told } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, told);
    answer.on('error', () => socket.destroy());
    answer.pipe(outgoing);
  });
  onward.on('error', () => {
    if (!outgoing.headersSent) tell(0);
    socket.destroy(); // as nobody listened, or as the service's own end
  });
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) onward.destroy(); // the function gave up
  });
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.pipe(onward);
};

const isEcs = (headers: IncomingHttpHeaders): boolean =>
  String(headers['x-amz-target']).startsWith('AmazonEC2ContainerService');

const UNTOLD = ['authorization', 'x-amz-security-token'];

const toldHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !UNTOLD.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );

const server = createServer(pass).listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
server.keepAliveTimeout = 0; // never closed under a function: that would look like a fault of AWS
