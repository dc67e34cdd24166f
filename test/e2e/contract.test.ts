import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkAgainstRecompiled } from '../../examples/realtime-data-pipeline/build.ts';
import { REGION } from '../../local/aws.ts';
import { CLUSTER } from '../../local/deploy/deployments.ts';
import { DEFAULT_FLINK, installFlink } from '../../local/install/flink.ts';
import { liveContract } from '../contract/live.ts';
import { expectFault, faultOf } from '../contract/suites/case.ts';
import { cancel, flinkTarget, jars, listed, sample, soon, withJar } from '../contract/suites/flink/target.ts';
import { startDynamoEngine } from './support/dynamo-engine.ts';
import { killJobManager, readyAfter } from './support/jobs.ts';
import { jobManagers, openStage } from './support/stage.ts';

// Tests are known by their names before they run, and these names come from places that answer.
const stage = await openStage('contract');
stage.world.agent.startTasks();
await readyAfter(stage, 'none', 2);
const { endpoint, ecsEndpoint } = stage.world.client;
const newest = () => jobManagers(stage.world).at(-1);
const urlOf = (task: ReturnType<typeof newest>) => `http://${task?.address}:8081`;
const flinkUrl = urlOf(newest());
const engine = await startDynamoEngine(stage.world);
const contract = await liveContract({
  aws: { endpoint, region: REGION },
  dynamoEngine: { endpoint: engine.url, region: REGION },
  ecs: {
    place: { endpoint: ecsEndpoint, region: REGION },
    cluster: {
      name: 'contract',
      ecsCluster: CLUSTER,
      jobManagers: ['jobmanager'],
      taskManagers: ['taskmanager'],
      restPort: 8081,
      jobs: [],
    },
    drain: async () => {
      const taskArn = newest()?.taskArn ?? '';
      await stage.world.agent.kill({ taskArn }, 'SIGSTOP');
      await stage.world.agent.stopTask(taskArn, 'the contract');
      return { taskArn, end: () => stage.world.agent.kill({ taskArn }, 'SIGCONT') };
    },
  },
  restartFlink: async () => {
    await readyAfter(stage, await killJobManager(stage), 1);
    return urlOf(newest());
  },
  flinkVersion: stage.world.flink,
  state: join(stage.world.dir, 'contract-state'),
  flinkUrl,
});

afterAll(async () => {
  contract.close();
  await engine.stop();
  await stage.close();
});

describe('the sample job', () => {
  const target = flinkTarget(flinkUrl, {
    version: stage.world.flink,
    state: join(stage.world.dir, 'contract-state'),
  });
  afterAll(() => target.close());

  /** The sample job's run, with these arguments for its main(). */
  const run = (jobId: string, jarId: string, ...args: readonly string[]) =>
    target.flink.run({ url: flinkUrl }, jarId, sample(jobId, args), soon());

  test('throws from main() what it is told to, until its cause is over', () =>
    withJar(target, jars.sample, async (jarId) => {
      const file = join(stage.world.dir, 'database-is-back');
      const throws = ['--main-throws', 'no database', '--main-throws-until-file', file];
      const fault = await expectFault(run(target.jobId('throws'), jarId, ...throws), 'rejected', 'MAIN_THREW');
      expect(fault.message).toBe('java.lang.IllegalStateException: <argument 4>');
      const [past, future] = [String(Date.now() - 1), String(Date.now() + 600_000)];
      await expectFault(
        run(target.jobId('too early'), jarId, '--main-throws', 'not yet', '--main-throws-until', future),
        'rejected',
        'MAIN_THREW',
      );
      await run(target.jobId('late'), jarId, '--main-throws', 'not any more', '--main-throws-until', past);
      await cancel(target, target.jobId('late'));
      writeFileSync(file, '');
      await run(target.jobId('throws'), jarId, ...throws);
      await cancel(target, target.jobId('throws'));
    }));

  test('calls System.exit() where it is told to, which the example cluster survives', () =>
    withJar(target, jars.sample, async (jarId) => {
      const before = await target.flink.identity({ url: flinkUrl }, soon());
      const fault = await faultOf(run(target.jobId('exit'), jarId, '--main-exit', '3'));
      expect([fault.kind, fault.code]).toEqual(['rejected', 'MAIN_THREW']);
      expect(fault.message).toContain('exit');
      expect(await target.flink.identity({ url: flinkUrl }, soon())).toEqual(before);
    }));

  test('calls execute() twice where it is told to: one job runs', () =>
    withJar(target, jars.sample, async (jarId) => {
      const jobId = target.jobId('twice');
      const started = run(jobId, jarId, '--executes', '2', '--name', 'one-of-two');
      if (stage.world.flink.startsWith('1.')) await started;
      else await expectFault(started, 'rejected', 'DUPLICATE_JOB');
      expect((await listed(target, jobId)).name).toBe('one-of-two');
      const jobs = await target.flink.jobs({ url: flinkUrl }, soon());
      expect(jobs.map(({ name }) => name)).not.toContain('one-of-two-2');
      await cancel(target, jobId);
    }));

  test('is what its sources compile to, where there is a JDK', async () => {
    const { home } = await installFlink(DEFAULT_FLINK, () => {});
    const result = await checkAgainstRecompiled(join(home, 'lib'));
    console.log(`recompiled: ${typeof result === 'string' ? result : 'differs'}`);
    expect(result).toBeOneOf(['same', 'no JDK']);
  });
});

// Last, since it ends the JobManager.
describe('the contract of the adapters, on the real thing', () => {
  for (const { name, run } of contract.cases) test(name, run);
});
