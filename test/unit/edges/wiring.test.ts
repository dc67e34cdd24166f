import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import { wire } from '../../../lib/wiring.ts';

const folder = mkdtempSync(join(tmpdir(), 'wiring-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const env = {
  TABLE_NAME: 'flink-autopilot-dev-Memory-1',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:alerts',
  AUTOPILOT_NAMESPACE: 'flink-autopilot-dev',
};
const job = { name: 'orders', jar: 's3://jars/orders.jar' };
const cluster = { name: 'realtime', ecsCluster: 'flink', jobManagers: ['jobmanager'], jobs: [job] };
const manifest = file('flink-jobs.json', JSON.stringify({ clusters: [cluster] }));
const refusal = (act: () => unknown): Fault | undefined => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
  return undefined;
};

describe('a cold start', () => {
  it('knows the clusters of the manifest, their jobs with lineage and revision', () => {
    const [found] = wire(env, manifest).clusters;
    expect(found).toMatchObject({ name: 'realtime', ecsCluster: 'flink', jobs: [job] });
    expect(found?.jobs[0]?.lineage).toMatch(/^[0-9a-f]{16}$/);
    expect(found?.jobs[0]?.revision).toMatch(/^[0-9a-f]{16}$/);
  });

  it('gives another stage other lineages', () => {
    const lineage = (namespace: string) =>
      wire({ ...env, AUTOPILOT_NAMESPACE: namespace }, manifest).clusters[0]?.jobs[0]?.lineage;
    expect(lineage('flink-autopilot-prod')).not.toBe(lineage('flink-autopilot-dev'));
  });

  it('finds the cluster of an event, and how long it may work', () => {
    const app = wire(env, manifest);
    const detail = { clusterArn: 'arn:x/flink', taskArn: 't', lastStatus: 'RUNNING', group: 'service:jobmanager' };
    const event = { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail };
    expect(app.clusterOf(event)?.name).toBe('realtime');
    const beforeMs = Date.now();
    const untilMs = app.untilMs({ getRemainingTimeInMillis: () => 55_000 });
    expect(untilMs).toBeGreaterThanOrEqual(beforeMs + 50_000);
    expect(untilMs).toBeLessThan(Date.now() + 55_000);
  });

  it.each([
    ['an environment without its names (F95)', {}, manifest, 'ENVIRONMENT_INVALID', 'environment has 3 problems'],
    ['no manifest', env, join(folder, 'none.json'), 'MANIFEST_UNREADABLE', 'flink-jobs.json cannot be read'],
    ['a manifest that is no JSON', env, file('text.json', 'hello'), 'MANIFEST_UNREADABLE', 'cannot be read'],
    ['a manifest that is wrong', env, file('wrong.json', '{}'), 'MANIFEST_INVALID', 'clusters: missing'],
  ])('is refused with %s', (_, environment, path, code, text) => {
    const fault = refusal(() => wire(environment, path));
    expect(fault).toMatchObject({ kind: 'invalid', code });
    expect(fault?.message).toContain(text);
  });
});
