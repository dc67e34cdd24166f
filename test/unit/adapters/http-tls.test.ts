import { Agent } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../../lib/adapters/http.ts';
import { createPool, type Target } from '../../../lib/adapters/http-agents.ts';
import { startServer } from '../../support/local-server.ts';
import { pem } from '../../support/tls-server.ts';
import { portOf, serve } from './tls-serve.ts';

const http = createHttp(Date.now);
const soon = () => Date.now() + 5_000;
const ca = pem('authority');

describe('a certificate', () => {
  test.each<[string, string, Target['tls']]>([
    ['of a name, asked for by that name', 'server', { ca, serverName: 'flink.test' }],
    ['of the address that is called', 'by-address', { ca }],
  ])('%s is accepted', async (_, name, tls) => {
    const { url } = await serve(name);
    expect(await http.get({ url, tls: tls ?? {} }, soon())).toEqual({ status: 200, text: '{}' });
    expect(await http.send('POST', { url, tls: tls ?? {} }, '{}', soon())).toEqual({ status: 200, text: '{}' });
  });

  test.each<[string, string, Target['tls'], RegExp]>([
    ['of a name, called by its address', 'server', { ca }, /is not for 127\.0\.0\.1: set `tls\.serverName`/],
    [
      'of another name',
      'server',
      { ca, serverName: 'other.test' },
      /is for DNS:flink\.test, not for other\.test: set `tls\.serverName`/,
    ],
    ['of an address, asked for by a name', 'by-address', { ca, serverName: 'flink.test' }, /set `tls\.serverName`/],
    ['of an authority that is not given', 'server', { serverName: 'flink.test' }, /not trusted .*: set `tls\.ca`/],
    [
      'of another authority',
      'server',
      { serverName: 'flink.test', ca: pem('client') },
      /not trusted .*: set `tls\.ca`/,
    ],
    ['that has expired', 'expired', { ca, serverName: 'flink.test' }, /CERT_HAS_EXPIRED.*renew/],
  ])('%s is refused with what to set, and nothing was sent', async (_, name, tls, text) => {
    const { url, requests } = await serve(name);
    const target = { url, tls: tls ?? {} };
    const refused = { kind: 'rejected', code: 'FLINK_TLS', message: expect.stringMatching(text) };
    await expect(http.get(target, soon())).rejects.toMatchObject(refused);
    await expect(http.send('POST', target, '{}', soon())).rejects.toMatchObject(refused);
    expect(requests).toEqual([]);
  });

  test('is asked for by the name that was set (SNI)', async () => {
    const names: string[] = [];
    const SNICallback: TlsOptions['SNICallback'] = (name, done) => {
      names.push(name);
      done(null);
    };
    const { url } = await serve('server', { SNICallback });
    await http.send('POST', { url, tls: { ca, serverName: 'flink.test' } }, '{}', soon());
    expect(names).toEqual(['flink.test']);
  });

  test('of one host is asked for by that host alone, whoever was asked before with the same `tls`', async () => {
    const names: string[] = [];
    const SNICallback: TlsOptions['SNICallback'] = (name, done) => {
      names.push(name);
      done(null);
    };
    const { url, requests } = await serve('by-address', { SNICallback });
    const fresh = createHttp(Date.now);
    onTestFinished(fresh.close);
    const get = (host: string) => fresh.get({ url: url.replace('127.0.0.1', host), tls: { ca } }, soon());
    await expect(get('localhost')).rejects.toMatchObject({ code: 'FLINK_TLS' });
    expect(await get('127.0.0.1')).toEqual({ status: 200, text: '{}' });
    await expect(get('localhost')).rejects.toMatchObject({ code: 'FLINK_TLS' });
    expect([names, requests]).toEqual([['localhost', 'localhost'], ['GET /']]);
  });

  test.each([
    ['https://[::1]:8081', undefined],
    ['https://127.0.0.1:8081', undefined],
    ['https://flink.test', 'flink.test'],
  ])('of %s is asked for with the name %s', (url, name) => {
    const pool = createPool(Date.now);
    onTestFinished(pool.close);
    const agent = pool.agent({ url });
    expect(agent instanceof Agent && agent.options.servername).toBe(name);
  });
});

describe('mutual TLS', () => {
  const wants = { requestCert: true, rejectUnauthorized: true, ca };
  const tls = { ca, serverName: 'flink.test' };

  test('shows the client certificate', async () => {
    const { url } = await serve('server', wants);
    const target = { url, tls: { ...tls, cert: pem('client'), key: pem('client-key') } };
    expect(await http.get(target, soon())).toMatchObject({ status: 200 });
    expect(await http.send('POST', target, '{}', soon())).toMatchObject({ status: 200 });
  });

  test('without a client certificate reaches nobody, and says so', async () => {
    const { url, requests } = await serve('server', wants);
    const refused = { code: 'FLINK_TLS', message: expect.stringContaining('`auth: mutual`') };
    await expect(http.get({ url, tls }, soon())).rejects.toMatchObject(refused);
    expect(requests).toEqual([]);
  });

  test('of another identity never shares a connection', async () => {
    const names: string[] = [];
    const { url } = await serve('server', { ...wants, rejectUnauthorized: false }, (request, response) => {
      const socket = request.socket as TLSSocket;
      names.push(String(socket.getPeerCertificate().subject?.CN));
      response.end('{}');
    });
    await http.get({ url, tls: { ...tls, cert: pem('client'), key: pem('client-key') } }, soon());
    await http.get({ url, tls: { ...tls, cert: pem('server'), key: pem('server-key') } }, soon());
    expect(names).toEqual(['client', 'server']);
  });

  test.each([
    ['a key of another certificate', { cert: pem('client'), key: pem('server-key') }],
    ['what is no PEM', { cert: 'no', key: 'PEM' }],
  ])('with %s is refused before anything is sent', async (_, identity) => {
    const { url, requests } = await serve('server', wants);
    const target = { url, tls: { ...tls, ...identity } };
    const refused = { code: 'FLINK_TLS', message: expect.stringContaining('no PEM') };
    await expect(http.get(target, soon())).rejects.toMatchObject(refused);
    await expect(http.send('POST', target, '{}', soon())).rejects.toMatchObject(refused);
    expect(requests).toEqual([]);
  });
});

describe('one side that speaks TLS and one that does not', () => {
  test('a plain server asked by TLS is told from a bad certificate', async () => {
    const { url, close } = await startServer((_, response) => response.end('{}'));
    onTestFinished(close);
    const target = { url: url.replace('http:', 'https:') };
    const refused = { code: 'FLINK_TLS', message: expect.stringContaining('remove `tls`') };
    await expect(http.get(target, soon())).rejects.toMatchObject(refused);
    await expect(http.send('POST', target, '{}', soon())).rejects.toMatchObject(refused);
  });

  test('a TLS server asked in plain HTTP is recognised by its alert', async () => {
    const alert = createNetServer((socket) =>
      socket.once('data', () => socket.end(Buffer.from('15030300020246', 'hex'))),
    );
    const url = await portOf(alert);
    const refused = { code: 'FLINK_TLS', message: expect.stringContaining('set `tls`') };
    await expect(http.get({ url }, soon())).rejects.toMatchObject(refused);
  });

  test('a JobManager that sends plain requests to its encrypted self is recognised', async () => {
    const { url, close } = await startServer((request, response) =>
      response.writeHead(301, { location: `https://flink.test${request.url}` }).end(),
    );
    onTestFinished(close);
    const refused = { kind: 'rejected', code: 'FLINK_TLS', message: expect.stringContaining('set `tls`') };
    await expect(http.get({ url }, soon())).rejects.toMatchObject(refused);
    await expect(http.send('POST', { url }, '{}', soon())).rejects.toMatchObject(refused);
  });
});

describe('over TLS too', () => {
  const tls = { ca, serverName: 'flink.test' };

  test('what is asked first and what is sent go over one connection', async () => {
    const sockets = new Set<unknown>();
    const { url, requests } = await serve('server', {}, (request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    await http.send('POST', { url, tls }, '{}', soon(), { url: `${url}/who`, accept: () => {} });
    expect([requests, sockets.size]).toEqual([['GET /who', 'POST /'], 1]);
  });

  test.each([
    ['breaks after it was sent is unknown', 'break', 'unknown-outcome', 'HTTP_BROKEN'],
    ['is not answered in time is unknown', 'hang', 'unknown-outcome', 'HTTP_UNANSWERED'],
  ])('a POST that %s', async (_, what, kind, code) => {
    const { url, requests } = await serve('server', {}, (request) => what === 'break' && request.socket.destroy());
    const post = http.send('POST', { url, tls }, '{}', Date.now() + 500);
    await expect(post).rejects.toMatchObject({ kind, code });
    expect(requests).toEqual(['POST /']);
  });

  test('a POST to where nobody listens, or whose handshake never ends, is surely not sent', async () => {
    await expect(http.send('POST', { url: 'https://127.0.0.1:1' }, '{}', soon())).rejects.toMatchObject({
      kind: 'transient',
      code: 'HTTP_NOT_SENT',
    });
    const url = await portOf(createNetServer(() => {}));
    const post = http.send('POST', { url: url.replace('http:', 'https:') }, '{}', Date.now() + 300);
    await expect(post).rejects.toMatchObject({ kind: 'transient', code: 'HTTP_NOT_SENT' });
  });
});
