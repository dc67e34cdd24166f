import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange, Recording } from './recording.ts';

/**
 * Answers as Flink did: to each method and path the next of its recorded answers, and the last one again when there are
 * no more. What was never asked in the recording is answered 599, and `url` carries nothing else.
 */
export const startReplay = async ({ exchanges }: Recording): Promise<Replay> => {
  const used = new Set<Exchange>();
  const next = (method: string, path: string): Exchange | undefined => {
    const same = exchanges.filter((one) => one.method === method && one.path === path);
    const found = same.find((one) => !used.has(one)) ?? same.at(-1);
    if (found !== undefined) used.add(found);
    return found;
  };
  const server = createServer((request, response) =>
    answer(next(request.method ?? '', request.url ?? ''), request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    unused: () => exchanges.filter((one) => !used.has(one)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export type Replay = {
  readonly url: string;
  /** What the recording holds and nobody asked for. */
  unused(): readonly Exchange[];
  close(): Promise<void>;
};

const answer = (exchange: Exchange | undefined, request: IncomingMessage, response: ServerResponse): void => {
  // An answer before the whole request was read would break the connection under the client.
  request.resume().once('end', () => {
    if (exchange === undefined) {
      response.writeHead(599).end(`not in the recording: ${request.method} ${request.url}`);
      return;
    }
    if (exchange.answer === 'unanswered') return;
    if (exchange.answer === 'broken') {
      request.socket.destroy();
      return;
    }
    const { status, contentType, text } = exchange.answer;
    response.writeHead(status, { 'content-type': contentType }).end(text);
  });
};
