import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { giveOrder } from '../support/autopilot.ts';
import { running, sampleJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { rewriteFlinkProperties } from '../support/rolling.ts';
import { nextScene, openStage, type Stage } from '../support/stage.ts';

/** Three of the schedule's minutes, and the patience of a lost view. */
const TOLD_MAX_MS = 300_000;

const POISON = 'poison';
const GOOD = 'good';
const THROWS = 'throws';
const FAILS = 'fails';
const BLIND = 'blind';

describe('jobs that go badly, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  beforeAll(async () => {
    const jobs = [sampleJob(POISON, { args: ['--main-exit', '3'] }), sampleJob(GOOD)];
    stage = await openStage('bad-jobs', { name: POISON, jobs });
    alerts = await subscribe(stage.world);
    // The example guards itself against such jobs; most clusters do not.
    await rewriteFlinkProperties(stage, (text) => text.replace(/^cluster\.intercept-user-system-exit: .*\n/m, ''));
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });

  const told = async (cluster: string) => (await alerts.told()).filter((one) => one.cluster === cluster);
  const toldOf = (cluster: string, count: number) =>
    waitFor(`${count} messages on ${cluster}`, TOLD_MAX_MS, async () => {
      const messages = await told(cluster);
      return messages.length >= count ? messages : undefined;
    });

  describe('watched from outside', () => {
    judgeEachTest(() => stage);

    test('System.exit in main() ends the JobManager twice: held and told once, the other job runs (F102)', async () => {
      stage.world.agent.startTasks();
      await toldOf(POISON, 1);
      await running(stage, GOOD);
      expect(await told(POISON)).toMatchObject([
        { code: 'SUBMISSION_KILLS_JOBMANAGER', state: 'open', cluster: POISON, job: POISON },
      ]);
      const posts = (await stage.memory.attempts(POISON, POISON)).flatMap((attempt) => attempt.posts);
      expect(posts.filter(({ alone }) => alone)).toHaveLength(2);
      // One more where the other job had no answer from the first JobManager either: nobody could say whose fault it was.
      expect(posts.length).toBeLessThanOrEqual(3);
    });

    test('what main() throws passes: told once, tried again, told once more (F38)', async () => {
      const passes = join(stage.world.dir, 'database is up');
      const args = ['--main-throws', 'the database is away', '--main-throws-until-file', passes];
      await nextScene(stage, { name: THROWS, jobs: [sampleJob(THROWS, { args })] });
      await toldOf(THROWS, 1);
      writeFileSync(passes, '');
      const { jobId } = await running(stage, THROWS);
      await toldOf(THROWS, 2);
      const incident = { code: 'MAIN_THREW', cluster: THROWS, job: THROWS };
      expect(await told(THROWS)).toEqual([
        { ...incident, state: 'open' },
        { ...incident, state: 'closed' },
      ]);
      expect(submissionsToFlink(stage.world).filter(({ name }) => name === THROWS)).toMatchObject([{ jobId }]);
    });

    test('FAILED is told once and held, and released by an order (F64)', async () => {
      const job = sampleJob(FAILS, { args: ['--fail-after', '200'] });
      const flinkConfiguration = { 'restart-strategy.type': 'none' };
      await nextScene(stage, { name: FAILS, jobs: [{ ...job, flinkConfiguration, healing: { restarts: 0 } }] });
      await toldOf(FAILS, 1);
      expect(await told(FAILS)).toEqual([{ code: 'JOB_FAILED', state: 'open', cluster: FAILS, job: FAILS }]);
      const before = await stage.memory.attempts(FAILS, FAILS);
      expect(before).toMatchObject([{ n: 1, end: { state: 'FAILED' } }]);
      await giveOrder(stage.world, 'release', `${FAILS}/${FAILS}`, '--why', 'once more');
      await waitFor('the next attempt', TOLD_MAX_MS, async () => {
        const attempts = await stage.memory.attempts(FAILS, FAILS);
        return attempts.some(({ n }) => n === 2);
      });
    });
  });

  // The frozen JobManager is silent, which the watch from outside would rightly call a gap.
  test('Flink does not answer for minutes: told once, nothing done, told once more (F22, F80)', async () => {
    await nextScene(stage, { name: BLIND, jobs: [sampleJob(BLIND)] });
    const { jobId } = await running(stage, BLIND);
    await waitFor('the job to be remembered', TOLD_MAX_MS, async () => {
      const [attempt] = await stage.memory.attempts(BLIND, BLIND);
      return attempt?.sightedOn === undefined ? undefined : attempt;
    });
    const thaw = async () => void (await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGCONT'));
    onTestFinished(thaw);
    await stage.world.agent.kill({ role: 'jobmanager' }, 'SIGSTOP');
    await toldOf(BLIND, 1);
    await thaw();
    await toldOf(BLIND, 2);
    const incident = { code: 'CLUSTER_UNSEEN', cluster: BLIND };
    expect(await told(BLIND)).toEqual([
      { ...incident, state: 'open' },
      { ...incident, state: 'closed' },
    ]);
    expect((await running(stage, BLIND)).jobId).toBe(jobId);
    expect(submissionsToFlink(stage.world).filter(({ name }) => name === BLIND)).toHaveLength(1);
  });
});
