import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { STATE_DIRS } from '../support/bucket.ts';
import { running, sampleJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { lookNow } from '../support/look-now.ts';
import { readable } from '../support/readable.ts';
import { rewriteFlinkProperties } from '../support/rolling.ts';
import { openSavepointStore, type SavepointStore } from '../support/savepoint-store.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { openVault } from '../support/vault.ts';

const CLUSTER = 'health';
/** Four samples, of which the first may know nothing of restarts and each later one says what was a sample ago. */
const TOLD_MAX_MS = 360_000;
const TEST_MAX_MS = 400_000;

const LOOPS = 'loops';
/** Its checkpoints may fail as often as they like; one failure is one too many for the other. */
const TOLERATES = 'tolerates';
const RESTARTS = 'restarts';
/** As many as are ill: were most of them, that alone would be told. */
const QUIET = ['quiet-1', 'quiet-2', 'quiet-3', 'quiet-4'];
/** Flink repeats its argument in an exception; the process that reads that is not the one that submitted it. */
const LEAKS = 'leaks';
const CANARY = 'canary-Hx4pTq8z';
const PARAMETER = '/e2e/health/canary';

/** A busy machine may stand still for a while, and no job is restarted for that. */
const PATIENCE = ['heartbeat.timeout', '600000'] as const;

/** Nor for as few restarts as that may cost all the same. */
const health = { restarts: 10, restartsWithin: '3m', checkpointFailures: 2 };
/** Where nothing is refused. */
const ELSEWHERE = { 'execution.checkpointing.dir': `s3://${BUCKET}/elsewhere` };
const TOLERATED = 'execution.checkpointing.tolerable-failed-checkpoints';
const job = (name: string, flinkConfiguration: Readonly<Record<string, string>>, args: readonly string[] = []) => ({
  ...sampleJob(name, { args }),
  flinkConfiguration: {
    'execution.checkpointing.interval': '5 s',
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': '1000000',
    'restart-strategy.fixed-delay.delay': '3 s',
    ...flinkConfiguration,
  },
  health,
});

describe('jobs that are ill, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  let store: SavepointStore;
  beforeAll(async () => {
    const jobs = [
      job(LOOPS, ELSEWHERE, ['--fail-after', '200']),
      job(TOLERATES, { [TOLERATED]: '1000000' }),
      job(RESTARTS, { [TOLERATED]: '0' }),
      ...QUIET.map((name) => job(name, ELSEWHERE)),
      job(LEAKS, ELSEWHERE, ['--out', `file:///proc/\${ssm:${PARAMETER}}/out`]),
    ];
    stage = await openStage(CLUSTER, { name: CLUSTER, ...STATE_DIRS, jobs }, { slots: String(jobs.length) });
    const vault = openVault(stage.world);
    await vault.parameter(PARAMETER, CANARY, 'SecureString');
    vault.close();
    alerts = await subscribe(stage.world);
    store = await openSavepointStore(stage.world, 'checkpoints');
    const withSettings = (text: string) =>
      [text.trimEnd(), ...[store.setting, PATIENCE].map((setting) => setting.join(': ')), ''].join('\n');
    for (const service of ['jobmanager', 'taskmanager']) await rewriteFlinkProperties(stage, withSettings, service);
    stage.world.agent.startTasks();
    for (const name of [TOLERATES, RESTARTS, ...QUIET]) await running(stage, name);
  });
  afterAll(async () => {
    store?.close();
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const toldOf = async (name: string) =>
    (await alerts.told()).filter(({ job: of }) => of === name).map(({ code, state }) => `${code} ${state}`);
  const untilTold = (count: number, ...names: readonly string[]) =>
    waitFor(`${count} messages of ${names.join(', ')}`, TOLD_MAX_MS, async () => {
      const told = await Promise.all(names.map(toldOf));
      return told.every((each) => each.length >= count);
    });
  const bodyOf = async (name: string) =>
    (await alerts.bodies()).find((body) => body.includes(`"job":"${name}"`) && body.includes('"state":"open"')) ?? '';

  test(
    'one that fails every few seconds is told once, with its root cause',
    async () => {
      await untilTold(1, LOOPS);
      for (let looks = 0; looks < 3; looks += 1) await lookNow(stage.world);
      expect(await toldOf(LOOPS)).toEqual(['RESTART_LOOP open']);
      expect(await bodyOf(LOOPS)).toMatch(/Flink restarted it \d+ times within 3 min; the newest exception: \S+/);
      // Another one may have been the newest then, as of a machine that stood still.
      await waitFor('the root cause', TOLD_MAX_MS, async () =>
        JSON.stringify(await stage.memory.items()).includes('as --fail-after 200 asks'),
      );
    },
    TEST_MAX_MS,
  );

  test(
    'one that fails with a secret in its exception is told with its root cause, and the secret is nowhere',
    async () => {
      await untilTold(1, LEAKS);
      await waitFor('the root cause', TOLD_MAX_MS, async () =>
        JSON.stringify(await stage.memory.items()).includes(`<value of ssm:${PARAMETER}>`),
      );
      const texts = await readable(stage, alerts);
      expect(Object.keys(texts).filter((where) => texts[where]?.includes(CANARY))).toEqual([]);
      expect(await toldOf(LEAKS)).toEqual(['RESTART_LOOP open']);
    },
    TEST_MAX_MS,
  );

  test(
    'checkpoints that cannot be written are told once, also where Flink restarts the job for them, and are over when mended',
    async () => {
      store.become('refusing');
      await untilTold(1, TOLERATES, RESTARTS);
      expect(await bodyOf(TOLERATES)).toMatch(/checkpoints in a row failed: \S+/);
      expect(await bodyOf(RESTARTS)).toContain('Exceeded checkpoint tolerable failure threshold');
      store.become('well');
      await untilTold(2, TOLERATES, RESTARTS);
      await lookNow(stage.world);
      for (const name of [TOLERATES, RESTARTS])
        expect(await toldOf(name)).toEqual(['CHECKPOINTS_FAILING open', 'CHECKPOINTS_FAILING closed']);
    },
    2 * TEST_MAX_MS,
  );

  test('of those that are well beside them nobody hears', async () => {
    for (const name of QUIET) {
      await running(stage, name);
      expect(await toldOf(name)).toEqual([]);
    }
    expect(await toldOf(LOOPS)).toEqual(['RESTART_LOOP open']);
  });
});
