import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';

/** Stands between Flink and the S3 of the world: `answer` says what becomes of each call. Give the tasks `setting`. */
export const startS3Proxy = async ({ client, subnet }: World, answer: Answer): Promise<S3Proxy> => {
  const server = createServer((incoming, outgoing) =>
    answer(incoming, outgoing, (url = incoming.url ?? '') =>
      forward(new URL(url, client.endpoint), incoming, outgoing),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, `${subnet}.1`, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    setting: [`s3.bucket.${BUCKET}.endpoint`, `http://${subnet}.1:${port}`],
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** `pass`: sends the call on, to another path where one is given. */
type Answer = (incoming: IncomingMessage, outgoing: ServerResponse, pass: (url?: string) => void) => void;

export type S3Proxy = {
  /** Key and value of Flink's configuration. */
  readonly setting: readonly [string, string];
  close(): void;
};

const forward = (to: URL, incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const { method, headers } = incoming;
  const onward = request(to, { agent: false, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.on('close', () => {
    if (!incoming.complete) onward.destroy(); // whoever sent it is gone
  });
  incoming.pipe(onward);
};
