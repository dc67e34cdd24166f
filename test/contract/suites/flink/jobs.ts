import assert from 'node:assert/strict';
import { Fault } from '../../../../lib/core/errors.ts';
import { type Case, expectFault, waitFor } from '../case.ts';
import { cancel, type FlinkTarget, jars, listed, sample, soon, upload, withJar } from './target.ts';

/** What the life of jobs and jars rests on: held by Flink, and by every fake that stands in for it. */
export const jobCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a JobManager says which process it is, its version, and that it takes jobs',
    run: async ({ flink, url, version }) => {
      const identity = await flink.identity({ url }, soon());
      assert.match(identity.process, /^flink-web-/);
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
        assert.equal(jobs.find((job) => job.jobId === jobId)?.name, target.jobName);
        const all = await listed(target, jobId, ({ tasksRunning, tasksTotal }) => tasksRunning === tasksTotal);
        assert.equal(all.state, 'RUNNING');
        const byId = () => flink.jobState({ url }, jobId, soon());
        await waitFor('the answer by id, which is up to 3 s old', byId, (seen) => seen === 'RUNNING');
        await cancel(target, jobId);
      }),
  },
  {
    name: 'a job takes a slot, and gives it back at its end (F105)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('slot');
        const slots = () => flink.slots({ url }, soon());
        const free = async () => (await slots()).free;
        // The job of an earlier case may have its slot for a moment yet.
        const { free: before } = await waitFor('every slot', slots, (now) => now.free === now.total);
        await flink.run({ url }, jarId, sample(jobId), soon());
        await waitFor('a slot less', free, (now) => now === before - 1);
        await cancel(target, jobId);
        await waitFor('its slot', free, (now) => now === before);
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
    name: 'of four POSTs of one id at once one is accepted, and one job runs (F31)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const jobId = target.jobId('four');
        const runs = [1, 2, 3, 4].map(() => target.flink.run({ url: target.url }, jarId, sample(jobId), soon()));
        const refused = (await Promise.allSettled(runs)).filter(({ status }) => status === 'rejected');
        assert.deepEqual(
          refused.map((one) => 'reason' in one && one.reason instanceof Fault && one.reason.code),
          ['DUPLICATE_JOB', 'DUPLICATE_JOB', 'DUPLICATE_JOB'],
        );
        const jobs = await target.flink.jobs({ url: target.url }, soon());
        assert.equal(jobs.filter((job) => job.jobId === jobId).length, 1);
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
    name: 'a cancelled job is listed as CANCELED, without a running task, and can be cancelled again (F63)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('cancelled');
        await flink.run({ url }, jarId, sample(jobId), soon());
        await cancel(target, jobId);
        await flink.cancel({ url }, jobId, soon());
        const { state, tasksRunning } = await listed(target, jobId);
        assert.deepEqual([state, tasksRunning], ['CANCELED', 0]);
        const byId = () => flink.jobState({ url }, jobId, soon());
        await waitFor('the answer by id, which is up to 3 s old', byId, (seen) => seen === 'CANCELED');
      }),
  },
  {
    name: 'a job that comes to its end is listed as FINISHED, and its id is used up (F42, F62)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const jobId = target.jobId('finished');
        const run = () => target.flink.run({ url: target.url }, jarId, sample(jobId, ['--count', '1']), soon());
        await run();
        await listed(target, jobId, ({ state }) => state === 'FINISHED');
        await cancel(target, jobId);
        assert.equal((await listed(target, jobId)).state, 'FINISHED');
        await expectFault(run(), 'rejected', 'DUPLICATE_JOB');
      }),
  },
  {
    name: 'a job that fails for good is listed as FAILED, and its id is used up (F42, F64)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const flinkConfiguration = { 'restart-strategy.type': 'none' };
        const request = { ...sample(target.jobId('failed'), ['--fail-after', '1']), flinkConfiguration };
        const run = () => target.flink.run({ url: target.url }, jarId, request, soon());
        await run();
        await listed(target, request.jobId, ({ state }) => state === 'FAILED');
        await expectFault(run(), 'rejected', 'DUPLICATE_JOB');
      }),
  },
  {
    name: 'a job that Flink does not know is absent by its id, and cancelling it changes nothing',
    run: async ({ flink, url, jobId }) => {
      assert.equal(await flink.jobState({ url }, jobId('unknown'), soon()), 'absent');
      await flink.cancel({ url }, jobId('unknown'), soon());
      assert.equal(await flink.jobState({ url }, jobId('unknown'), soon()), 'absent');
    },
  },
  {
    name: 'each upload is another jar; one that was deleted is gone, for whoever deletes or runs it (F25, F118)',
    run: async (target) => {
      const { flink, url } = target;
      const [first, second] = [await upload(target, jars.sample), await upload(target, jars.sample)];
      assert.notEqual(first, second);
      await flink.deleteJar({ url }, first, soon());
      await flink.deleteJar({ url }, first, soon());
      const run = flink.run({ url }, first, sample(target.jobId('deleted jar')), soon());
      await expectFault(run, 'rejected', 'JAR_GONE');
      const third = await upload(target, jars.sample);
      assert.notEqual(third, second);
      for (const jarId of [second, third]) await flink.deleteJar({ url }, jarId, soon());
    },
  },
];
