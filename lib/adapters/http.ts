import fetch, { type RequestInit } from 'node-fetch';
import { Fault } from '../core/errors.ts';
import {
  type Agent,
  createPool,
  ENDED,
  type Progress,
  singleConnection,
  singleUse,
  type Target,
} from './http-agents.ts';
import { type FilePart, multipart } from './multipart.ts';
import { redirectFault, tlsFault } from './tls-faults.ts';

/** A connection that is not there after this will not come: a silent address (a task that is gone) answers nothing. */
const CONNECT_WITHIN_MS = 3_000;

/** 500 jobs in /jobs/overview are about 200 KB; more than this is not what we asked for. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** One HTTP client for one Lambda; it owns its connections. */
export const createHttp = (nowMs: () => number): Http => {
  const pool = createPool(nowMs);
  return {
    get: async (target, deadlineMs) => {
      const init = { method: 'GET' };
      try {
        const over = { agent: pool.agent(target), progress: { connected: false }, kept: true };
        return await exchange(target, init, over, deadlineMs - nowMs());
      } catch (thrown) {
        // A kept connection may have died while we were frozen: once more, on a connection of its own (F90).
        if (!(thrown instanceof Fault) || thrown.code !== 'HTTP_BROKEN') throw thrown;
        return exchange(target, init, ownTo(target), deadlineMs - nowMs());
      }
    },
    send: (method, target, json, deadlineMs, first) => {
      const headers = { 'content-type': 'application/json' };
      const init = json === undefined ? { method } : { method, headers, body: json };
      if (first === undefined) return exchange(target, init, ownTo(target), deadlineMs - nowMs());
      return exchangeAfter(first, target, init, () => deadlineMs - nowMs());
    },
    upload: (target, file, deadlineMs) => uploadOnce(target, file, deadlineMs - nowMs()),
    close: () => pool.close(),
  };
};

export type Answer = { readonly status: number; readonly text: string };

/**
 * Faults say what is known of the request: `transient` HTTP_NOT_SENT (surely never reached the other side),
 * `unknown-outcome` HTTP_BROKEN (sent; the connection ended without a whole answer) and HTTP_UNANSWERED (sent; our wait
 * ended), `invalid` HTTP_TOO_LARGE, `rejected` FLINK_TLS (no common TLS: surely not done). Redirects are not followed.
 */
export type Http = {
  /** On a kept connection; tried once more on a fresh one when that broke. */
  get(target: Target, deadlineMs: number): Promise<Answer>;
  /** On a fresh connection, exactly once. `first` is asked on that connection before; when it fails or throws, nothing was sent. */
  send(
    method: 'POST' | 'DELETE' | 'PATCH',
    target: Target,
    json: string | undefined,
    deadlineMs: number,
    first?: First,
  ): Promise<Answer>;
  /** One multipart file part, streamed, exactly once. Also `transient` UPLOAD_INTERRUPTED: the source ended early. */
  upload(target: Target, file: FilePart, deadlineMs: number): Promise<Answer>;
  close(): void;
};

/** A GET whose answer decides whether the call behind it is sent. */
export type First = { readonly url: string; accept(answer: Answer): void };

/** Not `kept`: a connection of its own, of which we know whether it ever came up. */
type Over = { readonly agent: Agent; readonly progress: Progress; readonly kept: boolean };

const ownTo = (target: Target): Over => {
  const progress = { connected: false };
  return { agent: singleUse(target, progress), progress, kept: false };
};

const exchangeAfter = async (
  first: First,
  target: Target,
  init: RequestInit,
  leftMs: () => number,
): Promise<Answer> => {
  const progress = { connected: false };
  const { agent, free } = singleConnection(target, progress, leftMs());
  const over = { agent, progress, kept: false };
  try {
    first.accept(await exchange({ ...target, url: first.url }, { method: 'GET' }, over, leftMs()).catch(notSent));
    if (!(await free)) throw new Fault('transient', 'HTTP_NOT_SENT', ENDED);
    return await exchange(target, init, over, leftMs());
  } finally {
    agent.destroy();
  }
};

/** What became of the question says nothing of the call behind it. */
const notSent = (thrown: unknown): never => {
  if (!(thrown instanceof Fault) || thrown.kind !== 'unknown-outcome') throw thrown;
  throw new Fault('transient', 'HTTP_NOT_SENT', thrown.message);
};

const exchange = async (
  target: Target,
  init: RequestInit,
  { agent, progress, kept }: Over,
  waitMs: number,
): Promise<Answer> => {
  if (waitMs <= 0) throw new Fault('transient', 'HTTP_NOT_SENT', 'no time left to ask');
  let ended: Ended;
  const abort = new AbortController();
  const end = (why: Ended) => {
    ended ??= why;
    abort.abort();
  };
  const timers = [
    setTimeout(() => end('deadline'), waitMs),
    setTimeout(() => progress.connected || kept || end('no-connection'), CONNECT_WITHIN_MS),
  ];
  try {
    const limits = { redirect: 'manual', size: ANSWER_BYTES_MAX, signal: abort.signal } as const;
    const headers = { ...target.headers, ...init.headers };
    const response = await fetch(target.url, { ...init, ...limits, headers, agent });
    const elsewhere = redirectFault(response.status, response.headers.get('location'), target);
    if (elsewhere !== undefined) throw elsewhere;
    return { status: response.status, text: await response.text() };
  } catch (thrown) {
    throw failure(thrown, { target, sent: kept ? undefined : progress.connected, ended });
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
};

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

type Ended = 'no-connection' | 'deadline' | undefined;

/** `sent`: our own connection was up; undefined: it was a kept one. */
type Course = { readonly target: Target; readonly sent: boolean | undefined; readonly ended: Ended };

const failure = (thrown: unknown, { target, sent, ended }: Course): Fault => {
  if (thrown instanceof Fault) return thrown;
  const { code, type, message } = detailsOf(thrown);
  if (type === 'max-size') return new Fault('invalid', 'HTTP_TOO_LARGE', `an answer over ${ANSWER_BYTES_MAX} bytes`);
  // After its start a connection of its own may have carried the request, whatever is said of TLS later.
  const tls = sent === true || ended !== undefined ? undefined : tlsFault(code, message, target);
  if (tls !== undefined) return tls;
  if (sent === undefined ? NOT_CONNECTED.has(code) : !sent) {
    const why = ended === undefined ? message : 'no connection in time';
    return new Fault('transient', 'HTTP_NOT_SENT', why, { cause: thrown });
  }
  if (ended !== undefined) return new Fault('unknown-outcome', 'HTTP_UNANSWERED', 'no answer in time');
  return new Fault('unknown-outcome', 'HTTP_BROKEN', message, { cause: thrown });
};

/** node-fetch wraps the system's error: `code` is Node's, `type` its own. */
const detailsOf = (thrown: unknown): { code: string; type: string; message: string } => {
  if (!(thrown instanceof Error)) return { code: '', type: '', message: String(thrown) };
  const code = 'code' in thrown ? String(thrown.code) : '';
  const type = 'type' in thrown ? String(thrown.type) : '';
  // An unreachable name or port is reported for each address tried, with an empty message of its own.
  const reason = thrown.message.replace(/^request to \S+ failed, reason: ?/, '');
  return { code, type, message: reason === '' ? code : reason };
};

const uploadOnce = async (target: Target, file: FilePart, waitMs: number): Promise<Answer> => {
  const { body, headers, sourceFault } = multipart(file);
  try {
    return await exchange(target, { method: 'POST', headers, body }, ownTo(target), waitMs);
  } catch (thrown) {
    throw sourceFault() ?? thrown;
  } finally {
    body.destroy();
    file.stream.destroy();
  }
};
