import type { FlinkRest } from '../../../lib/ports.ts';
import { aCluster, draining, jm, stopped } from '../../support/builders.ts';
import { createJobManager, setState } from '../../unit/pass/fake-jobmanager.ts';
import { createWorld, jobManagerAt, portsOf } from '../../unit/pass/fake-ports.ts';
import type { DrainTarget } from '../suites/ecs.ts';
import type { RestartTarget } from '../suites/flink/restart.ts';
import { jobIds } from '../suites/flink/target.ts';
import { mainMs, untilDeadline } from './sample.ts';

/** The fake that the tests of a pass use: a JobManager that is ready at once. */
export const targetOfAPass = (): RestartTarget & DrainTarget => {
  const world = createWorld();
  const { flink, ecs } = portsOf(world);
  const run: FlinkRest['run'] = async (at, jarId, request, deadlineMs) => {
    const jobManager = jobManagerAt(world, at.url);
    const sleep = () => new Promise<void>((done) => setTimeout(done, mainMs(request)));
    jobManager.mains.set(request.mainClass ?? '', sleep);
    await untilDeadline(flink.run(at, jarId, request, deadlineMs), deadlineMs);
    if (request.args.includes('--count')) setState(jobManager, request.jobId, 'FINISHED');
    if (request.args.includes('--fail-after')) setState(jobManager, request.jobId, 'FAILED');
  };
  const target = {
    flink: { ...flink, run },
    url: `http://${jm().address}:8081`,
    version: '1.20.5',
    jobName: 'com.realtime.pipeline.FlinkCDC3App',
    stateDir: 's3://state',
    putState: async (path: string, bytes: Uint8Array) => world.snapshots.put(path, bytes),
    ask: async () => undefined,
    jobId: jobIds('fake'),
    close: () => {},
  };
  const restart = async () => {
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    return target;
  };
  const drain = async () => {
    world.tasks = [draining(jm())];
    const end = async () => {
      world.tasks = [stopped(jm())];
    };
    return { taskArn: jm().taskArn, end };
  };
  return { ...target, restart, ecs, cluster: aCluster(), drain };
};
