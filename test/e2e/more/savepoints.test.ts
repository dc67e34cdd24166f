import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { lastAttempt, nextAttempt, restoredFrom } from '../support/attempts.ts';
import { giveOrder, lookNow, statusOfJob } from '../support/autopilot.ts';
import { checkpointsOf, listKeys, STATE_DIRS, savepointsOf } from '../support/bucket.ts';
import { countsBelow } from '../support/counter.ts';
import { killJobManager, RUNNING_MAX_MS, readyAfter, running, statefulJob, stopByHand } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'savepoints';
const JOB = 'saved';
const OUT = 'saved';
const KEEP = 2;

describe('savepoints and what is left behind, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  beforeAll(async () => {
    const jobs = [{ ...statefulJob(JOB, OUT, '2 s'), savepoints: { every: '10m', keep: KEEP }, garbage: 'delete' }];
    stage = await openStage(CLUSTER, { name: CLUSTER, ...STATE_DIRS, jobs });
    alerts = await subscribe(stage.world);
    stage.world.agent.startTasks();
    await running(stage, JOB);
  });
  afterAll(async () => {
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const last = () => lastAttempt(stage, CLUSTER, JOB);
  const order = (kind: string) => giveOrder(stage.world, kind, `${CLUSTER}/${JOB}`, '--who', 'ann', '--why', 'a test');
  const checkpointed = (jobId: string) =>
    waitFor(`a checkpoint of ${jobId}`, RUNNING_MAX_MS, async () => (await checkpointsOf(stage.world, jobId)).at(-1));
  /** What the ledger has of an attempt that is not given up, the newest first. */
  const ledger = async (jobId: string) => {
    const attempts = await stage.memory.attempts(CLUSTER, JOB);
    const { snapshots = [] } = attempts.find((each) => each.jobId === jobId) ?? {};
    return snapshots.filter(({ kind, disposedMs }) => kind === 'savepoint' && disposedMs === undefined);
  };
  const untilLedgerHas = (what: string, jobId: string, isIt: (paths: readonly string[]) => boolean) =>
    waitFor(what, RUNNING_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      const paths = (await ledger(jobId)).map(({ path }) => path);
      return isIt(paths) ? paths : undefined;
    });
  /** Orders a savepoint and waits until the ledger has it; gives its path. */
  const saved = async (jobId: string): Promise<string> => {
    const before = (await ledger(jobId)).map(({ path }) => path);
    await order('savepoint');
    const [newest = ''] = await untilLedgerHas(
      'the savepoint',
      jobId,
      ([path = '']) => path !== '' && !before.includes(path),
    );
    return newest;
  };
  const nothingLostOrDoubled = async (jobId: string) => {
    await checkpointed(jobId);
    expect(await countsBelow(stage.world, OUT)).toMatchObject({ lost: 0, doubled: 0 });
  };

  test('the schedule takes the first one as soon as all tasks run, and none before the next is due', async () => {
    const { jobId } = await last();
    const [scheduled] = await untilLedgerHas('the scheduled savepoint', jobId, (paths) => paths.length > 0);
    await lookNow(stage.world, CLUSTER);
    expect(await savepointsOf(stage.world, jobId)).toEqual([scheduled]);
    expect((await running(stage, JOB)).jobId).toBe(jobId);
  });

  test('by order one more is taken while it runs on; of more than `keep` the oldest goes', async () => {
    const { jobId } = await last();
    const [scheduled = ''] = (await ledger(jobId)).map(({ path }) => path);
    const second = await saved(jobId);
    expect(new Set(await savepointsOf(stage.world, jobId))).toEqual(new Set([scheduled, second]));
    const third = await saved(jobId);
    await waitFor('the oldest to be deleted', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      return (await savepointsOf(stage.world, jobId)).length <= KEEP;
    });
    expect(new Set(await savepointsOf(stage.world, jobId))).toEqual(new Set([second, third]));
    expect(await listKeys(stage.world, scheduled.slice(`s3://${BUCKET}/`.length))).toEqual([]);
    expect((await running(stage, JOB)).jobId).toBe(jobId);
  });

  test('the one that it was restarted from is not deleted, however many newer ones there are', async () => {
    const before = await last();
    await order('restart');
    const next = await nextAttempt(stage, CLUSTER, JOB, before);
    const source = next.source?.path ?? '';
    expect(await restoredFrom(stage, next.jobId)).toBe(source);
    const newer: string[] = [];
    for (let count = 0; count <= KEEP; count += 1) newer.push(await saved(next.jobId));
    await waitFor('older ones to be deleted', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      const old = await savepointsOf(stage.world, before.jobId);
      return old.length === 1 && (await savepointsOf(stage.world, next.jobId)).length === KEEP;
    });
    expect(await savepointsOf(stage.world, before.jobId)).toEqual([source]);
    expect(new Set(await savepointsOf(stage.world, next.jobId))).toEqual(new Set(newer.slice(-KEEP)));
    await nothingLostOrDoubled(next.jobId);
  });

  test('`garbage: delete`: after two losses only what the newest attempt was started from is left of the older checkpoints', async () => {
    const first = await last();
    await checkpointed(first.jobId);
    await killJobManager(stage);
    const second = await nextAttempt(stage, CLUSTER, JOB, first);
    await checkpointed(second.jobId);
    await killJobManager(stage);
    const third = await nextAttempt(stage, CLUSTER, JOB, second);
    await checkpointed(third.jobId);
    const left = async (jobId: string) => (await listKeys(stage.world, `checkpoints/${jobId}/`)).length;
    await waitFor('what the first one left to be deleted', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      return (await left(first.jobId)) === 0;
    });
    await lookNow(stage.world, CLUSTER); // what else would go, goes
    const { source } = third;
    expect(source?.attempt).toBe(second.n);
    expect((await checkpointsOf(stage.world, second.jobId)).map(({ path }) => path)).toContain(source?.path);
    await nothingLostOrDoubled(third.jobId);
  });

  test('`flink stop` by a person: held and told once, its savepoint is kept in mind; released, it goes on from it', async () => {
    const before = await last();
    await checkpointed(before.jobId);
    const submitted = submissionsToFlink(stage.world).length;
    const path = await stopByHand(stage, before.jobId, `${STATE_DIRS.savepointDir}/by-hand`);
    // Flink keeps what it says of checkpoints for up to 3 s: until then it seems to have come to its end.
    await untilLedgerHas('the savepoint', before.jobId, (paths) => paths.includes(path));
    expect(await statusOfJob(stage.world, CLUSTER, JOB)).toMatchObject({
      verdict: 'hold',
      because: expect.stringContaining(path),
    });
    expect((await ledger(before.jobId))[0]).toMatchObject({ path, stopped: true });
    await readyAfter(stage, await killJobManager(stage), 1);
    await lookNow(stage.world, CLUSTER);
    expect(submissionsToFlink(stage.world)).toHaveLength(submitted);
    await waitFor('the message', RUNNING_MAX_MS, async () =>
      (await alerts.told()).some(({ code, state, job }) => code === 'JOB_STOPPED' && state === 'open' && job === JOB),
    );
    await order('release');
    const next = await nextAttempt(stage, CLUSTER, JOB, before);
    expect(next.source).toMatchObject({ kind: 'savepoint', path });
    expect(await restoredFrom(stage, next.jobId)).toBe(path);
    await nothingLostOrDoubled(next.jobId);
    const told = (await alerts.told()).map(({ code, state }) => `${code} ${state}`);
    expect(told.filter((each) => !/^(JOB_LOST_REPEATEDLY|JOBMANAGER_CRASHES) /.test(each))).toEqual([
      'JOB_STOPPED open',
      'JOB_STOPPED closed',
    ]);
  });
});
