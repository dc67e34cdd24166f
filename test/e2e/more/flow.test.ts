import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { listKeys } from '../support/bucket.ts';
import { running, sampleJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { ASTRAY, type OutputStore, openOutputStore } from '../support/output-store.ts';
import { rewriteFlinkProperties } from '../support/rolling.ts';
import { openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'flow';
/** The shortest that the manifest takes. */
const WITHIN = '10m';
/** Records and files are looked at each five minutes, and the first look knows of no change: five of them, and one that failed. */
const TOLD_MAX_MS = 1_900_000;
/** Of those that are well two looks more than it takes to tell one that is not. */
const TEST_MAX_MS = TOLD_MAX_MS + 100_000;

/** It reads, and its files come no more. */
const STALLS = 'stalls';
/** Its sink is slow, and it has far more to write. */
const LAGS = 'lags';
/** It read once, so its output is as old as that of the one that stalls. */
const QUIET = 'quiet';
const WELL = 'well';

/** A busy machine may stand still for a while, and no job is restarted for that. */
const PATIENCE = ['heartbeat.timeout', '600000'] as const;

const folderOf = (name: string) => `flow/${name}`;
const job = (name: string, rate: string) => ({
  ...sampleJob(name, { rate, args: ['--out', `s3://${BUCKET}/${folderOf(name)}`] }),
  health: {
    backPressureWithin: WITHIN,
    ...(name === LAGS ? {} : { output: { prefix: `s3://${BUCKET}/${folderOf(name)}`, within: WITHIN } }),
  },
});
/** One record, and no more within hours. */
const HARDLY_ANY = '0.0001';
/** Of a second's records its channels hold a few. */
const MANY = '5000';

describe('how records get through jobs, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  let store: OutputStore;
  beforeAll(async () => {
    const jobs = [job(STALLS, '100'), job(LAGS, MANY), job(QUIET, HARDLY_ANY), job(WELL, '100')];
    stage = await openStage(CLUSTER, { name: CLUSTER, jobs }, { slots: String(jobs.length) });
    alerts = await subscribe(stage.world);
    store = await openOutputStore(stage.world);
    store.become(folderOf(LAGS), 'slow');
    const withSettings = (text: string) =>
      [text.trimEnd(), ...[store.setting, PATIENCE].map((setting) => setting.join(': ')), ''].join('\n');
    for (const service of ['jobmanager', 'taskmanager']) await rewriteFlinkProperties(stage, withSettings, service);
    stage.world.agent.startTasks();
    for (const { name } of jobs) await running(stage, name);
    await waitFor('their first files', TOLD_MAX_MS, async () => {
      const files = await Promise.all([STALLS, QUIET, WELL].map((name) => filesOf(name)));
      return files.every((each) => each.length > 0);
    });
    store.become(folderOf(STALLS), 'astray');
  });
  afterAll(async () => {
    store?.close();
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const filesOf = (name: string, above = '') => listKeys(stage.world, `${above}${folderOf(name)}/`);
  const toldOf = async (name: string) =>
    (await alerts.told()).filter(({ job: of }) => of === name).map(({ code, state }) => `${code} ${state}`);
  const untilTold = (count: number, ...names: readonly string[]) =>
    waitFor(`${count} messages of ${names.join(', ')}`, TOLD_MAX_MS, async () => {
      const told = await Promise.all(names.map(toldOf));
      return told.every((each) => each.length >= count);
    });
  const openingOf = async (name: string) =>
    (await alerts.bodies()).find((body) => body.includes(`"job":"${name}"`) && body.includes('"state":"open"')) ?? '';
  const outputOf = async (name: string) => (await stage.memory.samples(CLUSTER))[name]?.output;

  test(
    'one that reads and whose files come no more, and one whose sink is slow, are told once each, with the reason',
    async () => {
      await untilTold(1, STALLS, LAGS);
      expect(await openingOf(STALLS)).toMatch(
        new RegExp(`it reads since .+ and finished no file below s3://${BUCKET}/flow/stalls since: the newest is of`),
      );
      expect(await openingOf(LAGS)).toMatch(
        /for \d+ min its work waits: \\".*transactions.*\\" waits \d+ % of its time; the busiest is \\".*account-totals/,
      );
      // Flink finished all of them, elsewhere.
      expect((await filesOf(STALLS, `${ASTRAY}/`)).length).toBeGreaterThan(10);
      expect(await toldOf(STALLS)).toEqual(['OUTPUT_STALLED open']);
      expect(await toldOf(LAGS)).toEqual(['BACK_PRESSURE open']);
    },
    TEST_MAX_MS,
  );

  test(
    'of one whose source is quiet, and whose output is as old, nobody hears: it was looked at all the same',
    async () => {
      const [quiet, stalls] = await Promise.all([outputOf(QUIET), outputOf(STALLS)]);
      expect(quiet?.unseen).toBeUndefined();
      expect(quiet?.records).toBeGreaterThan(0);
      expect(Math.abs((quiet?.newestMs ?? 0) - (stalls?.newestMs ?? 0))).toBeLessThan(60_000);
      expect(await toldOf(QUIET)).toEqual([]);
    },
    TEST_MAX_MS,
  );

  test(
    'both are over when their files come again, and in time, and that is told once',
    async () => {
      for (const name of [STALLS, LAGS]) store.become(folderOf(name), 'well');
      await untilTold(2, STALLS, LAGS);
      expect(await toldOf(STALLS)).toEqual(['OUTPUT_STALLED open', 'OUTPUT_STALLED closed']);
      expect(await toldOf(LAGS)).toEqual(['BACK_PRESSURE open', 'BACK_PRESSURE closed']);
    },
    TEST_MAX_MS,
  );

  test('of the others nobody heard anything in all that time', async () => {
    await running(stage, WELL);
    expect(await toldOf(WELL)).toEqual([]);
    expect(await toldOf(QUIET)).toEqual([]);
    expect((await outputOf(WELL))?.unseen).toBeUndefined();
  });
});
