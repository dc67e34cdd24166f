import type { IncomingMessage, RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { createHttp } from '../../../lib/adapters/http.ts';
import { startServer } from '../../support/local-server.ts';

const cleanups: (() => unknown)[] = [];
const realTimeout = setTimeout;
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const http = createHttp(Date.now);

const serve = async (listener: RequestListener): Promise<string> => {
  const server = await startServer(listener);
  cleanups.push(server.close);
  return server.url;
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => Buffer.concat(await request.toArray());

/** Megabytes that are made only when they are read. */
const megabytes = (count: number) => {
  const made = { megabytes: 0 };
  const make = async function* () {
    for (; made.megabytes < count; made.megabytes += 1) yield Buffer.alloc(1024 * 1024, 1);
  };
  return { made, stream: Readable.from(make(), { objectMode: false }), sizeBytes: count * 1024 * 1024 };
};

const soon = () => Date.now() + 5_000;

test('one file part arrives whole, with a length known from the start', async () => {
  const bytes = Buffer.from('PK\r\n--bytes--\r\n\0');
  const seen: unknown[] = [];
  const url = await serve(async (request, response) => {
    const body = await bodyOf(request);
    const form = await new Response(body, {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    const file = form.get('jarfile');
    if (!(file instanceof File)) throw new Error('no file');
    seen.push(request.headers['content-length'], request.headers['transfer-encoding'], body.length);
    seen.push([...form.keys()], file.name, Buffer.from(await file.arrayBuffer()));
    response.end('ok');
  });
  const file = { name: 'a_b.jar', sizeBytes: bytes.length, stream: Readable.from([bytes]) };
  expect(await http.upload({ url }, file, soon())).toEqual({ status: 200, text: 'ok' });
  const length = seen[2];
  expect(seen).toEqual([String(length), undefined, length, ['jarfile'], 'a_b.jar', bytes]);
});

/** Resolves when no megabyte was made any more for a while, after the first. */
const standstill = async (made: { readonly megabytes: number }): Promise<void> => {
  for (let before = -1; made.megabytes === 0 || made.megabytes !== before; ) {
    before = made.megabytes;
    await new Promise((resolve) => realTimeout(resolve, 100));
  }
};

test('is not read ahead of what the other side takes', async () => {
  const url = await serve(() => {});
  const { made, stream, sizeBytes } = megabytes(64);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const upload = http.upload({ url }, { name: 'a.jar', sizeBytes, stream }, Date.now() + 500);
  await standstill(made);
  vi.advanceTimersByTime(500);
  await expect(upload).rejects.toMatchObject({ code: 'HTTP_UNANSWERED' });
  expect(made.megabytes).toBeGreaterThan(0);
  expect(made.megabytes).toBeLessThan(24);
  expect(stream.destroyed).toBe(true);
});

test('what was sent is let go every 4 MB, where the runtime allows it, whatever the size of the file', async () => {
  const { made, stream, sizeBytes } = megabytes(17);
  const collectedAt: number[] = [];
  vi.stubGlobal('gc', () => collectedAt.push(made.megabytes));
  const url = await serve(async (request, response) => {
    for await (const _ of request);
    response.end('ok');
  });
  expect(await http.upload({ url }, { name: 'a.jar', sizeBytes, stream }, soon())).toMatchObject({ status: 200 });
  expect(collectedAt).toHaveLength(4);
});

test.each([
  ['fails on the way', () => Readable.from(failing()), 'the store went away'],
  ['ends early', () => Readable.from([Buffer.from('half')]), '4 of 8 bytes'],
])('a file that %s is never taken as whole', async (_, stream, why) => {
  let whole = 0;
  const url = await serve(async (request, response) => {
    await bodyOf(request).then(
      () => {
        whole += 1;
        response.end();
      },
      () => {},
    );
  });
  const upload = http.upload({ url }, { name: 'a.jar', sizeBytes: 8, stream: stream() }, soon());
  await expect(upload).rejects.toMatchObject({ kind: 'transient', code: 'UPLOAD_INTERRUPTED' });
  await expect(upload).rejects.toThrow(why);
  expect(whole).toBe(0);
});

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('half');
  throw new Error('the store went away');
}

test('a connection that breaks on the way is broken, and the file is let go', async () => {
  const url = await serve((request) => {
    request.once('data', () => request.socket.destroy());
  });
  const { stream, sizeBytes } = megabytes(64);
  const upload = http.upload({ url }, { name: 'a.jar', sizeBytes, stream }, soon());
  await expect(upload).rejects.toMatchObject({ code: 'HTTP_BROKEN' });
  expect(stream.destroyed).toBe(true);
});

test('a file that is longer than it should be is stopped before it could be taken as whole', async () => {
  const url = await serve(async (request, response) => {
    await request.toArray();
    response.end('taken');
  });
  const endless = async function* () {
    yield Buffer.alloc(1_000);
    await new Promise(() => {});
  };
  const upload = http.upload({ url }, { name: 'a.jar', sizeBytes: 8, stream: Readable.from(endless()) }, soon());
  await expect(upload).rejects.toThrow('1000 of 8 bytes');
});

test.each([
  ['where nobody listens', soon],
  ['when its time is over', () => Date.now()],
])('%s the file is let go, and its later failure hurts nobody', async (_, deadlineMs) => {
  const stream = new Readable({ read: () => {} });
  const upload = http.upload({ url: 'http://127.0.0.1:1/' }, { name: 'a.jar', sizeBytes: 1, stream }, deadlineMs());
  await expect(upload).rejects.toMatchObject({ code: 'HTTP_NOT_SENT' });
  expect(stream.destroyed).toBe(true);
  stream.emit('error', new Error('aborted'));
});
