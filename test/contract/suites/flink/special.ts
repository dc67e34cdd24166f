import assert from 'node:assert/strict';
import { type Case, expectFault, waitFor } from '../case.ts';
import { cancel, type FlinkTarget, jars, mainCase, sample, soon, upload, withJar } from './target.ts';

/** On a JobManager with `web.submit.enable: false`. */
export const disabledCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'where submission is disabled, Flink says so and refuses upload and run',
    run: async (target) => {
      const { flink, url } = target;
      assert.equal((await flink.identity({ url }, soon())).submission, false);
      await expectFault(upload(target, jars.cases), 'rejected', 'SUBMISSION_DISABLED');
      const run = flink.run({ url }, 'any.jar', sample(target.jobId('disabled')), soon());
      await expectFault(run, 'rejected', 'SUBMISSION_DISABLED');
    },
  },
];

/** On a JobManager that forgets ended jobs soon (`jobstore.expiration-time`; an hour by default). */
export const forgetCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a job that ended long ago is in no list and absent by its id, which is used up all the same (F42, F124)',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('forgotten');
        await flink.run({ url }, jarId, sample(jobId), soon());
        await cancel(target, jobId);
        const ids = async () => (await flink.jobs({ url }, soon())).map((job) => job.jobId);
        await waitFor('Flink to forget it', ids, (seen) => !seen.includes(jobId));
        const byId = () => flink.jobState({ url }, jobId, soon());
        await waitFor('the answer by id, which is up to 3 s old', byId, (seen) => seen === 'absent');
        await expectFault(flink.run({ url }, jarId, sample(jobId), soon()), 'rejected', 'DUPLICATE_JOB');
      }),
  },
];

/** These end the JobManager. */
export const lastCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a main() that ends the JobManager leaves the run broken (F102)',
    run: async (target) => {
      const { flink, url } = target;
      const jarId = await upload(target, jars.cases);
      const run = flink.run({ url }, jarId, mainCase(target.jobId('exit'), 'exit'), soon());
      await expectFault(run, 'unknown-outcome', 'RUN_BROKEN');
    },
  },
];

/** On a JobManager whose port has just opened. */
export const bootCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a JobManager that boots is not ready for a moment, and says nothing that could be taken for an answer (F17)',
    run: async ({ flink, url }) => {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const answer = await flink.jobs({ url }, soon()).catch((fault) => fault);
        if (Array.isArray(answer)) return assert.deepEqual(answer, []);
        assert.equal(answer.kind, 'transient', answer.message);
        assert(Date.now() < deadline, answer.message);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  },
];
