import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createRedaction } from '../../../../lib/adapters/redaction.ts';
import { tellingLimits } from '../../../../lib/core/telling/limits.ts';
import { startServer } from '../../../support/local-server.ts';
import { silentAddress } from '../../../support/silent-address.ts';
import { startTlsServer } from '../../../support/tls-server.ts';
import { anAlert, receiving, webhook } from './receiver.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const CANARY = 'c4n4ry-in-the-path';
const soon = (ms = 5_000) => Date.now() + ms;

const startReceiver = async (answer: (response: ServerResponse) => void) => {
  const { listener, received } = receiving(answer);
  const server = await startServer(listener);
  cleanups.push(server.close);
  return { ...server, received };
};
const status =
  (code: number, body = '') =>
  (response: ServerResponse) =>
    response.writeHead(code).end(body);
const faultOf = (sent: Promise<void>): Promise<{ kind?: string; code?: string; message?: string }> =>
  sent.then(
    () => ({}),
    (fault) => fault,
  );

describe('a message over a webhook', () => {
  test('is the JSON that machines get over SQS, signed with the time, so that nobody can repeat it later', async () => {
    const { url, received } = await startReceiver(status(204));
    const to = webhook(
      { url: `${url}/hook`, secret: '\x24{key}' },
      { key: 'of-the-team' },
      { nowMs: () => 1_700_000_000_999 },
    );
    await to.publish(anAlert(), 1_700_000_005_000);
    const [one] = received;
    expect(one?.url).toBe('/hook');
    expect(one?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(one?.headers['x-autopilot-timestamp']).toBe('1700000000');
    const signature = createHmac('sha256', 'of-the-team').update(`1700000000.${one?.body}`).digest('hex');
    expect(one?.headers['x-autopilot-signature']).toBe(`sha256=${signature}`);
    expect(JSON.parse(one?.body ?? '')).toMatchObject({
      schema: 1,
      cluster: 'realtime',
      state: 'open',
      severity: 'critical',
      incident: { key: 'MAIN_THREW#orders' },
    });
  });

  test('without a secret has no signature', async () => {
    const { url, received } = await startReceiver(status(200, 'ok'));
    await webhook({ url }).publish(anAlert(), soon());
    expect(Object.keys(received[0]?.headers ?? {}).filter((name) => name.startsWith('x-autopilot'))).toEqual([]);
  });

  test.each([
    [200, undefined, undefined],
    [299, undefined, undefined],
    [302, 'rejected', 'WEBHOOK_REFUSED'],
    [400, 'rejected', 'WEBHOOK_REFUSED'],
    [401, 'rejected', 'WEBHOOK_REFUSED'],
    [403, 'rejected', 'WEBHOOK_REFUSED'],
    [404, 'rejected', 'WEBHOOK_REFUSED'],
    [410, 'rejected', 'WEBHOOK_REFUSED'],
    [408, 'transient', 'WEBHOOK_UNAVAILABLE'],
    [429, 'transient', 'WEBHOOK_UNAVAILABLE'],
    [500, 'transient', 'WEBHOOK_UNAVAILABLE'],
    [503, 'transient', 'WEBHOOK_UNAVAILABLE'],
  ])('that is answered with %i: %s %s', async (code, kind, fault) => {
    const elsewhere = await startReceiver(status(200));
    const { url, received } = await startReceiver((response) =>
      response.writeHead(code, { location: `${elsewhere.url}/${CANARY}` }).end(CANARY),
    );
    const came = await faultOf(webhook({ url }).publish(anAlert(), soon()));
    expect([came.kind, came.code]).toEqual([kind, fault]);
    expect(came.message ?? `HTTP ${code}`).toContain(`HTTP ${code}`);
    expect(came.message ?? '').not.toContain(CANARY);
    expect([received.length, elsewhere.received.length]).toEqual([1, 0]);
  });

  test('that nobody answers is given up in time, and the next one is not even tried for a moment', async () => {
    const { url, received } = await startReceiver(() => undefined);
    let nowMs = 1_000;
    const to = webhook({ url }, {}, { nowMs: () => nowMs });
    const startedMs = Date.now();
    expect(await faultOf(to.publish(anAlert(), 1_200))).toMatchObject({
      kind: 'unknown-outcome',
      code: 'WEBHOOK_UNANSWERED',
    });
    expect(Date.now() - startedMs).toBeLessThan(2_000);
    nowMs += tellingLimits.webhookRestMs - 1;
    expect(await faultOf(to.publish(anAlert(), nowMs + 200))).toMatchObject({
      kind: 'transient',
      code: 'WEBHOOK_RESTING',
    });
    expect(received).toHaveLength(1);
    nowMs += 1;
    expect(await faultOf(to.publish(anAlert(), nowMs + 200))).toMatchObject({ code: 'WEBHOOK_UNANSWERED' });
    expect(received).toHaveLength(2);
  });

  test('has the time that the pass has left, and no more than its own', async () => {
    const { url } = await startReceiver(() => undefined);
    const startedMs = Date.now();
    await faultOf(webhook({ url }).publish(anAlert(), soon(60_000)));
    expect(Date.now() - startedMs).toBeLessThan(tellingLimits.webhookCallMs + 1_000);
    expect(await faultOf(webhook({ url }).publish(anAlert(), Date.now()))).toMatchObject({ kind: 'transient' });
  });

  test('whose answer never ends is taken as its status says, and only the beginning of it is read', async () => {
    const { url } = await startReceiver((response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    expect(await faultOf(webhook({ url }).publish(anAlert(), soon()))).toEqual({});
    const slow = await startReceiver((response) => response.writeHead(404).write('x'));
    expect(await faultOf(webhook({ url: slow.url }).publish(anAlert(), soon(300)))).toMatchObject({
      message: 'HTTP 404',
    });
  });

  test('to a connection that breaks, a port where nobody listens, an address that is silent: its outcome is said', async () => {
    const { url, close } = await startReceiver((response) => response.socket?.destroy());
    expect(await faultOf(webhook({ url }).publish(anAlert(), soon()))).toMatchObject({ kind: 'unknown-outcome' });
    await close();
    cleanups.splice(0);
    const closed = await faultOf(webhook({ url: `${url}/${CANARY}` }).publish(anAlert(), soon()));
    expect(closed).toMatchObject({ kind: 'transient', message: 'it cannot be reached: ECONNREFUSED' });
    const silent = await silentAddress();
    cleanups.push(silent.close);
    const fault = await faultOf(webhook({ url: silent.url }).publish(anAlert(), soon(200)));
    expect(fault).toMatchObject({ kind: 'transient', message: 'it cannot be reached: no connection in time' });
  });

  test('over TLS that is not trusted is refused in words that name neither address nor secret', async () => {
    const { listener, received } = receiving(status(200));
    const server = await startTlsServer('server', listener);
    cleanups.push(server.close);
    const fault = await faultOf(webhook({ url: `${server.url}/${CANARY}` }).publish(anAlert(), soon()));
    expect(fault).toMatchObject({ kind: 'rejected', code: 'WEBHOOK_TLS' });
    expect(fault.message).toMatch(/^its certificate or TLS is not accepted \([A-Z_]+\)$/);
    expect(received).toEqual([]);
  });

  test.each([
    ['no URL', 'not a url at all'],
    ['another protocol', 'file:///etc/passwd'],
    ['a name and a password', 'https://a:b@host/'],
  ])('to %s is refused, and what stands there is not repeated', async (_, url) => {
    const fault = await faultOf(webhook({ url: '\x24{url}' }, { url }).publish(anAlert(), soon()));
    expect(fault).toMatchObject({ kind: 'rejected', code: 'WEBHOOK_URL' });
    expect(fault.message).not.toContain(url);
  });

  test('hides its URL, the path of it and its secret from all that is written from then on', async () => {
    const redaction = createRedaction();
    const { url } = await startReceiver(status(200));
    const to = webhook(
      { url: `${url}/${CANARY}?token=c4n4ry`, secret: '\x24{key}' },
      { key: 'c4n4ry-key' },
      { redaction },
    );
    await to.publish(anAlert(), soon());
    const all = redaction.redact(`posted to ${url}/${CANARY}?token=c4n4ry, /${CANARY}?token=c4n4ry with c4n4ry-key`);
    expect(all).not.toContain('c4n4ry');
  });

  test('of a robot that repeats the secret in its refusal is told without it', async () => {
    const { url } = await startReceiver(
      status(200, JSON.stringify({ errcode: 310_000, errmsg: 'sign of c4n4ry-key not match' })),
    );
    const to = webhook({ url, secret: '\x24{key}', format: 'dingtalk' }, { key: 'c4n4ry-key' });
    const fault = await faultOf(to.publish(anAlert(), soon()));
    expect(fault).toMatchObject({ kind: 'rejected', message: expect.stringContaining('code 310000 sign of <') });
    expect(fault.message).not.toContain('c4n4ry');
  });
});
