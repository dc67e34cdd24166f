import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { lookNow, statusOfJob } from '../support/autopilot.ts';
import { checkpointsOf, STATE_DIRS } from '../support/bucket.ts';
import { countsBelow } from '../support/counter.ts';
import { killJobManager, RUNNING_MAX_MS, running, statefulJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { jobManagers, openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'retention';
const RETENTION = 'execution.checkpointing.externalized-checkpoint-retention';
const OUT = 'retained';
const KILLS = 10;

/** A job that keeps its last checkpoints when it ends, one that deletes them then, and one that never keeps any. */
const policies = {
  keeps: 'RETAIN_ON_CANCELLATION',
  deletes: 'DELETE_ON_CANCELLATION',
  forgets: 'NO_EXTERNALIZED_CHECKPOINTS',
} as const;

type Name = keyof typeof policies;

describe('what becomes of checkpoints when their JobManager ends, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  beforeAll(async () => {
    const jobs = Object.entries(policies).map(([name, retention]) => {
      const job = statefulJob(name, `${OUT}/${name}`, '2 s');
      return { ...job, flinkConfiguration: { ...job.flinkConfiguration, [RETENTION]: retention } };
    });
    stage = await openStage(CLUSTER, { name: CLUSTER, ...STATE_DIRS, jobs });
    alerts = await subscribe(stage.world);
    stage.world.agent.startTasks();
    for (const name of Object.keys(policies)) await running(stage, name);
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const last = async (name: Name) => {
    const attempt = (await stage.memory.attempts(CLUSTER, name)).at(-1);
    if (attempt === undefined) throw new Error(`${name} was never started`);
    return attempt;
  };
  const newest = async (name: Name) => (await checkpointsOf(stage.world, (await last(name)).jobId)).at(-1);
  const checkpointed = (name: Name) =>
    waitFor(`a checkpoint of ${name}`, RUNNING_MAX_MS, async () => (await newest(name))?.path);

  test('what an ordinary end would delete is told before, and of what is kept nobody hears', async () => {
    for (const name of ['keeps', 'deletes'] as const) await checkpointed(name);
    await waitFor('both to be told', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      return (await alerts.told()).length >= 2;
    });
    const told = await alerts.told();
    expect(told.map(({ code, job, state }) => [code, job, state]).toSorted()).toEqual([
      ['STATE_AT_RISK', 'deletes', 'open'],
      ['STATE_AT_RISK', 'forgets', 'open'],
    ]);
  });

  test('SIGTERM: what is kept is used; what Flink deleted is held for a person, who was told before', async () => {
    for (const name of ['keeps', 'deletes'] as const) await checkpointed(name);
    const before = await newest('keeps');
    const task = jobManagers(stage.world).at(-1)?.taskArn ?? '';
    await stage.world.agent.stopTask(task, 'by hand');
    await running(stage, 'keeps');
    const { source } = await last('keeps');
    expect(source?.path.slice(0, source.path.lastIndexOf('/'))).toBe(
      before?.path.slice(0, before.path.lastIndexOf('/')),
    );
    expect(source?.id).toBeGreaterThanOrEqual(before?.id ?? Number.NaN);
    for (const name of ['deletes', 'forgets'] as const) {
      const status = await waitFor(`${name} to be held`, RUNNING_MAX_MS, async () => {
        const seen = await statusOfJob(stage.world, CLUSTER, name);
        return seen?.verdict === 'hold' ? seen : undefined;
      });
      expect(status.because).toContain('no complete snapshot of it is left');
    }
  });

  test('ten kills in a row: what keeps its checkpoints goes on from the newest each time, nothing lost or doubled (I2)', async () => {
    for (let kills = 0; kills < KILLS; kills += 1) {
      await checkpointed('keeps');
      await killJobManager(stage);
      const before = await newest('keeps');
      await running(stage, 'keeps');
      expect((await last('keeps')).source?.path).toBe(before?.path);
    }
    await checkpointed('keeps');
    expect(await countsBelow(stage.world, `${OUT}/keeps`)).toMatchObject({ lost: 0, doubled: 0 });
  });
});
