import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import { type Alerts, subscribe } from '../support/alerts.ts';
import { type Bus, openBus } from '../support/bus.ts';
import { killJobManager, running, sampleJob } from '../support/jobs.ts';
import { judgeEachTest } from '../support/judge.ts';
import { submissionsToFlink } from '../support/logs.ts';
import { quiet } from '../support/quiet.ts';
import { type RunProxy, startRunProxy } from '../support/run-proxy.ts';
import { nextScene, openStage, type Stage } from '../support/stage.ts';

const restPort = 18_081;
const CALL_MAX_MS = 90_000;

/** Long enough that the JobManager can be killed in the middle of it. */
const slowMain = { args: ['--main-sleep-ms', '8000'] };

const SILENT = 'never-answered';
const LOST = 'request-lost';
const ONCE = 'killed-once';
const TWICE = 'killed-twice';

describe('calls that go worse, on a real Flink', () => {
  let stage: Stage;
  let bus: Bus;
  let alerts: Alerts;
  let proxy: RunProxy;
  beforeAll(async () => {
    stage = await openStage('bad-calls', { name: SILENT, restPort, jobs: [sampleJob(SILENT)] });
    bus = await openBus(stage.world);
    alerts = await subscribe(stage.world);
    proxy = startRunProxy(stage.world, restPort);
  });
  afterAll(async () => {
    proxy?.close();
    alerts?.close();
    bus?.close();
    await stage?.close();
  });
  judgeEachTest(() => stage);

  const submissionsOf = (name: string) => submissionsToFlink(stage.world).filter((one) => one.name === name);

  /** Kills the JobManager while it runs main(). */
  const killInTheNextCall = async () => {
    const before = proxy.runs.length;
    await waitFor('a submission', CALL_MAX_MS, async () => proxy.runs.length > before);
    await killJobManager(stage);
  };

  test('the connection stays open and no answer ever comes: one job (F27)', async () => {
    proxy.next('never answered');
    stage.world.agent.startTasks();
    const { jobId } = await running(stage, SILENT);
    await quiet(stage, bus);
    expect(proxy.runs).toEqual([{ jobId, fate: 'never answered' }]);
    const [attempt, ...others] = await stage.memory.attempts(SILENT, SILENT);
    expect(attempt).toMatchObject({ n: 1, jobId, posts: [{ answer: 'unanswered' }] });
    expect(others).toEqual([]);
    expect(submissionsOf(SILENT)).toMatchObject([{ name: SILENT, jobId }]);
  });

  test('the request is lost on its way: the same id once more, one job (F28)', async () => {
    const before = proxy.runs.length;
    proxy.next('request lost');
    await nextScene(stage, { name: LOST, restPort, jobs: [sampleJob(LOST)] });
    const { jobId } = await running(stage, LOST);
    await quiet(stage, bus);
    expect(proxy.runs.slice(before)).toEqual([
      { jobId, fate: 'request lost' },
      { jobId, fate: 'answered' },
    ]);
    expect(await stage.memory.attempts(LOST, LOST)).toMatchObject([{ n: 1, jobId }]);
    expect(submissionsOf(LOST)).toMatchObject([{ name: LOST, jobId }]);
  });

  test('the JobManager is killed while main() runs: submitted to its successor under a new id (I1)', async () => {
    await nextScene(stage, { name: ONCE, restPort, jobs: [sampleJob(ONCE, slowMain)] });
    await killInTheNextCall();
    const { jobId } = await running(stage, ONCE);
    await quiet(stage, bus);
    const attempts = await stage.memory.attempts(ONCE, ONCE);
    expect(attempts.at(-1)?.jobId).toBe(jobId);
    expect(attempts[0]).toMatchObject({ n: 1, posts: [{ answer: 'broken', processEnded: true }] });
    expect(submissionsOf(ONCE)).toMatchObject([{ name: ONCE, jobId }]);
    expect(await alerts.told()).toEqual([]);
  });

  test('the JobManager ends under two submissions: the job is held, and that is told once (I4, I7)', async () => {
    await nextScene(stage, { name: TWICE, restPort, jobs: [sampleJob(TWICE, slowMain)] });
    await killInTheNextCall();
    await killInTheNextCall();
    const calls = proxy.runs.length;
    await waitFor('the alert', CALL_MAX_MS, async () => (await alerts.told()).length > 0);
    await quiet(stage, bus);
    const told = { code: 'SUBMISSION_KILLS_JOBMANAGER', state: 'open', cluster: TWICE, job: TWICE };
    expect(await alerts.told()).toEqual([told]);
    expect(proxy.runs).toHaveLength(calls);
    expect(submissionsOf(TWICE)).toEqual([]);
  });
});
