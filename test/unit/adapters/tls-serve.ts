import type { RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import { startTlsServer } from '../../support/tls-server.ts';

/** A TLS server that counts the requests that reach it. */
export const serve = async (
  name: string,
  more: TlsOptions = {},
  listener: RequestListener = (_, response) => response.end('{}'),
) => {
  const requests: string[] = [];
  const server = await startTlsServer(
    name,
    (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      listener(request, response);
    },
    more,
  );
  onTestFinished(server.close);
  return { ...server, requests };
};

/** Lets the server listen, until the test is over. */
export const portOf = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
