import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createFlinkHttp } from '../../../lib/adapters/flink-access.ts';
import { createFlinkRest } from '../../../lib/adapters/flink-rest.ts';
import { createHttp } from '../../../lib/adapters/http.ts';
import { createRedaction } from '../../../lib/adapters/redaction.ts';
import { createSecrets } from '../../../lib/adapters/secrets.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { observe } from '../../../lib/observe.ts';
import type { Ports } from '../../../lib/ports.ts';
import { aCluster, aJob, idOf, jm, lineageOf, memoryOf, ranOn, t0 } from '../../support/builders.ts';
import { startServer } from '../../support/local-server.ts';
import { noStores } from '../../support/scripted-flink.ts';
import { createWorld, portsOf } from '../pass/fake-ports.ts';
import { jobsOf, passes } from '../pass/passes.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const NAMES = Array.from({ length: 500 }, (_, n) => `job-${String(n).padStart(3, '0')}`);
const jobs = NAMES.map((name) => aJob({ name, lineage: lineageOf(name) }));
const memory = {
  jobs: Object.fromEntries(NAMES.map((name) => [name, memoryOf(ranOn(jm(), 1, { jobId: idOf(1, name) }))])),
  incidents: [],
  orders: [],
};

const tmpdir = `/tmp/flink-web-${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`;
const listed = NAMES.map((name) => ({ jid: idOf(1, name), name, state: 'RUNNING', tasks: { total: 1, running: 1 } }));
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/jobmanager/config': [{ key: 'web.tmpdir', value: tmpdir }],
  '/config': { 'flink-version': '1.20.5', features: { 'web-submit': true } },
  '/overview': { 'slots-available': 4, 'slots-total': 504 },
};

/** The real adapter on a JobManager of these answers; the ports beside it are fakes. */
const world = async (answer: (path: string, response: ServerResponse) => void) => {
  const paths: string[] = [];
  const server = await startServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request.url ?? '', response);
  });
  // Time stands still, so that a busy machine changes nothing; what the look costs is counted by itself.
  const nowMs = () => t0;
  const http = createHttp(nowMs);
  cleanups.push(http.close, server.close);
  const redaction = createRedaction();
  const secrets = createSecrets({ stores: noStores, redaction, nowMs });
  const flinkHttp = createFlinkHttp({ http, secrets, redaction });
  const openJar = (): never => {
    throw new Error('no jar here');
  };
  const flink = createFlinkRest({ http: flinkHttp, openJar, redact: redaction.redact });
  const fake = portsOf(createWorld());
  const ports: Ports = { ...fake, flink, clock: { ...fake.clock, nowMs } };
  const cluster = aCluster(jobs, { url: server.url });
  return { look: () => observe(ports, cluster, memory, t0 + 60_000), paths, server, arn: `url:${server.url}` };
};

describe('500 jobs on one cluster (F26)', () => {
  test.each([
    ['in one list, and the first time asked for its snapshots', listed, 0, 1_000 + defaults.health.samplesAtOnceMax],
    ['each by its id when the list has none of them', [], 500, 0],
  ])(
    'are seen %s, inside the time of one look and over a bounded number of connections',
    async (_, list, byIds, more) => {
      const { look, paths, server, arn } = await world((path, response) => {
        const job = path.startsWith('/jobs/') && path !== '/jobs/overview' ? path.slice('/jobs/'.length) : undefined;
        if (job !== undefined) response.writeHead(404).end(JSON.stringify({ errors: [`Job ${job} not found`] }));
        else response.end(JSON.stringify(path === '/jobs/overview' ? { jobs: list } : ANSWERS[path]));
      });
      const before = process.cpuUsage();
      const view = (await look()).flink[arn];
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(defaults.lookMs);
      if (view?.known !== true) throw new Error('the JobManager was not seen');
      expect(view.value.jobs).toMatchObject({ known: true, value: { length: list.length } });
      expect(Object.values(view.value.byId)).toEqual(
        Array.from({ length: byIds }, () => ({ known: true, value: 'absent' })),
      );
      expect(paths).toHaveLength(6 + byIds + more);
      expect(server.connections()).toBeLessThanOrEqual(32);
    },
  );

  test('are all started by one invocation, in passes that each fit into a transaction', async () => {
    const fake = createWorld();
    const [jobManager] = fake.jobManagers.values();
    if (jobManager !== undefined) jobManager.slots = 500;
    // Two items for each start, two for what came of it; one for the samples of those that run.
    const passesNeeded = Math.ceil(500 / Math.floor((defaults.transactionItemsMax - 3) / 4)) + 2;
    await passes(fake, passesNeeded, { cluster: aCluster(jobs) });
    expect(new Set(jobsOf(fake).map(({ jobId }) => jobId)).size).toBe(500);
    expect(fake.violations).toEqual([]);
  });
});

describe('jars that do not all fit into the upload time of one pass', () => {
  test('are uploaded by the passes after it, and nobody is told of a failure', async () => {
    const fake = createWorld();
    const big = Array.from({ length: 4 }, (_, n) =>
      aJob({ name: `big-${n}`, jar: `s3://jars/${n}.jar`, lineage: lineageOf(`big-${n}`) }),
    );
    for (const { jar } of big)
      fake.jars.set(jar, { present: true, version: 'v1', sizeBytes: 0.6 * defaults.uploadBytesMax });
    const counts: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      await passes(fake, 1, { cluster: aCluster(big) });
      counts.push(jobsOf(fake).length);
    }
    expect(counts).toEqual([1, 2, 3, 4]);
    expect(fake.alerts).toEqual([]);
  });
});

describe('a JobManager that answers everything with an error (F24)', () => {
  test.each([429, 500, 502, 503, 504])('%i costs a look two questions and no more', async (status) => {
    const { look, paths, arn } = await world((_, response) => response.writeHead(status).end('{"errors":["busy"]}'));
    const view = (await look()).flink[arn];
    expect(view).toMatchObject({ known: false });
    expect(paths.length).toBeLessThanOrEqual(2);
  });
});
