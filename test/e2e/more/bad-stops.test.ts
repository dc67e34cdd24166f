import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { lastAttempt, nextAttempt, restoredFrom } from '../support/attempts.ts';
import { autopilot, giveOrder, lookNow } from '../support/autopilot.ts';
import { checkpointsOf, STATE_DIRS, savepointsOf } from '../support/bucket.ts';
import { countsBelow } from '../support/counter.ts';
import { killJobManager, RUNNING_MAX_MS, running, statefulJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { stopsAtFlink } from '../support/logs.ts';
import { rewriteFlinkProperties } from '../support/rolling.ts';
import { type StopProxy, startStopProxy } from '../support/run-proxy.ts';
import { openSavepointStore, type SavepointStore } from '../support/savepoint-store.ts';
import { openStage, type Stage } from '../support/stage.ts';

const CLUSTER = 'bad-stops';
const OUT = 'stopped';
const restPort = 18_081;
const RETENTION = 'execution.checkpointing.externalized-checkpoint-retention';
/** A call that brought no end would be made again after 10 s, and nobody's trigger is known to Flink for longer than 5 min. */
const SLOW_MS = 25_000;

/** Whose checkpoints outlive a cancel, and whose do not. */
const policies = { keeps: 'RETAIN_ON_CANCELLATION', deletes: 'DELETE_ON_CANCELLATION' } as const;
type Name = keyof typeof policies;

describe('stops with a savepoint that go badly, on a real Flink', () => {
  let stage: Stage;
  let alerts: Alerts;
  let proxy: StopProxy;
  let store: SavepointStore;
  beforeAll(async () => {
    const jobs = Object.entries(policies).map(([name, retention]) => {
      const job = statefulJob(name, `${OUT}/${name}`, '2 s');
      return { ...job, flinkConfiguration: { ...job.flinkConfiguration, [RETENTION]: retention } };
    });
    stage = await openStage(CLUSTER, { name: CLUSTER, restPort, ...STATE_DIRS, jobs });
    alerts = await subscribe(stage.world);
    proxy = startStopProxy(stage.world, restPort);
    store = await openSavepointStore(stage.world);
    await rewriteFlinkProperties(stage, (text) => `${text.trimEnd()}\n${store.setting.join(': ')}\n`);
    stage.world.agent.startTasks();
    for (const name of Object.keys(policies)) await running(stage, name);
  });
  afterAll(async () => {
    store?.close();
    proxy?.close();
    alerts?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const last = (name: Name) => lastAttempt(stage, CLUSTER, name);
  const restart = (name: Name) =>
    giveOrder(stage.world, 'restart', `${CLUSTER}/${name}`, '--who', 'ann', '--why', 'a test');
  const newest = async (jobId: string) => (await checkpointsOf(stage.world, jobId)).at(-1);
  const checkpointed = (jobId: string) =>
    waitFor(`a checkpoint of ${jobId}`, RUNNING_MAX_MS, async () => (await newest(jobId))?.path);
  const stopsOf = (id: string) => proxy.stops.filter(({ jobId }) => jobId === id);

  /** One savepoint, of which the next attempt goes on: seen in the bucket, in Flink's answer and log, and by what was counted. */
  const wentOnFrom = async (name: Name, { jobId, n }: { jobId: string; n: number }) => {
    const next = await nextAttempt(stage, CLUSTER, name, await last(name).then((now) => ({ ...now, n })));
    const [savepoint, ...others] = await savepointsOf(stage.world, jobId);
    expect(others).toEqual([]);
    expect(next).toMatchObject({ n: n + 1, source: { kind: 'savepoint', attempt: n, path: savepoint } });
    expect(await restoredFrom(stage, next.jobId)).toBe(savepoint);
    expect(stopsAtFlink(stage.world, jobId)).toBe(1);
    await checkpointed(next.jobId);
    expect(await countsBelow(stage.world, `${OUT}/${name}`)).toMatchObject({ lost: 0, doubled: 0 });
  };

  test.each(['reply lost', 'request lost'] as const)(
    '%s: one savepoint, from which it goes on (F27, F110)',
    async (fate) => {
      const before = await last('keeps');
      await checkpointed(before.jobId);
      proxy.next(fate);
      await restart('keeps');
      await wentOnFrom('keeps', before);
      const stops = stopsOf(before.jobId);
      expect(stops.map((each) => each.fate)).toEqual(fate === 'reply lost' ? [fate] : [fate, 'answered']);
      expect(new Set(stops.map(({ triggerId }) => triggerId)).size).toBe(1);
    },
  );

  test('no answer comes, and the savepoint takes long: no second one is begun, and it goes on from the first', async () => {
    const before = await last('keeps');
    await checkpointed(before.jobId);
    const written = store.written();
    proxy.next('never answered');
    store.become('slow');
    await restart('keeps');
    await waitFor('the savepoint to be all but complete', RUNNING_MAX_MS, async () => store.written() > written);
    const fromMs = Date.now();
    await waitFor('looks that might ask again', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      return Date.now() - fromMs > SLOW_MS;
    });
    const again = await autopilot(stage.world, 'restart', `${CLUSTER}/keeps`, '--why', 'impatience');
    expect(again).toMatchObject({ code: 4 });
    expect((await last('keeps')).n).toBe(before.n);
    expect(stopsOf(before.jobId).map(({ fate }) => fate)).toEqual(['never answered']);
    expect(await savepointsOf(stage.world, before.jobId)).toEqual([]);
    store.become('well');
    await wentOnFrom('keeps', before);
    expect(store.written()).toBe(written + 1);
  });

  test('the JobManager is killed while the savepoint is all but complete: the newest checkpoint counts, and the savepoint never', async () => {
    const before = await last('keeps');
    await checkpointed(before.jobId);
    const written = store.written();
    store.become('slow');
    await restart('keeps');
    await waitFor('the savepoint to be all but complete', RUNNING_MAX_MS, async () => store.written() > written);
    await killJobManager(stage);
    store.become('well');
    const next = await nextAttempt(stage, CLUSTER, 'keeps', before);
    const path = (await newest(before.jobId))?.path;
    expect(next).toMatchObject({ n: before.n + 1, source: { kind: 'checkpoint', attempt: before.n, path } });
    expect(await restoredFrom(stage, next.jobId)).toBe(path);
    expect(await savepointsOf(stage.world, before.jobId)).toEqual([]);
    await running(stage, 'deletes');
    await checkpointed(next.jobId);
    expect(await countsBelow(stage.world, `${OUT}/keeps`)).toMatchObject({ lost: 0, doubled: 0 });
  });

  test('it fails, and checkpoints outlive a cancel: cancelled, and gone on from the newest of them', async () => {
    const before = await last('keeps');
    await checkpointed(before.jobId);
    store.become('refusing');
    await restart('keeps');
    const next = await nextAttempt(stage, CLUSTER, 'keeps', before);
    store.become('well');
    const path = (await newest(before.jobId))?.path;
    expect(next).toMatchObject({ n: before.n + 1, source: { kind: 'checkpoint', attempt: before.n, path } });
    expect(await restoredFrom(stage, next.jobId)).toBe(path);
    expect(await savepointsOf(stage.world, before.jobId)).toEqual([]);
    expect(stopsAtFlink(stage.world, before.jobId)).toBe(1);
    await checkpointed(next.jobId);
    expect(await countsBelow(stage.world, `${OUT}/keeps`)).toMatchObject({ lost: 0, doubled: 0 });
  });

  test('it fails, and a cancel would lose all: the job runs on, which is told once; ordered again it goes on from its savepoint', async () => {
    const before = await last('deletes');
    await checkpointed(before.jobId);
    const told = async () => (await alerts.told()).filter(({ code }) => code === 'SAVEPOINT_FAILED');
    store.become('refusing');
    await restart('deletes');
    const failed = { code: 'SAVEPOINT_FAILED', state: 'open', cluster: CLUSTER, job: 'deletes' };
    await waitFor('the message', RUNNING_MAX_MS, async () => {
      await lookNow(stage.world, CLUSTER);
      return (await told()).some(({ job }) => job === 'deletes');
    });
    expect((await told()).filter(({ job }) => job === 'deletes')).toEqual([failed]);
    expect((await running(stage, 'deletes')).jobId).toBe(before.jobId);
    expect(await last('deletes')).toMatchObject({ n: before.n });
    expect(stopsAtFlink(stage.world, before.jobId)).toBe(1);
    store.become('well');
    await restart('deletes');
    const next = await nextAttempt(stage, CLUSTER, 'deletes', before);
    const [savepoint, ...others] = await savepointsOf(stage.world, before.jobId);
    expect(others).toEqual([]);
    expect(next.source?.path).toBe(savepoint);
    await checkpointed(next.jobId);
    expect(await countsBelow(stage.world, `${OUT}/deletes`)).toMatchObject({ lost: 0, doubled: 0 });
  });
});
