import { Fault } from '../../../../lib/core/errors.ts';
import type { Cluster } from '../../../../lib/core/model.ts';
import type { FlinkRest, RunRequest } from '../../../../lib/ports.ts';
import { aCluster, draining, jm, stopped } from '../../../support/builders.ts';
import { createFakeFlink, type FakeTask } from '../../../support/fake-flink.ts';
import { createJobManager } from '../../../unit/pass/fake-jobmanager.ts';
import { createWorld, jobManagerAt, portsOf } from '../../../unit/pass/fake-ports.ts';
import { chance } from '../aws-live.ts';
import type { DrainTarget } from '../ecs.ts';
import type { RestartTarget } from './restart.ts';
import { jobIds } from './target.ts';

type FakeTarget = RestartTarget & DrainTarget;

/** The fake of the simulation, in real time: a JobManager that boots for `bootMs`. */
export const jobManagerService = (bootMs = 0): FakeTarget => {
  const mains = new Map<string, number>();
  const fake = createFakeFlink({
    nowMs: Date.now,
    at: (ms, run) => void setTimeout(run, ms - Date.now()),
    newJarId: () => chance.hex(4),
    residents: [],
    nameOf: () => NAME,
    stateOf: () => 'RUNNING',
    cancels: () => {},
    main: (jobId) => mains.get(jobId) ?? 20,
  });
  const boot = (task: FakeTask) => fake.boot(task, Date.now() + bootMs, Date.now() + bootMs);
  const task = fake.addTask();
  boot(task);
  const run: FlinkRest['run'] = (at, jarId, request, deadlineMs) => {
    mains.set(request.jobId, mainMs(request));
    if (request.args[0] === 'exit') setTimeout(() => fake.end(task), 10);
    return untilDeadline(fake.flink.run(at, jarId, request, deadlineMs), deadlineMs);
  };
  const target = targetOf({ ...fake.flink, run }, `http://${task.address}:8081`);
  const restart = async () => {
    fake.end(task);
    boot(task);
    return target;
  };
  return {
    ...target,
    restart,
    ecs: fake.ecs,
    cluster: fakeCluster,
    drain: async () => drain(task, () => fake.end(task)),
  };
};

/** The fake of the tests of a pass: a JobManager that is ready at once. */
export const jobManagerWorld = (): FakeTarget => {
  const world = createWorld();
  const { flink, ecs } = portsOf(world);
  const run: FlinkRest['run'] = (at, jarId, request, deadlineMs) => {
    const { mains } = jobManagerAt(world, at.url);
    mains.set(request.mainClass ?? '', () => new Promise((resolve) => setTimeout(resolve, mainMs(request))));
    return untilDeadline(flink.run(at, jarId, request, deadlineMs), deadlineMs);
  };
  const target = { ...targetOf({ ...flink, run }, `http://${jm().address}:8081`), jobName: MAIN_CLASS };
  return {
    ...target,
    restart: async () => {
      world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
      return target;
    },
    ecs,
    cluster: aCluster(),
    drain: async () => {
      world.tasks = [draining(jm())];
      const end = async () => {
        world.tasks = [stopped(jm())];
      };
      return { taskArn: jm().taskArn, end };
    },
  };
};

const NAME = 'realtime-data-pipeline';
const MAIN_CLASS = 'com.realtime.pipeline.FlinkCDC3App';

const fakeCluster: Cluster = aCluster([], { ecsCluster: 'flink' });

const targetOf = (flink: FlinkRest, url: string) => ({
  flink,
  url,
  version: '1.20.5',
  jobName: NAME,
  ask: async () => undefined,
  jobId: jobIds('fake'),
  close: () => {},
});

/** How long the sample job's `main()` is told to sleep. */
const mainMs = ({ args }: RunRequest): number =>
  args.includes('--main-sleep-ms') ? Number(args[args.indexOf('--main-sleep-ms') + 1]) : QUICK_MAIN_MS;
const QUICK_MAIN_MS = 20;

/** A caller leaves at its deadline, as the real adapter does; what it called goes on. */
const untilDeadline = (run: Promise<void>, deadlineMs: number): Promise<void> => {
  const left = new Promise<void>((_, reject) => {
    const leave = () => reject(new Fault('unknown-outcome', 'RUN_UNANSWERED', 'nobody waits any more'));
    setTimeout(leave, deadlineMs - Date.now()).unref();
  });
  return Promise.race([run, left]);
};

const drain = (task: FakeTask, end: () => void) => {
  task.desiredStatus = 'STOPPED';
  return {
    taskArn: task.taskArn,
    end: async () => {
      end();
      Object.assign(task, { lastStatus: 'STOPPED', stoppedMs: Date.now() });
    },
  };
};
