import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, isIP } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { Fault } from '../core/errors.ts';

/** Who is spoken to, and as whom; nothing in it is a reference any more. */
export type Target = {
  readonly url: string;
  /** Of an https URL: PEM texts, and the name in the certificate where it is not the URL's. */
  readonly tls?: { readonly serverName?: string; readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly headers?: Readonly<Record<string, string>>;
};

export type Agent = HttpAgent | HttpsAgent;

/** How far a connection of its own has come. */
export type Progress = { connected: boolean };

/** Idle connections older than this are not trusted: after a thaw of the Lambda the other side may be long gone. */
const IDLE_MS = 2_000;

/** To one JobManager at once: a look at hundreds of jobs by their ids must not open as many connections. */
const SOCKETS_MAX = 32;

/** Kept connections, those of each identity apart from all others. */
export const createPool = (nowMs: () => number): { agent(target: Target): Agent; close(): void } => {
  const pooled = new Map<string, { agent: Agent; usedMs: number }>();
  const dropIdle = () => {
    for (const [key, { agent, usedMs }] of pooled) {
      if (nowMs() - usedMs <= IDLE_MS) continue;
      // The idle ones only: another cluster's request may be under way on this agent.
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
      pooled.delete(key);
    }
  };
  return {
    agent: (target) => {
      dropIdle();
      // Of everything the agent brings to each of its connections, so that no host is asked with another one's name.
      const options = isTls(target) ? tlsOptions(target, hostOf(target)) : undefined;
      const key = JSON.stringify(options ?? 'http');
      const agent = pooled.get(key)?.agent ?? keeping(options);
      pooled.set(key, { agent, usedMs: nowMs() });
      return agent;
    },
    close: () => {
      for (const { agent } of pooled.values()) agent.destroy();
    },
  };
};

/**
 * One connection and never a second one: what is asked on it first and what is sent on it then reach the same process.
 * `free` tells after the first answer, and at the latest after `waitMs`, whether it is still there.
 */
export const singleConnection = (
  target: Target,
  progress: Progress,
  waitMs: number,
): { agent: Agent; free: Promise<boolean> } => {
  const agent = singleUse(target, progress, { keepAlive: true });
  const connectOnce = agent.createConnection;
  const free = new Promise<boolean>((resolve) => {
    agent.once('free', () => resolve(true));
    setTimeout(() => resolve(false), waitMs).unref();
    agent.createConnection = (options: AgentOptions) => {
      agent.createConnection = () => {
        throw new Fault('transient', 'HTTP_NOT_SENT', ENDED);
      };
      return connectOnce.call(agent, options)?.once('close', () => resolve(false));
    };
  });
  return { agent, free };
};

export const ENDED = 'the connection ended before the call';

/** Bytes leave only after the connection is up, TLS included: before it, nothing can have reached the other side. */
export const singleUse = (target: Target, progress: Progress, options: AgentOptions = { keepAlive: false }): Agent => {
  const up = () => {
    progress.connected = true;
  };
  const agent = isTls(target) ? new HttpsAgent(options) : new HttpAgent(options);
  agent.createConnection = ({ host = 'localhost', port }) => {
    const place = { host: host ?? 'localhost', port: Number(port) };
    if (!isTls(target)) return connect(place).once('connect', up);
    return tlsConnect({ ...place, ...tlsOptions(target, place.host) }).once('secureConnect', up);
  };
  return agent;
};

export const isTls = ({ url }: Target): boolean => url.startsWith('https:');

const keeping = (tls: ReturnType<typeof tlsOptions> | undefined): Agent => {
  const options = { keepAlive: true, maxSockets: SOCKETS_MAX };
  return tls === undefined ? new HttpAgent(options) : new HttpsAgent({ ...options, ...tls });
};

/** An IPv6 address has brackets in a URL and nowhere else. */
const hostOf = ({ url }: Target): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');

/** An address cannot be asked for by SNI; then the certificate has to be of the address itself. */
const tlsOptions = ({ tls = {} }: Target, host: string) => {
  const { serverName, ca, cert, key } = tls;
  return {
    ...(serverName === undefined ? (isIP(host) === 0 ? { servername: host } : {}) : { servername: serverName }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
};
