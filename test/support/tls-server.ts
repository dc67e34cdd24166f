import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** A certificate or key of test/fixtures/tls. */
export const pem = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');

/** An HTTPS server on 127.0.0.1 with the certificate of that name. */
export const startTlsServer = async (
  name: string,
  listener: RequestListener,
  more: TlsOptions = {},
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const server = createServer({ cert: pem(name), key: pem(`${name}-key`), ...more }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `https://127.0.0.1:${port}`, close };
};
