import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';

/**
 * Stands between the JobManagers and the S3 of the world and passes everything on, but what completes a savepoint (its
 * `_metadata`), or another snapshot below `folder`, can be held up, or refused. Give the JobManagers `setting`.
 */
export const openSavepointStore = async ({ client, subnet }: World, folder = 'savepoints'): Promise<SavepointStore> => {
  const last = new RegExp(`/${folder}/[^?]*/_metadata(\\?|$)`);
  const held: (() => void)[] = [];
  let mood: Mood = 'well';
  let written = 0;
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const isLast = incoming.method === 'PUT' && last.test(incoming.url ?? '');
    if (isLast) written += 1;
    if (isLast && mood === 'refusing') refuse(incoming, outgoing);
    else if (isLast && mood === 'slow') held.push(() => forward(client.endpoint, incoming, outgoing));
    else forward(client.endpoint, incoming, outgoing);
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, `${subnet}.1`, resolve));
  const { port } = server.address() as AddressInfo;
  const become = (next: Mood): void => {
    mood = next;
    if (mood === 'well') for (const goOn of held.splice(0)) goOn();
  };
  return {
    setting: [`s3.bucket.${BUCKET}.endpoint`, `http://${subnet}.1:${port}`],
    become,
    written: () => written,
    close: () => {
      become('well');
      server.closeAllConnections();
      server.close();
    },
  };
};

/** `slow`: until it is `well` again. */
export type Mood = 'well' | 'slow' | 'refusing';

export type SavepointStore = {
  /** Key and value of Flink's configuration. */
  readonly setting: readonly [string, string];
  become(mood: Mood): void;
  /** How many savepoints were about to be completed so far. */
  written(): number;
  close(): void;
};

const refuse = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  incoming.resume();
  const text = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  outgoing.writeHead(403, { 'content-type': 'application/xml' }).end(text);
};

const forward = (endpoint: string, incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const { method, url = '', headers } = incoming;
  const onward = request(new URL(url, endpoint), { agent: false, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.on('close', () => {
    if (!incoming.complete) onward.destroy(); // whoever sent it is gone
  });
  incoming.pipe(onward);
};
