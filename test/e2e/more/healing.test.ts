import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { nextAttempt } from '../support/attempts.ts';
import { checkpointsOf, STATE_DIRS } from '../support/bucket.ts';
import { RUNNING_MAX_MS, statefulJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { lookNow } from '../support/look-now.ts';
import { installProduct, openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'healing';
const JOB = 'failing';
const RESTARTS = 2;
/** A hundred records a second: so long for its checkpoints, and it fails after five seconds of each life. */
const EVERY = '1 s';
const FAILS = ['--fail-after', '500'];
const TEST_MAX_MS = 400_000;

const entry = (args: readonly string[]) => {
  const job = statefulJob(JOB, 'healing', EVERY);
  const flinkConfiguration = { ...job.flinkConfiguration, 'restart-strategy.type': 'none' };
  const healing = { restarts: RESTARTS, distance: '10s' };
  const jobs = [{ ...job, args: [...job.args, ...args], flinkConfiguration, healing }];
  return { name: CLUSTER, ...STATE_DIRS, jobs };
};

describe('a job that Flink gives up every few seconds, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  beforeAll(async () => {
    stage = await openStage(CLUSTER, entry(FAILS));
    alerts = await subscribe(stage.world);
    stage.world.agent.startTasks();
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const attempts = () => stage.memory.attempts(CLUSTER, JOB);
  const opening = { code: 'JOB_FAILED', state: 'open', cluster: CLUSTER, job: JOB };
  const lookUntil = <T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> =>
    waitFor(what, RUNNING_MAX_MS, async () => {
      await lookNow(stage.world);
      return ask();
    });

  test(
    'is started again from its newest checkpoint as often as it may be, and then held: one message (F64)',
    async () => {
      await lookUntil('its restarts to be spent', async () => {
        const all = await attempts();
        return all.length === 1 + RESTARTS && all.at(-1)?.end?.state === 'FAILED';
      });
      for (let looks = 0; looks < 3; looks += 1) await lookNow(stage.world);
      const [first, ...again] = await attempts();
      expect(first?.end?.cause).toContain('as --fail-after 500 asks');
      expect(again).toHaveLength(RESTARTS);
      for (const [index, attempt] of again.entries()) {
        const before = index === 0 ? first : again[index - 1];
        const newest = (await checkpointsOf(stage.world, before?.jobId ?? '')).at(-1);
        expect(attempt.source?.path).toBe(newest?.path);
        expect(attempt.restored?.id).toBe(newest?.id);
      }
      expect(submissionsToFlink(stage.world)).toHaveLength(1 + RESTARTS);
      expect(await alerts.told()).toEqual([opening]);
    },
    TEST_MAX_MS,
  );

  test(
    'is started at once when its entry is corrected, and told to be over when it has run well',
    async () => {
      const last = (await attempts()).at(-1);
      if (last === undefined) throw new Error('it was never started');
      const newest = (await checkpointsOf(stage.world, last.jobId)).at(-1);
      await installProduct(stage, entry([]));
      await lookNow(stage.world);
      const next = await nextAttempt(stage, CLUSTER, JOB, last);
      expect(next.source?.path).toBe(newest?.path);
      await lookUntil('the closing', async () => (await alerts.told()).length > 1);
      expect(await alerts.told()).toEqual([opening, { ...opening, state: 'closed' }]);
    },
    TEST_MAX_MS,
  );
});
