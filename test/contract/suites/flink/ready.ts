import assert from 'node:assert/strict';
import { type Case, expectFault } from '../case.ts';
import { cancel, type FlinkTarget, jars, listed, sample, soon, withJar } from './target.ts';

/** What only Flink's REST can show, on a JobManager that is ready and where submission is enabled. */
export const readyCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'the process of a JobManager is named by a UUID of its own',
    run: async ({ flink, url }) => {
      assert.match((await flink.identity({ url }, soon())).process, /^flink-web-[0-9a-f-]{36}$/);
    },
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
        const config = await target.ask(`/jobs/${jobId}/checkpoints/config`);
        assert.partialDeepStrictEqual(config, { interval: 7_000 });
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
