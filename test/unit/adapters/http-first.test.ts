import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createFlinkHttp } from '../../../lib/adapters/flink-access.ts';
import { createFlinkRest } from '../../../lib/adapters/flink-rest.ts';
import { createHttp } from '../../../lib/adapters/http.ts';
import { createRedaction } from '../../../lib/adapters/redaction.ts';
import { createSecrets } from '../../../lib/adapters/secrets.ts';
import { startServer } from '../../support/local-server.ts';
import { noStores } from '../../support/scripted-flink.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const ID = '00112233445566770000000200aabbcc';
const PROCESS = 'flink-web-00000000-0000-0000-0000-000000000001';
const config = (process: string) => JSON.stringify([{ key: 'web.tmpdir', value: `/tmp/${process}` }]);

/** A JobManager, and a run of a jar of its image that is meant for one process only. */
const world = async (listener: RequestListener) => {
  const asked: string[] = [];
  const server = await startServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  const http = createHttp(Date.now);
  cleanups.push(http.close, server.close);
  const redaction = createRedaction();
  const secrets = createSecrets({ stores: noStores, redaction, nowMs: Date.now });
  const openJar = async (): Promise<never> => {
    throw new Error('no jar here');
  };
  const flinkHttp = createFlinkHttp({ http, secrets, redaction });
  const flink = createFlinkRest({ http: flinkHttp, openJar, redact: redaction.redact });
  const request = { process: PROCESS, jobId: ID, args: [], flinkConfiguration: {} };
  return { server, asked, run: () => flink.run({ url: server.url }, 'x.jar', request, Date.now() + 2_000) };
};

const GET = 'GET /jobmanager/config';
const POST = 'POST /jars/x.jar/run';

describe('a run that is meant for one process (F123)', () => {
  test('asks who it is and is sent on one connection', async () => {
    const { run, server, asked } = await world((request, response) =>
      response.end(request.method === 'GET' ? config(PROCESS) : `{"jobid":"${ID}"}`),
    );
    await run();
    expect([asked, server.connections()]).toEqual([[GET, POST], 1]);
  });

  test.each<[string, string, RequestListener]>([
    ['is another', 'PROCESS_CHANGED', (_, response) => response.end(config(PROCESS.replace('1', '2')))],
    ['does not say who it is', 'PROCESS_CHANGED', (_, response) => response.end('<html>')],
    ['is not ready', 'PROCESS_CHANGED', (_, response) => response.writeHead(503).end('{"errors":["election"]}')],
    ['breaks the connection', 'FLINK_UNREACHABLE', (request) => request.socket.destroy()],
    ['gives no answer', 'FLINK_UNREACHABLE', () => {}],
    [
      'ends after its answer, so that only a later one could be reached',
      'FLINK_UNREACHABLE',
      (_, response) => response.writeHead(200, { connection: 'close' }).end(config(PROCESS)),
    ],
  ])('is surely not sent to one that %s', async (_, code, listener) => {
    const { run, asked } = await world(listener);
    await expect(run()).rejects.toMatchObject({ kind: 'transient', code });
    expect(asked).toEqual([GET]);
  });

  test('that breaks after it was sent is unknown', async () => {
    const { run, asked } = await world((request, response) =>
      request.method === 'GET' ? response.end(config(PROCESS)) : request.socket.destroy(),
    );
    await expect(run()).rejects.toMatchObject({ kind: 'unknown-outcome', code: 'RUN_BROKEN' });
    expect(asked).toEqual([GET, POST]);
  });
});
