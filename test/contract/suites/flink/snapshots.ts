import assert from 'node:assert/strict';
import type { SavepointStatus } from '../../../../lib/core/model.ts';
import { type Case, expectFault, waitFor } from '../case.ts';
import { cancel, type FlinkTarget, jars, listed, mainCase, sample, soon, withJar } from './target.ts';

/** The sample job with a checkpoint each tenth of a second, which are kept. */
export const withCheckpoints = (target: FlinkTarget, jobId: string) => ({
  ...sample(jobId),
  flinkConfiguration: {
    'execution.checkpointing.interval': '100 ms',
    'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
    'state.checkpoints.dir': `${target.stateDir}/checkpoints`,
    'execution.checkpointing.dir': `${target.stateDir}/checkpoints`,
  },
});

/** Asks for a savepoint and gives its path once it is complete. */
export const savepointOf = async (target: FlinkTarget, jobId: string, stop: boolean): Promise<string> => {
  const { flink, url, stateDir } = target;
  const triggerId = target.jobId(`trigger ${jobId} ${stop}`);
  await flink.savepoint({ url }, jobId, { triggerId, directory: `${stateDir}/savepoints`, stop }, soon());
  const status = await ended(target, jobId, triggerId);
  return status.state === 'completed' ? status.path : assert.fail(JSON.stringify(status));
};

const ended = ({ flink, url }: FlinkTarget, jobId: string, triggerId: string): Promise<SavepointStatus> => {
  const status = () => flink.savepointStatus({ url }, jobId, triggerId, soon());
  return waitFor('the savepoint', status, ({ state }) => state !== 'in-progress');
};

/** Runs the sample job with checkpoints until it runs. */
export const runWithCheckpoints = async (target: FlinkTarget, jarId: string, jobId: string): Promise<void> => {
  await target.flink.run({ url: target.url }, jarId, withCheckpoints(target, jobId), soon());
  await listed(target, jobId, ({ tasksRunning, tasksTotal }) => tasksRunning > 0 && tasksRunning === tasksTotal);
};

/** What every Flink does with savepoints, also one that stands in for it. */
export const savepointCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'snapshots of a job that Flink does not know are refused, and a savepoint of it fails',
    run: async (target) => {
      const { flink, url, stateDir } = target;
      const [jobId, triggerId] = [target.jobId('unknown'), target.jobId('unknown trigger')];
      await expectFault(flink.checkpoints({ url }, jobId, soon()), 'rejected', 'JOB_UNKNOWN');
      await expectFault(flink.checkpointConfig({ url }, jobId, soon()), 'rejected', 'JOB_UNKNOWN');
      assert.deepEqual(await flink.savepointStatus({ url }, jobId, triggerId, soon()), { state: 'unknown' });
      for (const stop of [false, true]) {
        const trigger = target.jobId(`unknown trigger ${stop}`);
        await flink.savepoint({ url }, jobId, { triggerId: trigger, directory: stateDir, stop }, soon());
        const status = await ended(target, jobId, trigger);
        assert.equal(status.state, 'failed');
        assert.match(status.state === 'failed' ? status.because : '', new RegExp(`Could not find Flink job.*${jobId}`));
      }
    },
  },
  {
    name: 'a savepoint is complete a little later; asked for again by the same trigger it is the same one',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url, stateDir } = target;
        const jobId = target.jobId('savepoint');
        await runWithCheckpoints(target, jarId, jobId);
        const path = await savepointOf(target, jobId, false);
        assert(path.startsWith(`${stateDir}/savepoints/savepoint-${jobId.slice(0, 6)}-`), path);
        assert.equal(await savepointOf(target, jobId, false), path);
        assert.equal((await listed(target, jobId)).state, 'RUNNING');
        const never = target.jobId('never asked for');
        assert.deepEqual(await flink.savepointStatus({ url }, jobId, never, soon()), { state: 'unknown' });
        await cancel(target, jobId);
      }),
  },
  {
    name: 'a savepoint can be disposed of while its job runs on, and once more when it is gone',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('dispose');
        await runWithCheckpoints(target, jarId, jobId);
        const path = await savepointOf(target, jobId, false);
        await flink.dispose({ url }, path, soon());
        await flink.dispose({ url }, path, soon());
        assert.equal((await listed(target, jobId)).state, 'RUNNING');
        await cancel(target, jobId);
      }),
  },
  {
    // checkpoint_type: SYNC_SAVEPOINT, and SAVEPOINT for the other; so says 1.20 and 2.3.
    name: 'a stop with a savepoint ends the job as FINISHED, and Flink tells that savepoint from one taken beside its work',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('stop');
        await runWithCheckpoints(target, jarId, jobId);
        const beside = await savepointOf(target, jobId, false);
        const path = await savepointOf(target, jobId, true);
        assert(path.startsWith(`${target.stateDir}/savepoints/savepoint-`), path);
        await listed(target, jobId, ({ state }) => state === 'FINISHED');
        const { snapshots } = await waitFor(
          'both savepoints',
          () => flink.checkpoints({ url }, jobId, soon()),
          (seen) => seen.snapshots[0]?.path === path,
        );
        const savepoints = snapshots.filter(({ kind }) => kind === 'savepoint');
        assert.deepEqual(
          savepoints.map((each) => [each.path, each.stopped]),
          [
            [path, true],
            [beside, undefined],
          ],
        );
      }),
  },
];

/** What only Flink knows of its checkpoints. */
export const checkpointCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a job with checkpoints names those that are left, the newest first, and how it takes them',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url, stateDir } = target;
        const jobId = target.jobId('checkpoints');
        await runWithCheckpoints(target, jarId, jobId);
        const config = await flink.checkpointConfig({ url }, jobId, soon());
        const expected = { intervalMs: 100, timeoutMs: 600_000, toleratedFailures: 0, retention: 'retain' };
        assert.deepEqual(config, { ...expected, inMemory: false, unaligned: false });
        await waitFor(
          'two checkpoints',
          () => flink.checkpoints({ url }, jobId, soon()),
          ({ completed }) => completed > 1,
        );
        await cancel(target, jobId);
        // Flink keeps its answer up to 3 s, in which what it names is discarded; after the end nothing is any more.
        const { snapshots } = await waitFor(
          'the last checkpoint',
          () => flink.checkpoints({ url }, jobId, soon()),
          (seen) => seen.snapshots.length > 0,
        );
        for (const { kind, path, id, atMs, sizeBytes = 0 } of snapshots) {
          assert.deepEqual([kind, path], ['checkpoint', `${stateDir}/checkpoints/${jobId}/chk-${id}`]);
          assert(atMs > 1_000_000_000_000 && sizeBytes > 0, `${atMs} ${sizeBytes}`);
        }
      }),
  },
  {
    name: 'a job without an interval takes none by itself, and a batch job has none at all',
    run: (target) =>
      withJar(target, jars.cases, async (jarId) => {
        const { flink, url } = target;
        const batch = { 'execution.runtime-mode': 'BATCH' };
        for (const [label, flinkConfiguration] of Object.entries({ streaming: {}, batch })) {
          const jobId = target.jobId(`no checkpoints, ${label}`);
          const request = { ...mainCase(jobId, 'throw-after-execute'), flinkConfiguration };
          await expectFault(flink.run({ url }, jarId, request, soon()), 'rejected', 'MAIN_THREW');
          await listed(target, jobId, ({ tasksRunning }) => tasksRunning > 0);
          assert.deepEqual(await flink.checkpoints({ url }, jobId, soon()), { completed: 0, snapshots: [] });
          assert.equal((await flink.checkpointConfig({ url }, jobId, soon())).intervalMs, undefined);
          await cancel(target, jobId);
        }
      }),
  },
  {
    name: "checkpoints in the JobManager's memory are told to be",
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('in memory');
        const flinkConfiguration = {
          'execution.checkpointing.interval': '100 ms',
          'state.checkpoint-storage': 'jobmanager',
          'execution.checkpointing.storage': 'jobmanager',
        };
        await flink.run({ url }, jarId, { ...sample(jobId), flinkConfiguration }, soon());
        await waitFor(
          'a checkpoint',
          () => flink.checkpoints({ url }, jobId, soon()),
          ({ completed }) => completed > 0,
        );
        assert.equal((await flink.checkpointConfig({ url }, jobId, soon())).inMemory, true);
        await cancel(target, jobId);
      }),
  },
];
