import assert from 'node:assert/strict';
import { type Case, expectFault, waitFor } from '../case.ts';
import { cancel, type FlinkTarget, jars, listed, sample, soon, upload } from './target.ts';

/** A JobManager that can be killed: `restart` gives the process that comes after it, without HA and maybe not ready yet. */
export type RestartTarget = FlinkTarget & { readonly restart: () => Promise<FlinkTarget> };

/** What is left of a JobManager in the one after it. */
export const restartCases: readonly Case<RestartTarget>[] = [
  {
    name: 'a JobManager that restarts is another process, without the jobs and jars of the one before, and takes their ids (F123)',
    run: async (target) => {
      const { flink, url } = target;
      const before = await flink.identity({ url }, soon());
      const jarId = await upload(target, jars.sample);
      const jobId = target.jobId('restart');
      await flink.run({ url }, jarId, sample(jobId), soon());
      await listed(target, jobId);

      const next = await target.restart();
      const at = { url: next.url };
      const answer = () => next.flink.jobs(at, soon()).catch(() => undefined);
      assert.deepEqual(await waitFor('the next process', answer, (jobs) => jobs !== undefined), []);
      assert.notEqual((await next.flink.identity(at, soon())).process, before.process);
      assert.equal(await next.flink.jobState(at, jobId, soon()), 'absent');
      await expectFault(next.flink.run(at, jarId, sample(jobId), soon()), 'rejected', 'JAR_GONE');

      const again = await upload(next, jars.sample);
      await next.flink.run(at, again, sample(jobId), soon());
      await listed(next, jobId);
      await cancel(next, jobId);
      await next.flink.deleteJar(at, again, soon());
    },
  },
];
