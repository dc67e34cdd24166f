import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Told, toldOf } from './alerts.ts';

/** A receiver on this machine that refuses, as one should, what is not signed with `secret` and of this minute. */
export const startWebhook = async (secret: string): Promise<Webhook> => {
  const bodies: string[] = [];
  let refused = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const timestamp = String(request.headers['x-autopilot-timestamp']);
    const signature = `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
    const isOurs = request.headers['x-autopilot-signature'] === signature;
    if (isOurs && Math.abs(Date.now() / 1_000 - Number(timestamp)) < AGE_SECONDS_MAX) bodies.push(body);
    else refused += 1;
    response.writeHead(isOurs ? 204 : 401).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    told: () => bodies.map((body) => toldOf(JSON.parse(body))),
    refused: () => refused,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const AGE_SECONDS_MAX = 60;

export type Webhook = {
  readonly url: string;
  /** Everything that was told so far, in order. */
  told(): readonly Told[];
  /** How often something came that is not signed, or old. */
  refused(): number;
  close(): void;
};
