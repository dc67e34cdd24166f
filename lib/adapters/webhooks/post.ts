import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Fault } from '../../core/errors.ts';

/** What a webhook answers is a word or two. */
const ANSWER_BYTES_MAX = 8_192;

export type Posted = { readonly status: number; readonly text: string };

/**
 * One POST on a connection of its own, exactly once; redirects are not followed, and of the answer only its beginning is
 * read. Faults name no address: `transient` WEBHOOK_UNREACHABLE, `unknown-outcome` WEBHOOK_UNANSWERED, `rejected` WEBHOOK_TLS.
 */
export const postOnce = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  waitMs: number,
): Promise<Posted> =>
  new Promise((resolve, reject) => {
    const isTls = url.protocol === 'https:';
    const all = { ...headers, 'content-length': Buffer.byteLength(body) };
    const request = (isTls ? requestHttps : requestHttp)(url, { method: 'POST', headers: all, agent: false });
    let isConnected = false;
    let answer: Posted | undefined;
    const end = (fault: Fault) => {
      clearTimeout(timer);
      if (answer === undefined) reject(fault);
      else resolve(answer);
      request.destroy();
    };
    const timer = setTimeout(() => end(isConnected ? UNANSWERED() : unreachable('no connection in time')), waitMs);
    request.on('socket', (socket) =>
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      }),
    );
    request.on('error', (error: NodeJS.ErrnoException) => end(faultOf(error.code ?? error.name, isConnected)));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const chunks: Buffer[] = [];
      const read = () => Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString('utf8');
      answer = { status, text: '' };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        answer = { status, text: read() };
        if (chunks.reduce((sum, { length }) => sum + length, 0) >= ANSWER_BYTES_MAX) end(UNANSWERED());
      });
      response.on('end', () => end(UNANSWERED()));
      response.on('error', () => end(UNANSWERED()));
    });
    request.end(body);
  });

const UNANSWERED = () => new Fault('unknown-outcome', 'WEBHOOK_UNANSWERED', 'no answer in time');
const unreachable = (why: string) => new Fault('transient', 'WEBHOOK_UNREACHABLE', `it cannot be reached: ${why}`);

/** By the code alone: what Node says besides may name the address, and with it the secret that is a part of it. */
const faultOf = (code: string, isConnected: boolean): Fault => {
  if (isConnected) return new Fault('unknown-outcome', 'WEBHOOK_UNANSWERED', `the connection broke (${code})`);
  if (TLS.test(code)) return new Fault('rejected', 'WEBHOOK_TLS', `its certificate or TLS is not accepted (${code})`);
  return unreachable(code);
};

const TLS = /CERT|_TLS_|_SSL_|EPROTO|SIGNATURE|INVALID_CA/;
