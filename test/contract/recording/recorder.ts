import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './recording.ts';

/** A proxy in front of a Flink that keeps what was asked and answered; `clean` takes out what belongs to this machine. */
export const startRecorder = async (port: number, clean: (text: string) => string): Promise<Recorder> => {
  let exchanges: Exchange[] = [];
  const keep = (exchange: Exchange) => {
    const last = exchanges.at(-1);
    // Polling gives the same answer many times; the replay repeats the last one anyway.
    const polled = exchange.method === 'GET';
    if (!polled || without(CLOCKS, last) !== without(CLOCKS, exchange)) exchanges.push(exchange);
  };
  const server = createServer((request, response) => forward(port, clean, keep, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    take: () => {
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** What differs in each answer, in the text of an answer that is a text itself. */
const CLOCKS = /\\"(?:now|duration)\\":\d+/g;
const without = (what: RegExp, exchange: Exchange | undefined): string | undefined =>
  JSON.stringify(exchange)?.replace(what, '');

export type Recorder = {
  readonly url: string;
  /** What was recorded since it was last taken. */
  take(): readonly Exchange[];
  close(): Promise<void>;
};

const forward = async (
  port: number,
  clean: (text: string) => string,
  keep: (exchange: Exchange) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { method = '', url: path = '', headers } = request;
  const body = await bytesOf(request);
  const sent = headers['content-type'] === 'application/json' ? { request: JSON.parse(body.toString()) } : {};
  const done = (answer: Exchange['answer']) => keep({ method, path, ...sent, answer });
  response.once('close', () => {
    if (!response.writableEnded) done('unanswered');
  });
  try {
    const { status, contentType, text } = await ask(port, method, path, headers['content-type'], body);
    if (response.destroyed) return;
    done({ status, contentType, text: clean(text) });
    response.writeHead(status, { 'content-type': contentType }).end(text);
  } catch (thrown) {
    const refused = thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNREFUSED';
    response.removeAllListeners('close');
    if (!refused) done('broken');
    request.socket.destroy();
  }
};

const ask = (port: number, method: string, path: string, contentType: string | undefined, body: Buffer) =>
  new Promise<{ status: number; contentType: string; text: string }>((resolve, reject) => {
    const headers = {
      'content-length': body.length,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    const request = send({ host: '127.0.0.1', port, method, path, headers, agent: false }, async (answer) => {
      const text = (await bytesOf(answer).catch(reject))?.toString() ?? '';
      resolve({ status: answer.statusCode ?? 0, contentType: answer.headers['content-type'] ?? '', text });
    });
    request.once('error', reject).end(body);
  });

const bytesOf = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
