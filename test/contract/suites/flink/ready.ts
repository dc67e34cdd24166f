import assert from 'node:assert/strict';
import { type Case, expectFault } from '../case.ts';
import { cancel, type FlinkTarget, jars, listed, sample, soon, withJar } from './target.ts';

/** What Flink's REST answers on a JobManager that is ready and where submission is enabled. */
export const readyCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a JobManager says which process it is, its version, and that it takes jobs',
    run: async ({ flink, url, version }) => {
      const identity = await flink.identity({ url }, soon());
      assert.match(identity.process, /^flink-web-[0-9a-f-]{36}$/);
      assert.equal(identity.version, version);
      assert.deepEqual([identity.submission, identity.ha], [true, 'none']);
      assert.deepEqual(await flink.identity({ url }, soon()), identity);
    },
  },
  {
    name: 'free slots are counted',
    run: async ({ flink, url }) => {
      const { free, total } = await flink.slots({ url }, soon());
      assert(free >= 1 && free <= total, `${free} of ${total}`);
    },
  },
  {
    name: 'a job that was run is listed at once and comes to run with all its tasks',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('accepted');
        assert.equal(await flink.jobState({ url }, jobId, soon()), 'absent');
        await flink.run({ url }, jarId, sample(jobId), soon());
        const jobs = await flink.jobs({ url }, soon());
        assert.equal(jobs.find((job) => job.jobId === jobId)?.name, 'realtime-data-pipeline');
        const all = await listed(target, jobId, ({ tasksRunning, tasksTotal }) => tasksRunning === tasksTotal);
        assert.equal(all.state, 'RUNNING');
        assert.equal(await flink.jobState({ url }, jobId, soon()), 'RUNNING');
        await cancel(target, jobId);
      }),
  },
  {
    name: 'an id is refused while its job lives and after it ended (F42)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const jobId = target.jobId('duplicate');
        const again = () => target.flink.run({ url: target.url }, jarId, sample(jobId), soon());
        await again();
        await expectFault(again(), 'rejected', 'DUPLICATE_JOB');
        const jobs = await target.flink.jobs({ url: target.url }, soon());
        assert.equal(jobs.filter((job) => job.jobId === jobId).length, 1);
        await cancel(target, jobId);
        await expectFault(again(), 'rejected', 'DUPLICATE_JOB');
      }),
  },
  {
    name: 'arguments and configuration arrive in the job (F119)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const jobId = target.jobId('arguments');
        const flinkConfiguration = { 'execution.checkpointing.interval': '7 s' };
        const request = { ...sample(jobId, ['--name', 'named "by" argument']), flinkConfiguration };
        await target.flink.run({ url: target.url }, jarId, request, soon());
        assert.equal((await listed(target, jobId)).name, 'named "by" argument');
        const config = await target.ask('GET', `/jobs/${jobId}/checkpoints/config`);
        assert.partialDeepStrictEqual(config, { interval: 7_000 });
        await cancel(target, jobId);
      }),
  },
  {
    name: 'our wait ends before main() does: unknown, and the job appears later (F121)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const jobId = target.jobId('slow');
        const run = target.flink.run(
          { url: target.url },
          jarId,
          sample(jobId, ['--main-sleep-ms', '2000']),
          Date.now() + 1_000,
        );
        await expectFault(run, 'unknown-outcome', 'RUN_UNANSWERED');
        assert.equal(await target.flink.jobState({ url: target.url }, jobId, soon()), 'absent');
        await listed(target, jobId);
        await cancel(target, jobId);
      }),
  },
  {
    name: 'only an id that Flink knows nothing of is absent; a path it does not understand proves nothing',
    run: async ({ flink, url, jobId }) => {
      assert.equal(await flink.jobState({ url }, jobId('absent'), soon()), 'absent');
      await expectFault(flink.jobState({ url }, 'no-hex', soon()), 'rejected', 'FLINK_REFUSED');
      await expectFault(
        flink.jobState({ url: `${url}/elsewhere` }, jobId('absent'), soon()),
        'rejected',
        'FLINK_REFUSED',
      );
    },
  },
];
