import { afterEach, expect, test } from 'vitest';
import { createFlinkHttp } from '../../../lib/adapters/flink-access.ts';
import { createFlinkRest } from '../../../lib/adapters/flink-rest.ts';
import { createHttp } from '../../../lib/adapters/http.ts';
import { createRedaction } from '../../../lib/adapters/redaction.ts';
import { createSecrets } from '../../../lib/adapters/secrets.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster, aJob } from '../../support/builders.ts';
import { startServer } from '../../support/local-server.ts';
import { createWorld, portsOf } from '../pass/fake-ports.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A look asks `/config` and `/jobmanager/config` side by side; the first refusal ends it. */
const KNOCKS_A_LOOK_MAX = 2;

test('a wrong password is sent to a JobManager by one look of each event, whatever the number of jobs', async () => {
  const sent: (string | undefined)[] = [];
  const server = await startServer((request, response) => {
    sent.push(request.headers.authorization);
    response.writeHead(401).end('{"errors":["Unauthorized"]}');
  });
  const world = createWorld();
  const nowMs = () => world.nowMs;
  const http = createHttp(nowMs);
  cleanups.push(server.close, http.close);

  const redaction = createRedaction();
  const ssm = async () => 'wrong';
  const secrets = createSecrets({ stores: { ssm, secret: ssm }, redaction, nowMs });
  const openJar = () => Promise.reject(new Error('a jar was read'));
  const flink = createFlinkRest({
    http: createFlinkHttp({ http, secrets, redaction }),
    openJar,
    redact: redaction.redact,
  });
  const auth = { kind: 'basic', username: 'autopilot', password: '${ssm:/password}' } as const;
  const jobs = [aJob({ name: 'a' }), aJob({ name: 'b' }), aJob({ name: 'c' })];
  const cluster = aCluster(jobs, { ecsCluster: '', jobManagers: [], url: server.url, auth });
  const event = () => reconcile(portsOf(world, { flink }), cluster, { untilMs: world.nowMs + 180_000, wait: true });

  await event();
  await event();
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.length).toBeLessThanOrEqual(2 * KNOCKS_A_LOOK_MAX);
  expect(new Set(sent)).toEqual(new Set([`Basic ${Buffer.from('autopilot:wrong').toString('base64')}`]));
});
