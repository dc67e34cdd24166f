import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uploadSampleJar } from '../../local/deploy/deployments.ts';
import { waitFor } from '../../local/wait-for.ts';
import { type Alerts, subscribe } from './support/alerts.ts';
import { autopilot } from './support/autopilot.ts';
import { running, sampleJob } from './support/jobs.ts';
import { judgeEachTest } from './support/judge.ts';
import { functionLines, submissionsToFlink } from './support/logs.ts';
import { lookNow } from './support/look-now.ts';
import { installProduct, openStage, type Stage } from './support/stage.ts';
import { openVault } from './support/vault.ts';
import { keepVersions } from './support/versions.ts';
import { startWebhook, type Webhook } from './support/webhook.ts';

const CLUSTER = 'missing-jar';
const JOB = 'late';
const JAR = 'jars/late.jar';
/** Whose jar never comes. */
const NEVER = 'never';
/** What the webhook's messages are signed with. */
const SECRET = 'c4n4ry-that-signs';

const late = sampleJob(JOB, { jar: JAR });

/** Two of the schedule's minutes: the one that has begun and the next. */
const TWO_PERIODS_MS = 130_000;

describe('a jar that is not there yet, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  let webhook: Webhook;
  /** Of every manifest of this file: the webhook hears of all that the topic does. */
  let told: { readonly alerts: Readonly<Record<string, unknown>> };
  beforeAll(async () => {
    webhook = await startWebhook(SECRET);
    told = { alerts: { webhooks: [{ name: 'team', url: webhook.url, secret: '\x24{ssm:/e2e/webhook}' }] } };
    stage = await openStage(CLUSTER, { name: CLUSTER, jobs: [late], ...told });
    const vault = openVault(stage.world);
    await vault.parameter('/e2e/webhook', SECRET, 'SecureString');
    vault.close();
    alerts = await subscribe(stage.world);
    await keepVersions(stage.world);
  });
  afterAll(async () => {
    alerts?.close();
    webhook?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const opening = { code: 'JAR_MISSING', state: 'open', cluster: CLUSTER, job: JOB };

  test('it is told once, looked for again, submitted when it appears, and told once more (I4)', async () => {
    stage.world.agent.startTasks();
    await waitFor('the alert', TWO_PERIODS_MS, async () => (await alerts.told()).length > 0);
    // What is over, such as this pause, the next scheduled look tidies up.
    const { answer } = await autopilot(
      stage.world,
      'pause',
      CLUSTER,
      '--for',
      '5s',
      '--why',
      'to see it end by itself',
    );
    expect(answer).toMatchObject({ op: 'order', came: 'taken', status: { pause: { why: 'to see it end by itself' } } });
    const toldMs = Date.now();
    await waitFor('another look for it', TWO_PERIODS_MS, async () => {
      const lines = await functionLines(stage.world, 'health-check', toldMs);
      return lines.some(({ line }) => line.decision === 'wait' && String(line.because).includes(JAR));
    });
    expect(await alerts.told()).toEqual([opening]);
    const after = await autopilot(stage.world, 'status', CLUSTER);
    expect(JSON.stringify(after.answer)).not.toContain('to see it end by itself');
    expect(submissionsToFlink(stage.world)).toEqual([]);

    await uploadSampleJar(stage.world, JAR);
    const { jobId } = await running(stage, JOB);
    await waitFor('the closing', TWO_PERIODS_MS, async () => (await alerts.told()).length > 1);
    expect(await alerts.told()).toEqual([opening, { ...opening, state: 'closed' }]);
    await waitFor('the webhook to hear of it', TWO_PERIODS_MS, async () => webhook.told().length > 1);
    expect(webhook.told()).toEqual([opening, { ...opening, state: 'closed' }]);
    expect(await stage.memory.attempts(CLUSTER, JOB)).toMatchObject([{ n: 1, jobId, posts: [{ answer: 'accepted' }] }]);
    expect(submissionsToFlink(stage.world)).toMatchObject([{ name: JOB, jobId }]);
  });

  test('when its cluster leaves the manifest what is open is told closed, its job is left alone, and it is forgotten (I4)', async () => {
    const { jobId } = await running(stage, JOB);
    const before = await alerts.told();
    const openNow = { ...opening, job: NEVER };
    await installProduct(stage, { name: CLUSTER, jobs: [late, sampleJob(NEVER, { jar: 'jars/never.jar' })], ...told });
    await lookNow(stage.world);
    await waitFor('the alert', TWO_PERIODS_MS, async () => (await alerts.told()).length > before.length);
    expect(await alerts.told()).toEqual([...before, openNow]);
    expect(await stage.memory.clusters()).toEqual([CLUSTER]);

    await installProduct(stage, { name: 'another', jobs: [], ...told });
    await lookNow(stage.world);
    await waitFor('the closing', TWO_PERIODS_MS, async () => (await alerts.told()).length > before.length + 1);
    await lookNow(stage.world);
    await waitFor('its name to be forgotten', TWO_PERIODS_MS, async () => {
      const known = await stage.memory.clusters();
      return known.length === 1 && known.includes('another');
    });
    const all = [...before, openNow, { ...openNow, state: 'closed' }];
    expect(await alerts.told()).toEqual(all);
    await waitFor('the webhook to hear of it', TWO_PERIODS_MS, async () => webhook.told().length >= all.length);
    expect(webhook.told()).toEqual(all);
    expect(webhook.refused()).toBe(0);
    expect((await alerts.bodies()).join()).not.toContain(SECRET);
    expect((await alerts.bodies()).at(-1)).toContain('the cluster is no longer in the manifest');
    expect((await running(stage, JOB)).jobId).toBe(jobId);
    expect(await stage.memory.attempts(CLUSTER, JOB)).toMatchObject([{ n: 1, jobId }]);
    expect(submissionsToFlink(stage.world)).toHaveLength(1);
  });
});
