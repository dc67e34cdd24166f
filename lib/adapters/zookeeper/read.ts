import { connect, type Socket } from 'node:net';
import { asFault, Fault } from '../../core/errors.ts';
import { framesOf } from './frames.ts';
import {
  AUTH_XID,
  authMessage,
  childrenMessage,
  closeMessage,
  connectMessage,
  dataMessage,
  errors,
  framed,
  readAnswer,
  readBirth,
  readBytes,
  readTexts,
  syncMessage,
} from './wire.ts';

/** `host:port` of each server, and who reads: `user:password`. */
export type Ensemble = { readonly servers: readonly string[]; readonly digest?: string };

/** What is read within one session; undefined: there is no such node. All of it is as new as the session. */
export type Reads = {
  data(path: string): Promise<Buffer | undefined>;
  children(path: string): Promise<readonly string[] | undefined>;
  /** What tells the node from any other that ever had its path. */
  birth(path: string): Promise<string | undefined>;
};

/**
 * Reads in a session of its own on each server at once; the first that comes through counts, whatever the others do. Nothing is left of
 * it but sessions that end within seconds. Faults: `transient` LEADER_UNREACHABLE, `rejected` LEADER_DENIED, `invalid` LEADER_UNPARSABLE.
 */
export const readZooKeeper = async <T>(
  { servers, digest }: Ensemble,
  leftMs: number,
  read: (reads: Reads) => Promise<T>,
): Promise<T> => {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), leftMs);
  const tries = servers.map((server) => readOne(server, digest, over.signal, read));
  try {
    return await Promise.any(tries);
  } catch {
    throw await worstOf(tries);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
};

/** What somebody has to change is told before what may pass. */
const worstOf = async (tries: readonly Promise<unknown>[]): Promise<Fault> => {
  const results = await Promise.allSettled(tries);
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [asFault(result.reason)] : []));
  const [first] = faults;
  return (
    faults.find(({ kind }) => kind !== 'transient') ??
    first ??
    new Fault('invalid', 'LEADER_UNPARSABLE', 'no ZooKeeper server is named')
  );
};

const readOne = async <T>(
  server: string,
  digest: string | undefined,
  over: AbortSignal,
  read: (reads: Reads) => Promise<T>,
): Promise<T> => {
  const colon = server.lastIndexOf(':');
  const socket = connect({ host: server.slice(0, colon), port: Number(server.slice(colon + 1)) });
  const giveUp = () => socket.destroy(unreachable(server, 'no answer in time'));
  over.addEventListener('abort', giveUp, { once: true });
  socket.on('error', () => {}); // told by the read that meets it
  try {
    const value = await read(await openSession(socket, digest));
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.end(framed(closeMessage(CLOSE_XID)));
    return value;
  } catch (thrown) {
    socket.destroy();
    if (thrown instanceof Fault) throw thrown;
    throw unreachable(server, thrown instanceof Error ? thrown.message : String(thrown), thrown);
  } finally {
    over.removeEventListener('abort', giveUp);
  }
};

const openSession = async (socket: Socket, digest: string | undefined): Promise<Reads> => {
  const frames = framesOf(socket);
  const ask = async (message: Buffer): Promise<Buffer> => {
    socket.write(framed(message));
    const { value } = await frames.next();
    if (value === undefined) throw new Error('the server ended the connection');
    return value;
  };
  let xid = 0;
  const request = async (make: (xid: number) => Buffer, expected?: number): Promise<Buffer | undefined> => {
    xid += 1;
    const frame = await ask(make(xid));
    return bodyOf(frame, expected ?? xid);
  };
  await ask(connectMessage(SESSION_MS));
  if (digest !== undefined) await request(() => authMessage('digest', digest), AUTH_XID);
  await request((id) => syncMessage(id, '/'));
  const parsed = async <T>(make: (xid: number) => Buffer, parse: (body: Buffer) => T): Promise<T | undefined> => {
    const body = await request(make);
    return body === undefined ? undefined : parseOr(body, parse);
  };
  return {
    data: (path) => parsed((id) => dataMessage(id, path), readBytes),
    birth: (path) => parsed((id) => dataMessage(id, path), readBirth),
    children: (path) => parsed((id) => childrenMessage(id, path), readTexts),
  };
};

const bodyOf = (frame: Buffer, expected: number): Buffer | undefined => {
  const { xid, error, body } = parseOr(frame, readAnswer);
  if (xid !== expected) throw unparsable('an answer that belongs to another question');
  if (error === errors.noNode) return undefined;
  if (error === errors.noAuth || error === errors.authFailed)
    throw new Fault(
      'rejected',
      'LEADER_DENIED',
      'ZooKeeper does not let us read: `digest` in the manifest is missing or wrong',
    );
  if (error !== 0) throw new Fault('transient', 'LEADER_UNREACHABLE', `ZooKeeper answers with error ${error}`);
  return body;
};

const parseOr = <T>(bytes: Buffer, parse: (bytes: Buffer) => T): T => {
  try {
    return parse(bytes);
  } catch {
    throw unparsable('an answer that is cut short');
  }
};

const unparsable = (what: string): Fault => new Fault('invalid', 'LEADER_UNPARSABLE', `ZooKeeper sent ${what}`);

const unreachable = (server: string, why: string, cause?: unknown): Fault =>
  new Fault('transient', 'LEADER_UNREACHABLE', `ZooKeeper ${server}: ${why}`, { cause });

/** A session that its owner left ends after this, or after the least that the server grants. */
const SESSION_MS = 4_000;
/** For the server to take our leave and close. */
const LINGER_MS = 1_000;
const CLOSE_XID = 2_147_483_647;
