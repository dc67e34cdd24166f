import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AwsError, type Emulator } from '../emulator.ts';
import type { EcsApi } from './ecs-api.ts';

/** Serves ECS's JSON API: what the agent knows better is answered here, the rest goes to the emulator and back. */
export const serve = async (options: ServerOptions): Promise<Server> => {
  const server = createServer((request, response) => void answer(request, response, options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.port;
  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** A listening server. */
export type Server = { readonly url: string; close(): Promise<void> };

type ServerOptions = {
  readonly host: string;
  readonly port: number;
  readonly api: EcsApi;
  readonly emulator: Emulator;
  /** Called when a request was handed on: the desired state may be another now. */
  readonly forwarded: () => void;
};

const answer = async (request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> => {
  try {
    const body = await read(request);
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const own = Object.hasOwn(options.api, operation) ? options.api[operation] : undefined;
    if (own !== undefined) return send(response, 200, await own(parse(body)));
    response.once('finish', options.forwarded);
    options.emulator.forward(request, body, response);
  } catch (error) {
    const { code, message, status } =
      error instanceof AwsError ? error : new AwsError('ServerException', String(error), 500);
    send(response, status, { __type: code, message });
  }
};

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(body));
};

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
};
