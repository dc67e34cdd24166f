import assert from 'node:assert/strict';
import { type Case, expectFault, waitFor } from '../case.ts';
import { cancel, type FlinkTarget, jars, listed, sample, soon, withJar } from './target.ts';

/** What every Flink says of the health of a job, also one that stands in for it. */
export const healthCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'a job that runs was never restarted and threw nothing; of one that is unknown there is no figure',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('well');
        await flink.run({ url }, jarId, sample(jobId), soon());
        await listed(target, jobId, ({ tasksRunning, tasksTotal }) => tasksRunning > 0 && tasksRunning === tasksTotal);
        assert.equal(await counted(target, jobId), 0);
        assert.equal(await flink.lastException({ url }, jobId, soon()), undefined);
        const unknown = target.jobId('never run');
        assert.equal(await flink.restarts({ url }, unknown, soon()), undefined);
        await expectFault(flink.lastException({ url }, unknown, soon()), 'rejected', 'JOB_UNKNOWN');
        await cancel(target, jobId);
      }),
  },
];

/** What only Flink does by itself. */
export const illnessCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'each restart by Flink is counted, and what the job threw last is told by its root cause',
    run: (target) =>
      withJar(target, jars.sample, async (jarId) => {
        const { flink, url } = target;
        const jobId = target.jobId('restarts');
        const flinkConfiguration = {
          'restart-strategy.type': 'fixed-delay',
          'restart-strategy.fixed-delay.attempts': '1000000',
          'restart-strategy.fixed-delay.delay': '1 s',
        };
        await flink.run({ url }, jarId, { ...sample(jobId, ['--fail-after', '5']), flinkConfiguration }, soon());
        const exception = () => flink.lastException({ url }, jobId, soon());
        const seen = await waitFor('an exception', exception, (each) => each !== undefined);
        assert.equal(seen?.cause, 'java.lang.IllegalStateException: record 6 fails, as --fail-after 5 asks');
        assert(seen.atMs > 1_000_000_000_000 && seen.byCheckpoints === undefined, JSON.stringify(seen));
        const restarts = () => flink.restarts({ url }, jobId, soon());
        await waitFor('a restart that is counted', restarts, (count = 0) => count > 0);
        await cancel(target, jobId);
      }),
  },
];

/** A JobManager collects metrics when it is asked for them: the first answers may be empty. */
const counted = ({ flink, url }: FlinkTarget, jobId: string): Promise<number | undefined> =>
  waitFor(
    'the number of restarts',
    () => flink.restarts({ url }, jobId, soon()),
    (count) => count !== undefined,
  );
