import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createFlinkHttp } from '../../../lib/adapters/flink-access.ts';
import { createFlinkRest } from '../../../lib/adapters/flink-rest.ts';
import { createHttp } from '../../../lib/adapters/http.ts';
import { createRedaction } from '../../../lib/adapters/redaction.ts';
import { createSecrets } from '../../../lib/adapters/secrets.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Endpoint } from '../../../lib/ports.ts';
import { startServer } from '../../support/local-server.ts';
import { noStores } from '../../support/scripted-flink.ts';
import { pem, startTlsServer } from '../../support/tls-server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const ID = '00112233445566770000000200aabbcc';
const request = { jobId: ID, args: [], flinkConfiguration: {} };
const soon = () => Date.now() + 5_000;

/** Flink's REST with these values in its secret store, which count how often they are read. */
const flinkWith = (values: Record<string, string>) => {
  const read: string[] = [];
  const clock = { nowMs: Date.now() };
  const ssm = async (name: string) => {
    read.push(name);
    const value = values[name];
    if (value === undefined) throw new Fault('rejected', 'SECRET_MISSING', 'not there');
    return value;
  };
  const redaction = createRedaction();
  const http = createHttp(Date.now);
  cleanups.push(http.close);
  const secrets = createSecrets({ stores: { ...noStores, ssm }, redaction, nowMs: () => clock.nowMs });
  const flinkHttp = createFlinkHttp({ http, secrets, redaction });
  const openJar = async (): Promise<never> => {
    throw new Fault('rejected', 'JAR_MISSING', 'none');
  };
  return { flink: createFlinkRest({ http: flinkHttp, openJar, redact: redaction.redact }), read, values, clock };
};

/** A JobManager behind a proxy that wants this header. */
const behind = async (wanted: string, answer: RequestListener = (_, response) => response.end('{"jobs":[]}')) => {
  const seen: (string | undefined)[] = [];
  const server = await startServer((incoming, response) => {
    seen.push(incoming.headers.authorization);
    if (incoming.headers.authorization === wanted) answer(incoming, response);
    else response.writeHead(401).end(`who is ${incoming.headers.authorization}?`);
  });
  cleanups.push(server.close);
  return { url: server.url, seen };
};

const basic = (password: string) => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
const withBasic = (url: string): Endpoint => ({
  url,
  auth: { kind: 'basic', username: 'me', password: '${ssm:/password}' },
});

describe('a JobManager that wants authentication', () => {
  test('is shown a user and a password', async () => {
    const { url } = await behind(basic('s3cr3t'));
    expect(await flinkWith({ '/password': 's3cr3t' }).flink.jobs(withBasic(url), soon())).toEqual([]);
  });

  test('is shown a token', async () => {
    const { url } = await behind('Bearer t0ken');
    const auth = { kind: 'bearer', token: '${ssm:/token}' } as const;
    expect(await flinkWith({ '/token': 't0ken' }).flink.jobs({ url, auth }, soon())).toEqual([]);
  });

  test('is shown a client certificate', async () => {
    const wants = { requestCert: true, rejectUnauthorized: true, ca: pem('authority') };
    const server = await startTlsServer('server', (_, response) => response.end('{"jobs":[]}'), wants);
    cleanups.push(server.close);
    const { flink } = flinkWith({ '/ca': pem('authority'), '/cert': pem('client'), '/key': pem('client-key') });
    const at: Endpoint = {
      url: server.url,
      tls: { serverName: 'flink.test', ca: '${ssm:/ca}' },
      auth: { kind: 'mutual', certificate: '${ssm:/cert}', key: '${ssm:/key}' },
    };
    expect(await flink.jobs(at, soon())).toEqual([]);
  });

  test('and refuses ours is not blamed on the job, and hears no secret repeated', async () => {
    const { url } = await behind('nothing ever');
    const { flink } = flinkWith({ '/password': 's3cr3t' });
    for (const ask of [
      () => flink.jobs(withBasic(url), soon()),
      () => flink.run(withBasic(url), 'a.jar', request, soon()),
    ]) {
      const fault = await ask().catch((thrown) => thrown);
      expect(fault).toMatchObject({
        kind: 'rejected',
        code: 'FLINK_DENIED',
        message: expect.stringContaining('`auth`'),
      });
      expect(fault.message).not.toMatch(/s3cr3t|bWU6czNjcjN0/);
      expect(fault.message).toContain(new URL(url).host);
    }
  });
});

describe('a refused password', () => {
  test('that was rotated is read again, once, and the question repeated', async () => {
    const { url, seen } = await behind(basic('new one'));
    const { flink, read, values, clock } = flinkWith({ '/password': 'old one' });
    await expect(flink.jobs(withBasic(url), soon())).rejects.toMatchObject({ code: 'FLINK_DENIED' });
    values['/password'] = 'new one';
    clock.nowMs += 60_000;
    expect(await flink.jobs(withBasic(url), soon())).toEqual([]);
    expect(read).toHaveLength(2);
    expect(seen).toEqual([basic('old one'), basic('old one'), basic('new one')]);
  });

  test('that is still the same is shown once a question: nobody gets locked out', async () => {
    const { url, seen } = await behind(basic('other'));
    const { flink, clock } = flinkWith({ '/password': 'old one' });
    clock.nowMs += 60_000;
    await expect(flink.jobs(withBasic(url), soon())).rejects.toMatchObject({ code: 'FLINK_DENIED' });
    expect(seen).toHaveLength(1);
  });

  test('of a POST is shown the new one, too: what is refused was not done', async () => {
    const done = `{"jobid":"${ID}"}`;
    const { url, seen } = await behind(basic('new one'), (_, response) => response.end(done));
    const { flink, values, clock } = flinkWith({ '/password': 'old one' });
    await expect(flink.run(withBasic(url), 'a.jar', request, soon())).rejects.toMatchObject({ code: 'FLINK_DENIED' });
    values['/password'] = 'new one';
    clock.nowMs += 60_000;
    await flink.run(withBasic(url), 'a.jar', request, soon());
    expect(seen).toHaveLength(3);
  });
});

describe('an answer that repeats a secret', () => {
  test.each([
    ['the password', 's3cr3t!'],
    ['the header', Buffer.from('me:s3cr3t!').toString('base64')],
  ])('(%s) is told without it', async (_, repeated) => {
    const text = JSON.stringify({ errors: [`who is ${repeated}?`] });
    const { url } = await behind(basic('s3cr3t!'), (_incoming, response) => response.writeHead(400).end(text));
    const { flink } = flinkWith({ '/password': 's3cr3t!' });
    for (const ask of [
      () => flink.jobs(withBasic(url), soon()),
      () => flink.run(withBasic(url), 'a.jar', request, soon()),
    ]) {
      const fault = await ask().catch((thrown) => thrown);
      expect(fault.message).toContain('who is <');
      expect(fault.message).not.toContain(repeated);
      expect(fault.cause).toBeUndefined();
    }
  });

  test('at the end of what is kept is not told by half', async () => {
    const text = JSON.stringify({ errors: [`${'x'.repeat(490)} s3cr3t-that-is-long`] });
    const { url } = await behind(basic('s3cr3t-that-is-long'), (_, response) => response.writeHead(400).end(text));
    const { flink } = flinkWith({ '/password': 's3cr3t-that-is-long' });
    const fault = await flink.jobs(withBasic(url), soon()).catch((thrown) => thrown);
    expect(fault.message).not.toContain('s3cr');
  });
});

describe('a secret that cannot be read', () => {
  test('leaves the JobManager unasked, and is named', async () => {
    const { url, seen } = await behind('any');
    const { flink } = flinkWith({});
    await expect(flink.run(withBasic(url), 'a.jar', request, soon())).rejects.toMatchObject({
      kind: 'rejected',
      code: 'SECRET_MISSING',
      message: '${ssm:/password}: not there',
    });
    expect(seen).toEqual([]);
  });
});

describe('what is not Flink', () => {
  test.each([
    ['another web server', '<html>', 'FLINK_UNREADABLE'],
    ['another API', '{"status":"UP"}', 'FLINK_UNREADABLE'],
  ])('(%s) is told with its address and `restPort`', async (_, body, code) => {
    const server = await startServer((_incoming, response) => response.end(body));
    cleanups.push(server.close);
    await expect(flinkWith({}).flink.jobs({ url: server.url }, soon())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`^${new URL(server.url).host}: .*\`restPort\``)),
    });
  });

  test('(nobody) is told with its address and `restPort`', async () => {
    await expect(flinkWith({}).flink.jobs({ url: 'http://127.0.0.1:1' }, soon())).rejects.toMatchObject({
      kind: 'transient',
      code: 'FLINK_UNREACHABLE',
      message: expect.stringMatching(/^127\.0\.0\.1:1: .*`restPort`/),
    });
  });
});
