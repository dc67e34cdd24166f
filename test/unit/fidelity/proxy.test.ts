import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { startProxy } from '../../e2e/fidelity/proxy.ts';
import type { RecordedCall } from '../../e2e/fidelity/recording.ts';
import { startServer } from '../../support/local-server.ts';

const WAIT_MS = 4_000;

/** A proxy in front of two services of the same behaviour, which name themselves in their answers. */
const opened = async (answer: (name: string) => RequestListener) => {
  const folder = mkdtempSync(join(tmpdir(), 'fidelity-'));
  const file = join(folder, 'calls.jsonl');
  const [aws, ecs] = await Promise.all([startServer(answer('aws')), startServer(answer('ecs'))]);
  const proxy = startProxy(file);
  const { endpoint } = await proxy.functionsClient({ endpoint: aws.url, ecsEndpoint: ecs.url });
  onTestFinished(async () => {
    await Promise.all([proxy.close(), aws.close(), ecs.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const recorded = (): RecordedCall[] =>
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { endpoint, recorded };
};

const echo =
  (name: string): RequestListener =>
  (incoming, outgoing) => {
    outgoing.writeHead(418, { 'x-service': name, 'x-asked': `${incoming.method} ${incoming.url}` });
    incoming.pipe(outgoing);
  };

const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=s',
  'x-amz-security-token': 'a-function',
};

test('passes on all that comes and goes, ECS to its own address, and writes down whose call it was', async () => {
  const { endpoint, recorded } = await opened(echo);
  const body = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 256));
  const sent = { method: 'PUT', body, headers: SIGNED };
  const answer = await fetch(`${endpoint}/a%20b?c=d`, sent);
  expect(answer.status).toBe(418);
  expect(answer.headers.get('x-service')).toBe('aws');
  expect(answer.headers.get('x-asked')).toBe('PUT /a%20b?c=d');
  expect(body.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
  const target = 'AmazonEC2ContainerServiceV20141113.ListTasks';
  const ofEcs = await fetch(endpoint, { method: 'POST', body: '{}', headers: { 'x-amz-target': target } });
  expect(ofEcs.headers.get('x-service')).toBe('ecs');
  expect(recorded()).toMatchObject([
    { kind: 'call', caller: 'a-function', service: 'sns', method: 'PUT', url: '/a%20b?c=d', status: 418 },
    { caller: '', service: '', method: 'POST', url: '/', headers: { 'x-amz-target': target }, body: '{}' },
  ]);
});

test('writes down no signature and no token', async () => {
  const { endpoint, recorded } = await opened(echo);
  await fetch(endpoint, { headers: SIGNED });
  expect(Object.keys(recorded()[0]?.headers ?? {})).not.toContain('authorization');
  expect(Object.keys(recorded()[0]?.headers ?? {})).not.toContain('x-amz-security-token');
});

test('a connection that the service breaks is broken for the function, and that is written down', async () => {
  const { endpoint, recorded } = await opened(() => (incoming) => incoming.socket.destroy());
  await expect(fetch(endpoint)).rejects.toThrow();
  expect(recorded()).toMatchObject([{ status: 0 }]);
});

test('a function that gives up is given up, and that is written down', async () => {
  let gone = 0;
  const { endpoint, recorded } = await opened(() => (incoming) => {
    incoming.socket.on('close', () => {
      gone += 1;
    });
    giveUp.abort();
  });
  const giveUp = new AbortController();
  await expect(fetch(endpoint, { signal: giveUp.signal })).rejects.toThrow();
  await waitFor('the service to be told', WAIT_MS, async () => gone === 1 && recorded().length === 1);
  expect(recorded()).toMatchObject([{ status: 0 }]);
});
