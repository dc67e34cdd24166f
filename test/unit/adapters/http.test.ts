import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHttp, type Http } from '../../../lib/adapters/http.ts';
import { type LocalServer, startServer } from '../../support/local-server.ts';
import { silentAddress } from '../../support/silent-address.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const serve = async (listener: RequestListener): Promise<LocalServer> => {
  const server = await startServer(listener);
  cleanups.push(server.close);
  return server;
};

const client = (nowMs: () => number = Date.now): Http => {
  const http = createHttp(nowMs);
  cleanups.push(http.close);
  return http;
};

const soon = () => Date.now() + 5_000;
const NOBODY = 'http://127.0.0.1:1/';

describe('a GET', () => {
  test('gives status and text, also of an error', async () => {
    const { url } = await serve((_, response) => response.writeHead(418).end('tea ☕'));
    expect(await client().get({ url }, soon())).toEqual({ status: 418, text: 'tea ☕' });
  });

  test('goes over a kept connection', async () => {
    const server = await serve((_, response) => response.end('ok'));
    const http = client();
    for (let n = 0; n < 3; n += 1) await http.get({ url: server.url }, soon());
    expect(server.connections()).toBe(1);
  });

  test.each([
    [2_000, 1],
    [2_001, 2],
  ])('after %i ms without one, as after a thaw, over connection %i', async (idleMs, connections) => {
    const server = await serve((_, response) => response.end('ok'));
    let now = Date.now();
    const http = client(() => now);
    await http.get({ url: server.url }, now + 5_000);
    now += idleMs;
    await http.get({ url: server.url }, now + 5_000);
    expect(server.connections()).toBe(connections);
  });

  test('whose kept connection is dead is tried once more on a fresh one (F90)', async () => {
    let requests = 0;
    const server = await serve((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.destroy();
      else response.end('ok');
    });
    const http = client();
    await http.get({ url: server.url }, soon());
    expect(await http.get({ url: server.url }, soon())).toEqual({ status: 200, text: 'ok' });
    expect([requests, server.connections()]).toEqual([3, 2]);
  });

  test('that breaks twice is broken', async () => {
    let requests = 0;
    const { url } = await serve((request) => {
      requests += 1;
      request.socket.destroy();
    });
    await expect(client().get({ url }, soon())).rejects.toMatchObject({ code: 'HTTP_BROKEN' });
    expect(requests).toBe(2);
  });

  test('is not sent where nobody listens, and not tried again', async () => {
    await expect(client().get({ url: NOBODY }, soon())).rejects.toMatchObject({
      kind: 'transient',
      code: 'HTTP_NOT_SENT',
    });
  });

  test('without an answer ends with our wait (F19)', async () => {
    const { url } = await serve(() => {});
    await expect(client().get({ url }, Date.now() + 300)).rejects.toMatchObject({ code: 'HTTP_UNANSWERED' });
  });

  test('whose body does not end in time is unanswered', async () => {
    const { url } = await serve((_, response) => response.writeHead(200, { 'content-length': 100 }).write('half'));
    await expect(client().get({ url }, Date.now() + 300)).rejects.toMatchObject({ code: 'HTTP_UNANSWERED' });
  });

  test('does not follow to another place', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/login' }).end();
      else response.end('login');
    });
    expect(await client().get({ url: `${url}/` }, soon())).toMatchObject({ status: 302 });
  });

  test('is not read beyond what an answer may be', async () => {
    const { url } = await serve((_, response) => response.end(Buffer.alloc(16 * 1024 * 1024 + 1)));
    await expect(client().get({ url }, soon())).rejects.toMatchObject({ kind: 'invalid', code: 'HTTP_TOO_LARGE' });
  });
});

describe('a POST', () => {
  test('carries JSON, on a connection of its own', async () => {
    const seen: unknown[] = [];
    const server = await serve(async (request, response) => {
      const chunks = await request.toArray();
      seen.push([request.method, request.headers['content-type'], Buffer.concat(chunks).toString()]);
      response.end('{}');
    });
    const http = client();
    await http.get({ url: server.url }, soon());
    await http.send('POST', { url: server.url }, '{"a":1}', soon());
    expect(seen[1]).toEqual(['POST', 'application/json', '{"a":1}']);
    expect(server.connections()).toBe(2);
  });

  test('whose connection breaks is sent once: whether it was done is unknown (F90)', async () => {
    let requests = 0;
    const { url } = await serve((request) => {
      requests += 1;
      request.socket.destroy();
    });
    const post = client().send('POST', { url }, '{}', soon());
    await expect(post).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'HTTP_BROKEN' });
    expect(requests).toBe(1);
  });

  test('whose answer breaks off is broken', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => request.socket.destroy());
    });
    const post = client().send('POST', { url }, '{}', soon());
    await expect(post).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'HTTP_BROKEN' });
  });

  test('without an answer is unknown when our wait ends', async () => {
    const asked = Promise.withResolvers<void>();
    const { url } = await serve(() => asked.resolve());
    // Our wait ends when the request has come, however long that takes: before it, nothing would be unknown.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const post = client().send('POST', { url }, '{}', Date.now() + 300);
    await asked.promise;
    vi.advanceTimersByTime(300);
    await expect(post).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'HTTP_UNANSWERED' });
  });

  test.each([
    ['nobody listens', NOBODY],
    ['there is no such name', 'http://nowhere.invalid:8081/'],
  ])('is surely not sent where %s', async (_, url) => {
    const post = client().send('POST', { url }, '{}', soon());
    await expect(post).rejects.toMatchObject({ kind: 'transient', code: 'HTTP_NOT_SENT' });
  });

  test('is not begun when its time is over', async () => {
    const server = await serve((_, response) => response.end());
    const post = client().send('POST', { url: server.url }, '{}', Date.now());
    await expect(post).rejects.toMatchObject({ kind: 'transient', code: 'HTTP_NOT_SENT' });
    expect(server.connections()).toBe(0);
  });

  test('is surely not sent to an address that stays silent, like that of a task that is gone', async () => {
    const { url, close } = await silentAddress();
    cleanups.push(close);
    const post = client().send('POST', { url }, '{}', Date.now() + 300);
    await expect(post).rejects.toMatchObject({
      kind: 'transient',
      code: 'HTTP_NOT_SENT',
      message: 'no connection in time',
    });
  });
});
