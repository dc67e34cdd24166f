import assert from 'node:assert/strict';
import { type Case, expectFault } from '../case.ts';
import { cancel, type FlinkTarget, jars, listed, mainCase, sample, soon, withJar } from './target.ts';

/** What may become of a jar and its main(): held by the simulation, too. */
export const mainCases: readonly Case<FlinkTarget>[] = [
  {
    name: 'what is not a jar is taken by the upload and refused by the run',
    run: (target) =>
      withJar(target, jars.garbage, async (jarId) => {
        const run = target.flink.run({ url: target.url }, jarId, sample(target.jobId('garbage')), soon());
        await expectFault(run, 'rejected', 'NOT_A_JAR');
      }),
  },
  {
    name: 'a main() that throws after execute() has started its job all the same',
    run: (target) =>
      withJar(target, jars.cases, async (jarId) => {
        const jobId = target.jobId('throw after');
        const run = target.flink.run({ url: target.url }, jarId, mainCase(jobId, 'throw-after-execute'), soon());
        await expectFault(run, 'rejected', 'MAIN_THREW');
        await listed(target, jobId);
        await cancel(target, jobId);
      }),
  },
];

/** What keeps a run from being a running job, as Flink tells it. */
export const refusedCases: readonly Case<FlinkTarget>[] = [
  ...mainCases,
  {
    name: 'a jar that is not on this JobManager is gone (F118)',
    run: async ({ flink, url, jobId }) => {
      const jarId = '00000000-0000-0000-0000-000000000000_absent.jar';
      const fault = await expectFault(
        flink.run({ url }, jarId, sample(jobId('no jar')), soon()),
        'rejected',
        'JAR_GONE',
      );
      assert.match(fault.message, /^Jar file .* does not exist$/);
      await flink.deleteJar({ url }, jarId, soon());
    },
  },
  {
    name: 'a main class that is missing, unnamed or cannot be linked is missing (F38)',
    run: (target) =>
      withJar(target, jars.cases, async (jarId) => {
        const run = (request: Parameters<FlinkTarget['flink']['run']>[2]) =>
          expectFault(target.flink.run({ url: target.url }, jarId, request, soon()), 'rejected', 'CLASS_MISSING');
        const named = mainCase(target.jobId('class'), 'link-error');
        await run({ ...named, mainClass: 'com.acme.Absent' });
        const { mainClass: _, ...unnamed } = named;
        await run(unnamed);
        assert.match((await run(named)).message, /com\/acme\/Missing/);
      }),
  },
  {
    name: 'what main() throws is told by its root cause, without the arguments',
    run: (target) =>
      withJar(target, jars.cases, async (jarId) => {
        const request = mainCase(target.jobId('throw'), 'throw', 'jdbc:db?password=geheim');
        const fault = await expectFault(
          target.flink.run({ url: target.url }, jarId, request, soon()),
          'rejected',
          'MAIN_THREW',
        );
        assert.equal(fault.message, 'java.net.ConnectException: refused for <argument 2>');
        assert(!JSON.stringify([fault, fault.context, fault.cause]).includes('geheim'));
        const timeout = { ...request, args: ['timeout'] };
        await expectFault(target.flink.run({ url: target.url }, jarId, timeout, soon()), 'rejected', 'MAIN_THREW');
      }),
  },
  {
    name: 'a main() without execute() runs no job',
    run: (target) =>
      withJar(target, jars.cases, async (jarId) => {
        const run = target.flink.run({ url: target.url }, jarId, mainCase(target.jobId('none'), 'no-execute'), soon());
        await expectFault(run, 'rejected', 'NO_JOB');
      }),
  },
  {
    name: 'of two execute() under one id one job runs (F103)',
    run: (target) =>
      withJar(target, jars.cases, async (jarId) => {
        const jobId = target.jobId('twice');
        const run = target.flink.run({ url: target.url }, jarId, mainCase(jobId, 'execute-twice'), soon());
        // From 2.0 on the second execute() is refused under the id of the first, whose job runs all the same.
        if (target.version.startsWith('1.')) await run;
        else await expectFault(run, 'rejected', 'DUPLICATE_JOB');
        assert.equal((await listed(target, jobId)).name, 'first-of-two');
        const jobs = await target.flink.jobs({ url: target.url }, soon());
        assert(jobs.every(({ name }) => name !== 'second-of-two'));
        await cancel(target, jobId);
      }),
  },
  {
    name: 'a request that Flink does not understand is refused',
    run: (target) =>
      withJar(target, jars.cases, async (jarId) => {
        const run = target.flink.run({ url: target.url }, jarId, mainCase('no-hex', 'no-execute'), soon());
        await expectFault(run, 'rejected', 'RUN_REFUSED');
      }),
  },
];
