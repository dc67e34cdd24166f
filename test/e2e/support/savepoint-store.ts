import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../../../local/world.ts';
import { type S3Proxy, startS3Proxy } from './s3-proxy.ts';

/**
 * Passes every call to the S3 of the world on, but what completes a savepoint (its `_metadata`), or another snapshot below
 * `folder`, can be held up, or refused. Give the JobManagers `setting`.
 */
export const openSavepointStore = async (world: World, folder = 'savepoints'): Promise<SavepointStore> => {
  const last = new RegExp(`/${folder}/[^?]*/_metadata(\\?|$)`);
  const held: (() => void)[] = [];
  let mood: Mood = 'well';
  let written = 0;
  const proxy = await startS3Proxy(world, (incoming, outgoing, pass) => {
    const isLast = incoming.method === 'PUT' && last.test(incoming.url ?? '');
    if (isLast) written += 1;
    if (isLast && mood === 'refusing') refuse(incoming, outgoing);
    else if (isLast && mood === 'slow') held.push(pass);
    else pass();
  });
  const become = (next: Mood): void => {
    mood = next;
    if (mood === 'well') for (const goOn of held.splice(0)) goOn();
  };
  return {
    setting: proxy.setting,
    become,
    written: () => written,
    close: () => {
      become('well');
      proxy.close();
    },
  };
};

/** `slow`: until it is `well` again. */
export type Mood = 'well' | 'slow' | 'refusing';

export type SavepointStore = S3Proxy & {
  become(mood: Mood): void;
  /** How many savepoints were about to be completed so far. */
  written(): number;
};

const refuse = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  incoming.resume();
  const text = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  outgoing.writeHead(403, { 'content-type': 'application/xml' }).end(text);
};
