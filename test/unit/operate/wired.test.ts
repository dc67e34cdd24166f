import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { wire } from '../../../lib/wiring.ts';

const folder = mkdtempSync(join(tmpdir(), 'operate-wired-'));
const manifest = join(folder, 'flink-jobs.json');
const job = { name: 'orders', jar: 's3://jars/orders.jar' };
const cluster = { name: 'realtime', ecsCluster: 'flink', jobManagers: ['jobmanager'], jobs: [job] };
writeFileSync(manifest, JSON.stringify({ clusters: [cluster] }));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const env = {
  TABLE_NAME: 'flink-autopilot-dev-Memory-1',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:alerts',
  AUTOPILOT_NAMESPACE: 'flink-autopilot-dev',
};

/** What the function operate answers, with its real adapters, where no AWS is to be reached. */
const answer = (request: unknown): Promise<unknown> => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  return wire(env, manifest).operate(request, { untilMs: Date.now() + 2_000 });
};

describe('the function operate as it is wired', () => {
  it('answers a mistake with what is wrong', async () => {
    expect(await answer({ op: 'status', cluster: 'realtim' })).toEqual({
      ok: false,
      why: 'invalid',
      problems: ['there is no cluster "realtim" in the deployed manifest; did you mean realtime?'],
    });
  });

  it('answers when the table cannot be reached, and says so', async () => {
    expect(await answer({ op: 'status' })).toMatchObject({
      ok: true,
      clusters: [
        { cluster: 'realtime', rung: 'unknown', because: expect.stringMatching(/^STORE_\w+: dynamodb:Query/) },
      ],
    });
  });
});
